"""What bubbled asks of the PBX, and which of the incoming messages answer it; no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bubbled.pbx.ami.error import UnsafeActionError

if TYPE_CHECKING:
    from bubbled.pbx.ami.framing import Message

Action = Mapping[str, str | Sequence[str]]
"""Headers of an action, `Action` among them; a sequence is sent as that many headers of one name."""

LONGEST_LINE = 1000
"""Bytes; Asterisk reads lines into 1024 and takes what is left over for the next line (main/manager.c)."""

_LIST_END = {"Complete", "cancelled"}
_END_HEADERS = frozenset(
    {
        "ActionID",
        "Event",
        "EventList",
        "Items",
        "ListItems",
        "Message",
        "Privilege",
        "SequenceNumber",
        "Timestamp",
    }
)


def encode(action: Action, action_id: str) -> bytes:
    """Write an action as AMI wants it.

    Raises:
        UnsafeActionError: part of it could be read as another header or another action.
    """
    headers = {**action, "ActionID": action_id}
    lines = [_line(header, value) for header, values in headers.items() for value in _each(values)]
    return b"".join((*lines, b"\r\n"))


def _each(values: str | Sequence[str]) -> Sequence[str]:
    return (values,) if isinstance(values, str) else values


def _line(header: str, value: str) -> bytes:
    line = f"{header}: {value}"
    if ":" in header or any(sign in line for sign in "\r\n\0"):
        raise UnsafeActionError(
            f"The text for {header[:20]!r} holds a line break or another sign that the PBX could misread: "
            "nothing was sent. Remove it."
        )
    encoded = line.encode("utf-8", "replace")
    if len(encoded) > LONGEST_LINE:
        raise UnsafeActionError(
            f"The text for {header[:20]!r} is longer than the PBX can read: nothing was sent. Shorten it."
        )
    return encoded + b"\r\n"


class Answer:
    """The answer to one action, as it arrives.

    Attributes:
        response: the message with the `Response` header, once it is there.
        items: for a list, what followed the response, without the closing message.
        complete: whether nothing more will come.
        items_named: the event that the items are, so that the head of one that a caller's forged line break
            cut off before its ActionID is known for what it is.
    """

    def __init__(self, *, is_list: bool, items_named: str | None = None) -> None:
        self.response: Message | None = None
        self.items: list[Message] = []
        self.complete = False
        self.items_named = items_named
        self._is_list = is_list

    def feed(self, message: Message) -> None:
        """Take a message with this action's id.

        A list ends with `EventList: Complete` (or `cancelled`); from some proxies, with only an event that is
        named `...Complete`. Such an end says nothing else: where it does, a caller forged it, and the rest of
        the item whose line he broke lent it the ActionID.
        """
        if self.response is None and "Response" in message:
            self.response = message
            self.complete = self.refused or not self._is_list
        elif _ends_list(message):
            self.complete = True
        else:
            self.items.append(message)

    @property
    def refused(self) -> bool:
        """Whether the PBX said no."""
        return self.response is not None and self.response["Response"] == "Error"


def _ends_list(message: Message) -> bool:
    named = message.get("EventList") in _LIST_END or message.get("Event", "").endswith("Complete")
    return named and message.keys() <= _END_HEADERS
