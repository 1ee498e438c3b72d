"""What the daemon would have said of a recorded SIP exchange, with the same tracker. Pure.

A recording holds whole messages of the PBX, one behind the other; those of our own side may stand in between.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bubbled.model import ME, Device
from bubbled.pbx.sip import dialog_info
from bubbled.pbx.sip.dialog_info import UnreadableError
from bubbled.pbx.sip.framing import Framer
from bubbled.pbx.sip.message import MalformedError, parse
from bubbled.pbx.sip.subscription import EVENT
from bubbled.pbx.sip.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bubbled.model import CallChange, Owner
    from bubbled.pbx.sip.message import Message

LONGEST_START: Final = 1024
_START = re.compile(rb"\s*(?:SIP/2\.0 [1-6][0-9]{2} |[A-Z]{2,20} \S{1,300} SIP/2\.0\r\n)")
_USER = re.compile(r"sips?:([^@;:]+)")
_TECHNOLOGIES = ("PJSIP", "SIP", "IAX2")


def is_sip(start: bytes) -> bool:
    """Whether a file that begins so holds SIP, and not AMI."""
    return _START.match(start) is not None


def changes_in(
    pieces: Iterable[tuple[float | None, bytes]], owner_of: Callable[[Device], Owner | None], region: str
) -> Iterator[tuple[float | None, CallChange]]:
    """Yield the changes of the user's calls, each with the time of its piece; what is no SIP ends it."""
    framer, listener = Framer(), _Listener(owner_of, region)
    for t, data in pieces:
        try:
            for message in framer.feed(data):
                for change in listener.hear(message):
                    yield t, change
        except MalformedError:
            return


class _Listener:
    """Follows every extension that is the user's."""

    def __init__(self, owner_of: Callable[[Device], Owner | None], region: str) -> None:
        self._owner_of = owner_of
        self._region = region
        self._trackers: dict[str, Tracker | None] = {}
        self._heard: dict[str, int] = {}

    def hear(self, data: bytes) -> list[CallChange]:
        try:
            message = parse(data)
            info = dialog_info.parse(message.body) if _is_news(message) else None
        except (MalformedError, UnreadableError):
            return []
        if info is None:
            return []
        tracker = self._tracker(info.entity)
        before = self._heard.get(message.call_id)
        if tracker is None or (before is not None and message.sequence <= before):
            return []  # nobody's here, or sent again
        self._heard[message.call_id] = message.sequence
        if before is None:
            tracker.subscribed()
        return tracker.apply(info)

    def _tracker(self, entity: str) -> Tracker | None:
        if entity not in self._trackers:
            user = _USER.match(entity)
            devices = [Device(f"{each}/{user[1]}") for each in _TECHNOLOGIES] if user else []
            mine = next((device for device in devices if self._owner_of(device) == ME), None)
            serial = f"{len(self._trackers)}."
            self._trackers[entity] = Tracker(mine, self._region, serial=serial) if mine else None
        return self._trackers[entity]


def _is_news(message: Message) -> bool:
    event = message.get("Event").partition(";")[0].strip().lower()
    return not message.status and message.method == "NOTIFY" and event == EVENT and bool(message.body)
