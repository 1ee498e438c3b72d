"""What the daemon would have said of a recording, with the same tracker. Pure but for reading the file."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bubbled.pbx.ami.action import Answer
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.recording import read_pieces, read_recording
from bubbled.pbx.sip import recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bubbled.model import CallChange, Device, Owner
    from bubbled.pbx.ami.framing import Message

_LOGGED_IN = "Authentication accepted"


def replay(
    path: Path, owner_of: Callable[[Device], Owner | None], region: str
) -> Iterator[tuple[float | None, CallChange]]:
    """Yield the changes of the calls in a recording, each with its time in seconds (None: none beside it).

    It may be of AMI or of SIP. Where one of AMI holds a login with the calls in progress after it, these are
    taken as the daemon takes them: what the PBX no longer lists has ended.

    Raises:
        PbxError: the file cannot be read.
    """
    pieces = read_pieces(path)
    first = next(pieces, None)
    if first is not None and recorded.is_sip(first[1][: recorded.LONGEST_START]):
        yield from recorded.changes_in(chain([first], pieces), owner_of, region)
        return
    tracker = Tracker(owner_of, region)
    resync = _Resync()
    at = None
    for at, message in read_recording(path):
        rows = resync.feed(message)
        for change in tracker.apply(message) if rows is None else tracker.resync(rows):
            yield at, change
    for change in tracker.flush():
        yield at, change


class _Resync:
    """Collects the answer to the first Status action after a login.

    Only there, because a caller could forge such an answer, and it ends calls.
    """

    def __init__(self) -> None:
        self._due = False
        self._action_id = ""
        self._answer: Answer | None = None

    def feed(self, message: Message) -> list[Message] | None:
        """The rows, with the message that completes them."""
        if message.get("Message") == _LOGGED_IN:
            self._due, self._answer = True, None
        elif self._due and message.get("Response") == "Success" and message.get("EventList") == "start":
            self._due, self._action_id = False, message.get("ActionID", "")
            self._answer = Answer(is_list=True, items_named="Status")
            self._answer.feed(message)
        elif self._answer is not None and self._belongs(message):
            self._answer.feed(message)
            if self._answer.complete:
                rows, self._answer = self._answer.items, None
                return rows
        return None

    def _belongs(self, message: Message) -> bool:
        return self._action_id in message.all("ActionID") or message.get("Event") == "Status"
