"""A call as it is to stand in a CRM, and which calls are to stand there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bubbled.model import ME, Direction, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import Call, CallId, Contact


class Result(StrEnum):
    """What came of a call, as CRM packages tell calls apart."""

    ANSWERED = "answered"
    MISSED = "missed"
    """Somebody called, and the user did not take the call."""
    NO_ANSWER = "no_answer"
    """The user called, and nobody took the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """What of a call is written.

    Attributes:
        mark: a UUID that nothing else in the CRM has; by it the record is known again.
        directory: the name of the directory whose contact it was.
        account: in which CRM that record is, and as whose; see `CallWriter.account`.
        contact_id: of the contact's record there.
        kind: what sort of record that is, in the word of the preset; None where there is only one sort.
        contact_name: for texts.
        started_at: with zone.
        duration_s: how long they talked; 0 when they did not.
        number: of the other party.
        colleague: whose call it was, by name or extension.
        handed_to: to whom it was transferred, by name or extension.
        note: what the user wrote, several lines perhaps.
    """

    mark: str
    call_id: CallId
    directory: str
    account: str
    contact_id: str
    kind: str | None
    contact_name: str
    direction: Direction
    result: Result
    started_at: datetime
    duration_s: int
    number: str
    colleague: str
    handed_to: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A call as far as it has gone, with what is known of the other party.

    Attributes:
        started_at, answered_at, ended_at: aware.
        contact: who it is; `about` is the number that was asked about.
        is_chosen: whether the user said that it is this contact.
    """

    call: Call
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    contact: Contact | None = None
    about: str | None = None
    is_chosen: bool = False
    note: str = ""

    @property
    def number(self) -> str | None:
        """Of the other party now."""
        return self.call.e164 or self.call.number

    @property
    def who(self) -> Contact | None:
        """The contact, unless it was of somebody who is no longer on the line."""
        return self.contact if self.about == self.number else None


_RESULTS: Final = {
    (Outcome.ANSWERED, Direction.INBOUND): Result.ANSWERED,
    (Outcome.ANSWERED, Direction.OUTBOUND): Result.ANSWERED,
    (Outcome.TRANSFERRED, Direction.INBOUND): Result.ANSWERED,
    (Outcome.TRANSFERRED, Direction.OUTBOUND): Result.ANSWERED,
    (Outcome.PARKED, Direction.INBOUND): Result.ANSWERED,
    (Outcome.PARKED, Direction.OUTBOUND): Result.ANSWERED,
    (Outcome.MISSED, Direction.INBOUND): Result.MISSED,
    (Outcome.REJECTED, Direction.INBOUND): Result.MISSED,
    (Outcome.BUSY, Direction.INBOUND): Result.MISSED,
    (Outcome.NO_ANSWER, Direction.INBOUND): Result.MISSED,
    (Outcome.NO_ANSWER, Direction.OUTBOUND): Result.NO_ANSWER,
    (Outcome.BUSY, Direction.OUTBOUND): Result.NO_ANSWER,
    (Outcome.REJECTED, Direction.OUTBOUND): Result.NO_ANSWER,
}
"""The outcomes that are written. What a colleague took is written by the colleague's own bubbled, and of a
call that rang nowhere at the other end there is nothing to tell."""


def result_of(call: Call) -> Result | None:
    """What came of a call; None when that is nothing to write down."""
    return None if call.outcome is None else _RESULTS.get((call.outcome, call.direction))


def obstacle(conversation: Conversation) -> str | None:
    """Why a call will not be written, as the end of a sentence; None: nothing about the call is in the way.

    Which directories write calls, and whether it has ended, is for the caller to see.
    """
    call, contact = conversation.call, conversation.who
    if call.owner != ME or call.internal:
        return "it is a call among colleagues"
    if call.outcome is not None and result_of(call) is None:
        return "nobody here talked or was missed in it"
    if conversation.number is None:
        return "its number is withheld"
    if contact is None or contact.id is None or contact.transient:
        return "nobody with a record of their own is known for its number"
    if contact.probable and not conversation.is_chosen:
        return "it is only a guess who it was; `bubbled choose` tells"
    return None


def record_of(  # noqa: PLR0913 - each is named where it is given
    conversation: Conversation,
    *,
    mark: str,
    account: str,
    kind: str | None,
    colleague: str,
    handed_to: str | None,
) -> CallRecord | None:
    """What is to be written of a call that has ended; None when nothing is, see `obstacle`."""
    call, contact, result = conversation.call, conversation.who, result_of(conversation.call)
    ended_at, number = conversation.ended_at, conversation.number
    if obstacle(conversation) is not None or contact is None or contact.id is None:
        return None
    if result is None or ended_at is None or number is None:
        return None
    return CallRecord(
        mark=mark,
        call_id=call.id,
        directory=contact.directory,
        account=account,
        contact_id=contact.id,
        kind=kind,
        contact_name=contact.name or contact.company or "",
        direction=call.direction,
        result=result,
        started_at=conversation.started_at,
        duration_s=_talked_s(conversation, ended_at) if result is Result.ANSWERED else 0,
        number=number,
        colleague=colleague,
        handed_to=handed_to,
        note=conversation.note,
    )


def _talked_s(conversation: Conversation, ended_at: datetime) -> int:
    if conversation.answered_at is None:
        return 0
    return max(0, round((ended_at - conversation.answered_at).total_seconds()))
