"""How a call ended for its owner, from what the PBX said of its leg. Pure.

Q.850 causes, as measured on Asterisk 16 and 22: 26 a colleague answered, 17 and 21 the phone refused, 19
nobody lifted, 127 the caller gave up; 0 and 16 say nothing, so that the dial status must tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.model import Outcome

if TYPE_CHECKING:
    from bubbled.pbx.ami.channel import Channel

ANSWERED_ELSEWHERE_CAUSE: Final = "26"

_REFUSED_CAUSES = frozenset({"17", "21"})
_UNREACHABLE_CAUSES = frozenset(map(str, (1, 2, 3, 5, 20, 22, 27, 28, 34, 38, 41, 42, 44, 47, 58, 63, 88)))
_UNREACHABLE_STATUSES = frozenset({"CHANUNAVAIL", "CONGESTION", "INVALIDARGS"})


def of_unanswered_inbound(leg: Channel) -> Outcome:
    """Why a phone that rang was not lifted."""
    if leg.cause == ANSWERED_ELSEWHERE_CAUSE:
        return Outcome.ANSWERED_ELSEWHERE
    if leg.dial_status == "BUSY" or leg.cause in _REFUSED_CAUSES:
        return Outcome.REJECTED
    return Outcome.MISSED


def of_own_phone(leg: Channel) -> Outcome:
    """Why a click-to-call ended before the user lifted the own phone."""
    if leg.dial_status == "BUSY" or leg.cause in _REFUSED_CAUSES:
        return Outcome.OWN_PHONE_REJECTED
    if leg.dial_status in _UNREACHABLE_STATUSES:
        return Outcome.FAILED
    return Outcome.OWN_PHONE_NO_ANSWER


def of_silent_phone(cause: str | None) -> Outcome:
    """Why a phone that a click was to ring never rang; `cause` is of its channel."""
    return Outcome.OWN_PHONE_REJECTED if cause in _REFUSED_CAUSES else Outcome.OWN_PHONE_NO_ANSWER


def of_unanswered_outbound(leg: Channel, rung: list[Channel]) -> Outcome:
    """Why nobody talked to the user who dialled; `rung` are the channels that were rung for it.

    The dial status alone would call a number that does not exist NOANSWER, so the cause counts too.
    """
    statuses = {each.dial_status for each in rung}
    if "BUSY" in statuses or leg.cause in _REFUSED_CAUSES:
        return Outcome.BUSY
    if not rung or leg.cause in _UNREACHABLE_CAUSES or statuses <= _UNREACHABLE_STATUSES:
        return Outcome.FAILED
    return Outcome.NO_ANSWER
