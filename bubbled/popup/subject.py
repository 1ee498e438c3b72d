"""What a card is about. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import Call, Contact, LastContact


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A call with all that is known about who is on it.

    Attributes:
        ended_at: with zone; None while the call runs, or when nobody knows.
        missed: how many missed calls of this caller the card stands for.
    """

    call: Call
    contact: Contact | None = None
    last: LastContact | None = None
    ended_at: datetime | None = None
    missed: int = 1

    def now_as(self, call: Call) -> Subject:
        """Follow the call through a change; who was known is forgotten when somebody else is on the line."""
        if caller(call) == caller(self.call):
            return replace(self, call=call)
        return Subject(call=call, ended_at=self.ended_at)


def caller(call: Call) -> str:
    """Tell callers apart: the same text means the same number. Those who hide theirs count as one."""
    return call.e164 or call.number or ""
