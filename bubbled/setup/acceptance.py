"""What an answer means, and what is wrong with it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from bubbled.error import ConfigError
from bubbled.settings.diagnosis import find_mistakes
from bubbled.settings.directory import DirectoryKind
from bubbled.setup.answer import DEVICES, HOST, KIND, OTHER, PORT, REGION, TRUST, YES, Answers
from bubbled.setup.contacts import kind_of
from bubbled.setup.question import Kind

if TYPE_CHECKING:
    from bubbled.setup.known import Known
    from bubbled.setup.question import Choice, Question

_PORT: Final = re.compile(r"(?P<host>[^:\s]+|\[[^\]\s]+\]):(?P<port>[0-9]{1,5})")


class WrongAnswerError(ConfigError):
    """The answer cannot be meant so; the text says what is expected."""


def accept(question: Question, text: str, answers: Answers, known: Known) -> dict[str, str]:
    """Give what an answer says; that may be more than was asked for: a port behind the host.

    Args:
        question: what was asked.
        text: as the user typed it.
        answers: those before it.
        known: for the names of countries, and the folder of paths.

    Raises:
        WrongAnswerError: it cannot be meant.
    """
    said = text if question.kind is Kind.SECRET else text.strip()
    if not said:
        if question.default is None:
            raise WrongAnswerError("An answer is needed here.")
        said = question.default
    given = _meant(question, said, known)
    if said:
        _check(given, answers)
    return given


def _meant(question: Question, said: str, known: Known) -> dict[str, str]:
    match question:
        case _ if question.key == TRUST and _is_fingerprint(said, known):
            said = YES
        case _ if question.key == DEVICES:
            said = ", ".join(_device(word.strip(), question) for word in said.split(","))
        case _ if question.key == REGION:
            said = _country(said, known.countries)
        case _ if question.key == HOST and (parts := _PORT.fullmatch(said)):
            return {HOST: parts["host"].strip("[]"), PORT: parts["port"]}
        case _ if question.kind is Kind.CHOICE:
            said = _chosen(question, said)
        case _ if question.kind is Kind.PATH and said:
            said = _path(said, known.folder)
        case _:
            pass
    return {question.key: said}


def _chosen(question: Question, said: str) -> str:
    """The word of the choice, which may be meant by its number or its beginning."""
    words = [choice.word for choice in question.choices]
    if said.isascii() and said.isdecimal() and 1 <= int(said[:4]) <= len(words):
        return words[int(said[:4]) - 1]
    fitting = [word for word in words if word == said] or [
        word for word in words if word.startswith(said.lower())
    ]
    if question.key == KIND and said in list(DirectoryKind):
        return said
    if len(fitting) != 1:
        raise WrongAnswerError(f"Answer with a number from 1 to {len(words)}, or one of: {', '.join(words)}.")
    return fitting[0]


def _is_fingerprint(said: str, known: Known) -> bool:
    """Whether it is that of the certificate which the PBX shows."""
    certificate = known.reach.certificate if known.reach else None
    return certificate is not None and said.upper().replace(":", "") == certificate.fingerprint.replace(
        ":", ""
    )


def _device(said: str, question: Question) -> str:
    words = [choice.word for choice in question.choices]
    is_number = said.isascii() and said.isdecimal()
    return words[int(said[:4]) - 1] if is_number and 1 <= int(said[:4]) <= len(words) else said


def _country(said: str, countries: tuple[Choice, ...]) -> str:
    by_name = {choice.text.casefold(): choice.word for choice in countries}
    return by_name.get(said.casefold(), said.upper() if len(said) == 2 else said)  # noqa: PLR2004 - ISO 3166 alpha-2


def _path(said: str, folder: str) -> str:
    """A path as file managers and shells hand it over: an address, or in quotes."""
    if said.startswith("file://"):
        said = unquote(urlsplit(said).path)
    elif len(said) > 1 and said[0] == said[-1] and said[0] in "'\"":
        said = said[1:-1]
    return said if said.startswith(("/", "~")) else posixpath.normpath(posixpath.join(folder, said))


def _check(given: Answers, answers: Answers) -> None:
    """Hold an answer against what the settings take."""
    for key, value in given.items():
        if key.startswith("try.") or key == KIND or value == OTHER:
            continue
        section, _, name = key.partition(".")
        fitting = [
            mistake.text
            for mistake in find_mistakes(_around(section, name, value, answers), "")
            if _is_about(mistake.key, section, name)
        ]
        if fitting:
            raise WrongAnswerError(f"That {fitting[0]}.")


def _around(section: str, name: str, value: str, answers: Answers) -> dict[str, Any]:
    table: Any = int(value) if name == "port" else value.split(", ") if name == "devices" else value
    for step in reversed(name.split(".")):
        table = {step: table}
    if section == "directory":
        return {section: [{"kind": kind_of(answers), **table}]}
    return {section: table}


def _is_about(key: str, section: str, name: str) -> bool:
    place = f"{section}[1].{name}" if section == "directory" else f"{section}.{name}"
    return key == place or key.startswith((f"{place}[", f"{place}."))
