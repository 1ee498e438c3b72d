"""Makes of packets that a caller's forged line breaks spoilt the packets that Asterisk meant.

Asterisk writes a caller's number into AMI as it came, CR LF included (measured: up to 79 bytes of it, on 16
and 22). The words behind the break stand there as headers of Asterisk's own, and an empty line among them
takes the packet apart: its head, up to the break; packets of the caller's own making; its tail, behind his
last words. Without care the tail completes a forgery: `Event: Hangup`, a guessed Channel, then the true
Uniqueid.

Three rules put it right:
- A head waits for its tail, known by the Uniqueid of the head's channel. What lies between is the caller's
  and is dropped. A head whose tail does not come counts for what it holds.
- A fragment that follows no head decides nothing and is dropped: 79 bytes are too few for all the headers
  with which a genuine channel snapshot begins. Whoever dials a wildcard of the dialplan has 79 more in
  Exten (measured on 22), but Asterisk's own headers stand between the two, so their order gives it away.
- Of repeated headers, the first names the event and its channel, since Asterisk writes those before the
  number; the Uniqueid is the one that belongs to that channel; of what Asterisk writes behind the number,
  the last counts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bubbled.pbx.ami.framing import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_ONE = ("",)
_BEGINNING = ("ChannelState", "ChannelStateDesc", "CallerIDNum")
_SNAPSHOTS: dict[str, tuple[str, ...]] = {
    "AttendedTransfer": ("OrigTransferer", "SecondTransferer", "Transferee", "TransferTarget"),
    "BlindTransfer": ("Transferer", "Transferee"),
    "DialBegin": ("", "Dest"),
    "DialEnd": ("", "Dest"),
    "ParkedCall": ("Parkee",),
    "Pickup": ("", "Target"),
    "UnParkedCall": ("Parkee", "Retriever"),
    "BridgeEnter": _ONE,
    "BridgeLeave": _ONE,
    "Hangup": _ONE,
    "Hold": _ONE,
    "NewConnectedLine": _ONE,
    "Newchannel": _ONE,
    "Newstate": _ONE,
    "QueueCallerJoin": _ONE,
    "Status": _ONE,
    "Unhold": _ONE,
}
"""The channel snapshots of each event, by the prefix of their headers; other events have none."""

_BEHIND_THE_NUMBER = ("Linkedid", "Exten", "Cause", "DialStatus", "Forward", "DestLinkedid", "BridgeUniqueid")

_WHOLE = {
    prefixes: frozenset(
        prefix + header for prefix in prefixes for header in ("Channel", *_BEGINNING, "Uniqueid")
    )
    for prefixes in _SNAPSHOTS.values()
}
"""The headers that show that nobody cut into a snapshot; looked at first, for that is nearly always so."""

_BEGINNINGS = {
    prefix: [prefix + header for header in _BEGINNING] for prefixes in _WHOLE for prefix in prefixes
}

_MOST_FORGED = 40
"""Packets; 79 bytes cannot make more, so whatever comes later is Asterisk's again."""


