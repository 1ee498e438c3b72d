"""Which picture of the screen goes to other programs, as PipeWire lists its nodes. Pure.

A compositor that lets the screen be shared has a node for it, of the same kinds as those of cameras; of these
PipeWire says that they are devices, or play the role of one. KWin has such nodes for its small previews of
windows too, so those of KWin count for nothing: Plasma itself holds popups back while the screen is shared.
"""

from __future__ import annotations

import json
from typing import Any, Final

LONGEST_LIST: Final = 1 << 25
"""Characters of one list; some hundreds of nodes take one in thirty of that."""

_END: Final = "\n]\n"
_CLASSES: Final = frozenset({"Video/Source", "Stream/Output/Video"})


class UnreadableListError(Exception):
    """What came is no list of nodes."""


class Streams:
    """Reads what `pw-dump --monitor` prints: a list of all nodes, then one of each change."""

    def __init__(self) -> None:
        self._unread = ""
        self._shared: set[int] = set()

    @property
    def is_any_shared(self) -> bool:
        """Whether a picture of the screen goes anywhere."""
        return bool(self._shared)

    def feed(self, text: str) -> None:
        """Take what was printed next, however it was cut.

        Raises:
            UnreadableListError: it is something else, or longer than `LONGEST_LIST`.
        """
        self._unread += text
        while (end := self._unread.find(_END)) >= 0:
            whole, self._unread = self._unread[: end + len(_END)], self._unread[end + len(_END) :]
            for node in _read(whole):
                self._take(node)
        if len(self._unread) > LONGEST_LIST:
            raise UnreadableListError

    def _take(self, node: Any) -> None:
        match node:
            case {"id": int(number), "info": {"props": dict(props)}} if _is_screen(props):
                self._shared.add(number)
            case {"id": int(number)}:
                self._shared.discard(number)


def _read(text: str) -> list[Any]:
    try:
        nodes = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableListError from error
    return nodes if isinstance(nodes, list) else []


def _is_screen(props: dict[str, Any]) -> bool:
    if props.get("media.class") not in _CLASSES:
        return False
    is_camera = "device.api" in props or props.get("media.role") == "Camera"
    return not is_camera and not str(props.get("node.name", "")).startswith("kwin")
