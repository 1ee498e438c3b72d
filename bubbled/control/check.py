"""What `bubbled doctor` finds, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject


class Verdict(StrEnum):
    """How a check went. A word that only a newer daemon knows counts as a warning."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"

    @classmethod
    def _missing_(cls, _value: object) -> Verdict:
        return cls.WARNING


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: what was looked at, in a word or three.
        text: what was found.
        advice: what to do about it, in a full sentence; None when nothing needs to be done.
    """

    name: str
    verdict: Verdict
    text: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Stanza:
    """What the administrator of the PBX adds there.

    Attributes:
        place: the file or folder on the PBX.
        text: in the language of its files.
    """

    place: str
    text: str


def check_json(check: Check) -> JsonObject:
    """Give one element of `GET /v1/doctor`."""
    return {"name": check.name, "verdict": check.verdict.value, "text": check.text, "advice": check.advice}


def check_from_json(check: JsonObject) -> Check:
    """Read what `check_json` gave.

    Raises:
        KeyError, TypeError: it lacks what every version tells.
    """
    return Check(check["name"], Verdict(check["verdict"]), check["text"], check.get("advice"))
