"""What is wrong with a settings file, in words for the user who wrote it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.error import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.settings.position import KeyPath

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend.

    Attributes:
        key: the dotted key, lists counted from 1: `directory[2].path`; empty when the whole file is meant.
        line: counted from 1; None when no line is to blame.
        text: what is wrong and what would be right, as the rest of a sentence; never holds a secret.
    """

    key: str
    line: int | None
    text: str

    def __str__(self) -> str:
        place = "" if self.line is None else f"line {self.line}: "
        return f"{place}{self.key} {self.text}" if self.key else f"{place}{self.text}"


TOO_DEEP: Final = Mistake("", None, "brackets are nested too deeply to be settings")


class InvalidSettings(ConfigError):  # noqa: N818 - a ConfigError by its base; the name says which
    """A settings file cannot be used; `mistakes` are all that is wrong with it, by line."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        self.path = path
        self.mistakes = mistakes
        shown = [str(mistake) for mistake in mistakes[:_SHOWN]]
        if len(mistakes) > _SHOWN:
            shown.append(f"and {len(mistakes) - _SHOWN} mistakes more")
        super().__init__(f"{path}: {'; '.join(shown)}")


def dotted(path: KeyPath) -> str:
    """`path` as the user would write it; odd characters are escaped as in TOML."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{_quoted(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)