class Mender:
    """Takes messages in their order and returns those that Asterisk meant."""

    def __init__(self, uniqueid_of: Callable[[str], str | None]) -> None:
        """Ask `uniqueid_of` for the Uniqueid of a channel that is known by name."""
        self._uniqueid_of = uniqueid_of
        self._head: Message | None = None
        self._forged = 0
        self._keeps_order: bool | None = None

    def feed(self, message: Message) -> tuple[Message, ...]:
        """The messages that are complete with this one, oldest first."""
        if self._head is not None:
            return self._behind_head(message)
        prefixes = _SNAPSHOTS.get(message.get("Event", ""))
        if prefixes is None:
            return (message,)
        if not message.repeats and _is_untouched(prefixes, tuple(message)):
            self._keeps_order = self._keeps_order is not False
            return (message,)
        if not self._begins(message, prefixes):
            return ()
        if _open_snapshot(message, prefixes) is not None:
            self._head = message
            return ()
        return (self._settled(message, prefixes) if message.repeats else message,)

    def flush(self) -> tuple[Message, ...]:
        """The head that still waits for its tail, where nothing more will come."""
        head, self._head, self._forged = self._head, None, 0
        return () if head is None else (head,)

    def _behind_head(self, message: Message) -> tuple[Message, ...]:
        prefixes = _SNAPSHOTS.get(message.get("Event", ""))
        if prefixes and self._begins(message, prefixes):
            return self.flush() + self.feed(message)
        if self._ends_head(message):
            (head,) = self.flush()
            return self.feed(_joined(head, message))
        self._forged += 1
        return self.flush() if self._forged > _MOST_FORGED else ()

    def _begins(self, message: Message, prefixes: tuple[str, ...]) -> bool:
        """Whether Asterisk itself began this packet."""
        return _begins_whole(message, prefixes) and self._in_order(message, prefixes)

    def _in_order(self, message: Message, prefixes: tuple[str, ...]) -> bool:
        """Whether the headers of each snapshot follow one another as Asterisk writes them.

        A recording that some tool wrote anew may have another order; its first packet tells.
        """
        if self._keeps_order is False:
            return True
        in_order = _begins_in_order(message, prefixes)
        if self._keeps_order is None:
            self._keeps_order = in_order
            return True
        return in_order

    def _ends_head(self, message: Message) -> bool:
        head = self._head
        if head is None or (prefix := _open_snapshot(head, _SNAPSHOTS[head["Event"]])) is None:
            return False
        found = message.all(prefix + "Uniqueid")
        expected = self._uniqueid_of(head[prefix + "Channel"])
        return bool(found) and (expected is None or expected in found)

    def _settled(self, message: Message, prefixes: tuple[str, ...]) -> Message:
        for header in _BEHIND_THE_NUMBER:
            if values := message.all(header):
                message[header] = values[-1]
        for prefix in prefixes:
            for channel, uniqueid in self._namings(message, prefix):
                message[prefix + "Channel"], message[prefix + "Uniqueid"] = channel, uniqueid
                break
        return message

    def _namings(self, message: Message, prefix: str) -> Iterator[tuple[str, str]]:
        """The ways to read which channel a snapshot means, the surest first."""
        channels, uniqueids = message.all(prefix + "Channel"), message.all(prefix + "Uniqueid")
        for channel in channels[: None if prefix else 1]:
            uniqueid = self._uniqueid_of(channel)
            if uniqueid in uniqueids:
                yield channel, uniqueid
        if channels and uniqueids:
            yield channels[0], uniqueids[-1]


def whole_rows(parts: Iterable[Message]) -> list[Message]:
    """The rows of the answer to a Status action, put together again; what is no row is a forgery."""
    mender = Mender(lambda _channel: None)
    mended = [whole for part in parts for whole in mender.feed(part)]
    return [row for row in (*mended, *mender.flush()) if row.get("Event") == "Status"]


@lru_cache(maxsize=512)
def _is_untouched(prefixes: tuple[str, ...], headers: tuple[str, ...]) -> bool:
    """Whether nobody cut into a packet with these headers; nearly all have one of a few dozen shapes."""
    return _WHOLE[prefixes].issubset(headers) and all(
        list(headers[headers.index(prefix + "Channel") + 1 :][: len(_BEGINNING)]) == _BEGINNINGS[prefix]
        for prefix in prefixes
    )


def _begins_whole(message: Message, prefixes: tuple[str, ...]) -> bool:
    """Whether every snapshot that is there has the headers that Asterisk writes up to the first number."""
    found = False
    for prefix in prefixes:
        if prefix + "Channel" in message:
            found = True
            if not all(prefix + header in message for header in _BEGINNING):
                return False
        elif prefix + "Uniqueid" in message:
            return False
    return found


def _begins_in_order(message: Message, prefixes: tuple[str, ...]) -> bool:
    """Whether these headers follow one another as Asterisk writes them, with none of the caller's between."""
    headers = list(message)
    for prefix in prefixes:
        if prefix + "Channel" in message:
            behind = headers.index(prefix + "Channel") + 1
            if headers[behind : behind + len(_BEGINNING)] != _BEGINNINGS[prefix]:
                return False
    return True


def _open_snapshot(message: Message, prefixes: tuple[str, ...]) -> str | None:
    """The prefix of the snapshot that a line break cut off before its end."""
    for prefix in prefixes:
        if prefix + "Channel" in message and prefix + "Uniqueid" not in message:
            return prefix
    return None


def _joined(head: Message, tail: Message) -> Message:
    """The head's own headers, then those of the tail; a caller's words stand before Asterisk's there."""
    behind = {header: tail.all(header)[-1] for header in tail}
    # The head comes first for the order of headers, and once more for their values.
    return Message(
        head | behind | head | {header: behind[header] for header in _BEHIND_THE_NUMBER if header in behind}
    )
