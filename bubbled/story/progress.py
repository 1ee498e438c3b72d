"""What a change of a call adds to its story. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.model import CallState, ChangeKind
from bubbled.story.fact import Answered, Ended, Held, OtherParty, Resumed, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.model import Call, CallChange
    from bubbled.story.fact import OfCall


def seen(call: Call, pbx: str) -> Seen:
    """Tell of a call as it is when it is seen first; `pbx` is by what the PBX is followed."""
    return Seen(
        device=call.device,
        direction=call.direction.value,
        state=call.state.value,
        number=call.number,
        name=call.name,
        via=None if call.via is None else call.via.kind.value,
        via_name=None if call.via is None else call.via.name,
        pbx=pbx,
    )


def progress(change: CallChange, before: Call) -> Iterator[OfCall]:
    """Tell what is new of a call since it was as `before`."""
    call = change.call
    if change.kind is ChangeKind.ENDED:
        outcome = None if call.outcome is None else call.outcome.value
        yield Ended(outcome, call.answered_by or call.transferred_to)
        return
    if (call.number, call.name) != (before.number, before.name):
        by = call.transferred_from if call.transferred_from != before.transferred_from else None
        yield OtherParty(number=call.number, name=call.name, by=by)
    if change.kind is ChangeKind.ANSWERED:
        yield Answered(call.device)
    elif call.state is CallState.HELD and before.state is CallState.TALKING:
        yield Held()
    elif call.state is CallState.TALKING and before.state is CallState.HELD:
        yield Resumed()
