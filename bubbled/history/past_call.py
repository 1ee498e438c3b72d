"""Calls as they are remembered, and what each change adds. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bubbled.model import ME, Call, CallChange, ChangeKind, Contact
from bubbled.wire import call_json, contact_json

if TYPE_CHECKING:
    from bubbled.history.note import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call as it is remembered; it may still be running. All moments are aware, in UTC.

    Attributes:
        started_at: when the first change of it came.
        answered_at: when the two parties talked; None when they did not, or when nobody saw it.
        ended_at: None while it runs. Of a call that bubbled did not see end (`call.outcome` is None): the
            moment at which bubbled noticed.
        contact: who the directories said it was, at that time.
        popup: "shown", or why there was none.
        note: what the user noted; None when nothing.
    """

    call: Call
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    contact: Contact | None = None
    popup: str | None = None
    note: Note | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the object of `calls --json`: the `call` of the replay contract, and what was remembered."""
        return call_json(self.call) | {
            "contact": None if self.contact is None else contact_json(self.contact),
            "started_at": self.started_at.isoformat(),
            "answered_at": _iso(self.answered_at),
            "ended_at": _iso(self.ended_at),
            "popup": self.popup,
            "note": None if self.note is None else self.note.text,
        }


def seen(change: CallChange, at: datetime) -> PastCall:
    """Say what one change tells by itself."""
    moment = at.astimezone(UTC)
    return PastCall(
        call=change.call,
        started_at=moment,
        answered_at=moment if change.kind is ChangeKind.ANSWERED else None,
        ended_at=moment if change.kind is ChangeKind.ENDED else None,
    )


def keepable(contact: Contact) -> Contact:
    """What may be remembered of a contact: of one whose source forbids to keep it, only how to ask again."""
    if not contact.transient:
        return contact
    return Contact(directory=contact.directory, id=contact.id, transient=True)


def continued(earlier: PastCall, later: PastCall) -> PastCall:
    """Add what is known later to what was known. Adding the same twice changes nothing.

    An outcome is final. An end without one was only presumed, so a sign of life takes it back.
    """
    over = earlier.call.outcome is not None
    call = earlier.call if over else _with_outside_party(earlier.call, later.call)
    return PastCall(
        call=call,
        started_at=min(earlier.started_at, later.started_at),
        answered_at=earlier.answered_at or later.answered_at,
        ended_at=earlier.ended_at if over else later.ended_at,
        contact=later.contact or (earlier.contact if same_party(earlier.call, call) else None),
        popup=later.popup or earlier.popup,
        note=later.note or earlier.note,
    )


def same_party(one: Call, other: Call) -> bool:
    """Whether the owner talks to the same number; after a transfer he does not, and a contact is history."""
    return (one.e164 or one.number) == (other.e164 or other.number)


def is_inside(call: Call) -> bool:
    """Whether a call is none of the user's business: one colleague talks with another."""
    return call.owner != ME and call.internal


def _with_outside_party(earlier: Call, later: Call) -> Call:
    """A call of a colleague that goes on inside stays on record as the call with the party outside."""
    if is_inside(earlier) or not is_inside(later):
        return later
    return replace(earlier, state=later.state, transferred_to=later.transferred_to, outcome=later.outcome)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
