"""Whether the window that the user works with fills the screen, on sway, which tells of every window.

sway-ipc(7): a tree of nodes, of which one has the focus; each says whether it fills its output, or all.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bubbled import child

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from bubbled.display import Display
    from bubbled.popup.quiet.port import News

_PATIENCE_S: Final = 5.0
_AT_ONCE: Final = 1 << 20

_EVENTS: Final = '["window", "workspace", "tick"]'
"""Of ticks there is one when the others are listened to."""


class SwayError(Exception):
    """sway does not tell."""


async def socket_of(display: Display) -> Path | None:
    """Where the sway of a display listens, if it is one."""
    if display.wayland is None or display.runtime_dir is None:
        return None
    return await asyncio.to_thread(_socket_in, Path(display.runtime_dir))


def _socket_in(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob("sway-ipc.*.sock"))), None)


async def follow(socket: Path, told: News) -> None:
    """Tell whether a window fills the screen, until sway ends.

    Raises:
        SwayError: it does not tell, or its program is not installed.
    """
    process = await _begin("--monitor", "--type", "subscribe", _EVENTS, socket=socket)
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        # Several events may come at once, and one look is enough for all of them.
        while await process.stdout.read(_AT_ONCE):
            told.tell(is_quiet=fills_a_screen(await _tree(socket)))
    finally:
        await child.end(process)


def fills_a_screen(node: Any) -> bool:
    """Whether the node with the focus, or one that holds it, fills a screen."""
    return _path_to_focus(node, is_full=False) is True


def _path_to_focus(node: Any, *, is_full: bool) -> bool | None:
    """Whether something on the way to the focus fills a screen; None where the focus is elsewhere."""
    if not isinstance(node, dict):
        return None
    # Of a workspace sway always says that it fills the screen.
    is_full = is_full or bool(node.get("fullscreen_mode") and node.get("type") in ("con", "floating_con"))
    if node.get("focused"):
        return is_full
    inner = (each for kind in ("nodes", "floating_nodes") for each in _listed(node.get(kind)))
    ways = (_path_to_focus(each, is_full=is_full) for each in inner)
    return next((way for way in ways if way is not None), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


async def _tree(socket: Path) -> Any:
    process = await _begin("--raw", "--type", "get_tree", socket=socket)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            printed, _ = await process.communicate()
        return json.loads(printed)
    except (TimeoutError, ValueError, RecursionError) as error:
        raise SwayError(f"sway does not tell its windows ({error!r})") from error
    finally:
        await child.end(process)


async def _begin(*arguments: str, socket: Path) -> Process:
    command = ("swaymsg", "--socket", str(socket), *arguments)
    try:
        return await child.start(*command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise SwayError(f"swaymsg cannot be run ({error.strerror})") from error
