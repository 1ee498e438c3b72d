"""What conditions may say of a call in one word. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.model import CallState, Direction, Outcome, ViaKind
from bubbled.number import is_withheld

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.popup.subject import Subject

_WAYS: Final[Mapping[ViaKind, str]] = {
    ViaKind.QUEUE: "queue",
    ViaKind.RING_GROUP: "group",
    ViaKind.FORWARD: "forwarded",
    ViaKind.TRANSFER: "transferred",
    ViaKind.PICKUP: "picked_up",
    ViaKind.PARK: "parked",
}
_TALKED: Final = frozenset({CallState.TALKING, CallState.HELD})
_TALKED_TO_THE_END: Final = frozenset({Outcome.ANSWERED, Outcome.TRANSFERRED, Outcome.PARKED})


def flags_of(subject: Subject) -> frozenset[str]:
    """Name the flags of `bubbled.condition.FLAGS` that are true of a call."""
    call, finding = subject.call, subject.finding
    contact = finding.contact
    number = call.number or ""
    maybe = {
        call.state.value: True,
        "inbound": call.direction is Direction.INBOUND,
        "outbound": call.direction is Direction.OUTBOUND,
        "internal": call.internal,
        "matched": contact is not None,
        "probable": contact is not None and contact.probable,
        "several": finding.has_choice,
        "withheld": not number or is_withheld(number),
        "answered": call.state in _TALKED
        or subject.answered_at is not None
        or call.outcome in _TALKED_TO_THE_END,
        "missed": call.outcome is Outcome.MISSED,
        "failed": call.failure is not None or call.outcome is Outcome.FAILED,
    }
    ways = {_WAYS[call.via.kind]} if call.via is not None and call.via.kind in _WAYS else set()
    handed_over = {"transferred"} if call.transferred_from else set()
    return frozenset({flag for flag, is_so in maybe.items() if is_so} | ways | handed_over)
