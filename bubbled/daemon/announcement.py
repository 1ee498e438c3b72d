"""Tells of the changes of calls: those who follow at once, and the log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.number import shortened
from bubbled.wire import change_json

if TYPE_CHECKING:
    from bubbled.control.feed import Feed
    from bubbled.control.status import JsonObject
    from bubbled.model import CallChange

_HEAD_START_S: Final = 0.003
"""Of a popup before the log line about it, which takes as long to write as the popup to decide upon."""

log = structlog.get_logger()


def announce(change: CallChange, feed: Feed) -> None:
    """Tell of a change of the user's call."""
    feed.publish(_told(change))
    asyncio.get_running_loop().call_later(_HEAD_START_S, _log, change)


def _told(change: CallChange) -> JsonObject:
    """The change for those who follow: as `replay` writes it, and why nothing came of a click."""
    failure = change.call.failure
    return change_json(change, None) | ({"failure": failure.value} if failure else {})


def _log(change: CallChange) -> None:
    call = change.call
    log.info(
        "call",
        change=change.kind.value,
        call=call.id,
        direction=call.direction.value,
        number=call.number and shortened(call.number),
        outcome=call.outcome and call.outcome.value,
    )
