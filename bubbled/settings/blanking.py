"""The text of the settings without its secrets, for whoever repairs it in a page. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from bubbled.error import ConfigError
from bubbled.settings.mistake import Mistake
from bubbled.settings.piece import pieces_of
from bubbled.settings.privacy import Fate

_PLACEHOLDER: Final = re.compile("«secret-([0-9]{1,6})»")


@dataclass(frozen=True, slots=True)
class Secret:
    """What a placeholder stands for; `is_sure`: the schema says that it is a secret."""

    text: str = field(repr=False)
    is_sure: bool


Secrets = dict[int, Secret]
"""What was taken out of a text, by the number of its placeholder."""


class MisplacedError(ConfigError):
    """A placeholder stands where no secret can: one that nobody gave out, or in the open."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


def blanked(text: str) -> tuple[str, Secrets]:
    """The text with `«secret-1»` and so on in the place of secrets, line by line, and what they stand for."""
    taken = max((int(number) for number in _PLACEHOLDER.findall(text)), default=0)
    secrets: Secrets = {}
    blank = []
    for piece in pieces_of(text):
        if piece.fate.is_shown:
            blank.append(piece.text)
        else:
            number = taken + len(secrets) + 1
            secrets[number] = Secret(piece.text, piece.fate is not Fate.UNKNOWN)
            blank.append(f"«secret-{number}»")
    return "".join(blank), secrets


def restored(text: str, secrets: Secrets) -> str:
    """Put the secrets back where their placeholders stand, in whatever order.

    Raises:
        MisplacedError: a placeholder is not known, or stands where its secret could be read.
    """
    line = 1
    for piece in pieces_of(text):
        for found in _PLACEHOLDER.finditer(piece.text):
            at = line + piece.text.count("\n", 0, found.start())
            secret = secrets.get(int(found[1]))
            if secret is None:
                words = f"{found[0]} stands for nothing; write the secret itself, or where it is kept"
                raise MisplacedError(Mistake("", at, words))
            if secret.is_sure and piece.fate.is_shown:
                raise MisplacedError(
                    Mistake("", at, f"{found[0]} would be there for all to read; take it out")
                )
        line += piece.text.count("\n")
    return _PLACEHOLDER.sub(lambda found: secrets[int(found[1])].text, text)
