"""How it stands with the calls that are to be written into CRMs, for `status` and `doctor`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.status import CallLogState
from bubbled.directory.call_log.delivery import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bubbled.directory.call_log.entry import Entry
    from bubbled.directory.call_log.port import CallWriter


def states(
    wished: Sequence[str], entries: Sequence[Entry], writer_of: Callable[[str], CallWriter | None]
) -> Iterator[CallLogState]:
    """Each directory in which calls are to be written, or still wait from when they were.

    Args:
        wished: the directories for which the settings want it.
        entries: what is known of calls.
        writer_of: gives what writes into a directory.
    """
    for name in dict.fromkeys((*wished, *(each.record.directory for each in entries))):
        state = _state(name, [each for each in entries if each.record.directory == name], writer_of(name))
        if name in wished or state.waiting or state.unsure or state.failed:
            yield state


def _state(name: str, entries: Sequence[Entry], writer: CallWriter | None) -> CallLogState:
    can_look = writer is not None and writer.look_after_s is not None
    unsure = [each for each in entries if _is_unsure(each, can_look=can_look)]
    failed = [each for each in entries if each.delivery.stage in {Stage.REFUSED, Stage.GIVEN_UP}]
    waiting = [
        each
        for each in entries
        if each not in unsure and each not in failed and each.delivery.stage is not Stage.WRITTEN
    ]
    reason = next((each.delivery.reason for each in (*waiting, *failed) if each.delivery.reason), None)
    if writer is None:
        reason = "its preset has no [log_call], or log_calls is off, or it cannot be used at all"
    elif any(each.record.account != writer.account for each in waiting):
        reason = (
            "calls wait for the CRM or account that had this name before, and are not written into another"
        )
    return CallLogState(
        directory=name,
        waiting=len(waiting),
        unsure=tuple(each.record.started_at for each in unsure),
        failed=tuple(each.record.started_at for each in failed),
        reason=reason,
    )


def _is_unsure(entry: Entry, *, can_look: bool) -> bool:
    """Whether only a person can find out if the call is there."""
    stage = entry.delivery.stage
    return stage is Stage.UNKNOWN or (stage is Stage.DOUBTFUL and not can_look)
