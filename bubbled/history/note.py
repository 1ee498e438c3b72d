"""Notes as they are remembered: the user's own, each with its call, and those that colleagues tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import E164, Extension


@dataclass(frozen=True, slots=True)
class Note:
    """What the user noted of a call.

    Attributes:
        text: all of it, in lines.
        at: when something was last added; aware, in UTC.
        about: the number that was on the line then; None when it was withheld or that of a colleague.
    """

    text: str
    at: datetime
    about: E164 | None = None


@dataclass(frozen=True, slots=True)
class ToldNote:
    """What a colleague noted of a call with a number, as he told it to the team.

    Of each colleague the last one on each number is kept.
    """

    number: E164
    teller: Extension
    text: str
    at: datetime
