"""Keeps the process of the windows running: finds it a desktop, and starts another when it ends or hangs."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.extra import command_to_install
from bubbled.popup.screens.window_process import WindowProcess
from bubbled.popup.text import one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bubbled.popup.screens.trouble import Trouble
    from bubbled.popup.window.message import Report

    FindDesktop = Callable[[bool], Awaitable[Mapping[str, str]]]
    """Gives the variables of the user's desktop, or none; told whether the desktop before is gone."""

    Use = Callable[[WindowProcess], Awaitable[None]]
    """Uses a process until it ends or hangs."""

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0

_LIVED_S: Final = 10.0
"""A process that ends sooner may end so again and again."""

_TOLERATED: Final = 1
"""Short lives in a row that are no trouble."""

_GOES_ON: Final = "bubbled goes on and tries again"

NO_DISPLAY: Final = (
    "There is no desktop, so no windows can be shown; bubbled goes on and looks for one every few seconds. "
    "Does the desktop run `systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY`?"
)
NO_X_SERVER: Final = (
    "This Wayland desktop has no X server, without which no window can be put in its place, so none are "
    "shown; bubbled goes on. Install XWayland, or set popup.screen to native."
)
NOT_INSTALLED: Final = (
    f"PySide6 is not installed, so no windows can be shown. Run: {command_to_install('window')}"
)
NO_CURSOR_LIBRARY: Final = (
    "A library that windows need is missing, so none can be shown; bubbled goes on. "
    "Install libxcb-cursor0 (Debian, Ubuntu) or xcb-util-cursor, then run: bubbled reload"
)
DIES: Final = f"The process of the windows ends again and again ({{}}), so no windows are shown; {_GOES_ON}."

_TO_BE_MENDED: Final = frozenset({NOT_INSTALLED, NO_CURSOR_LIBRARY})
"""Reasons that stay until the user does something, told at once."""

_log = structlog.get_logger()


class Upkeep:
    """Has one process at a time, for as long as `run` runs.

    Args:
        trouble: told why there is none.
        find_desktop: gives the variables of the desktop.
        command: what to run.
        retry_s: how often a desktop is looked for where there is none.
    """

    def __init__(
        self, trouble: Trouble, find_desktop: FindDesktop, command: Sequence[str], retry_s: float
    ) -> None:
        self._trouble = trouble
        self._find_desktop = find_desktop
        self._command = command
        self._retry_s = retry_s
        self._short_lives = 0

    async def run(self, use: Use, on_report: Callable[[Report], None]) -> NoReturn:
        """Start one process after the other, and have each used."""
        is_gone = False
        while True:
            environment = await self._environment(is_gone=is_gone)
            if environment is None:
                is_gone = False
                await asyncio.sleep(self._retry_s)
                continue
            began = asyncio.get_running_loop().time()
            complaints = await self._live(environment, use, on_report)
            is_gone = await self._mourn(asyncio.get_running_loop().time() - began, complaints)

    def works(self) -> None:
        """The process can be used: all is well, unless others before it did not live long."""
        if self._short_lives <= _TOLERATED:
            self._trouble.over()

    async def outlive(self) -> None:
        """Wait until the process has lived long enough to be trusted."""
        await asyncio.sleep(_LIVED_S)
        self._short_lives = 0
        self._trouble.over()

    async def _environment(self, *, is_gone: bool) -> Mapping[str, str] | None:
        try:
            found = await self._find_desktop(is_gone)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no desktop to show windows on
            _log.debug("the desktop cannot be found", reason=repr(error))
            found = {}
        if "DISPLAY" not in found:
            self._trouble.report(NO_X_SERVER if "WAYLAND_DISPLAY" in found else NO_DISPLAY)
            return None
        # Only X11 lets a window stand where it wants; without the variable a Wayland desktop would be taken.
        return {**os.environ, **found, "QT_QPA_PLATFORM": "xcb"}

    async def _live(
        self, environment: Mapping[str, str], use: Use, on_report: Callable[[Report], None]
    ) -> str:
        """Have a process until it ends or hangs; gives what it complained of."""
        try:
            process = await WindowProcess.start(self._command, environment, on_report)
        except OSError as error:
            return str(error)
        try:
            await use(process)
        finally:
            await process.end()
        return process.complaints

    async def _mourn(self, lived_s: float, complaints: str) -> bool:
        """Say why it ended where that matters, and wait a moment; tells whether the desktop is gone."""
        reason, is_gone = _reason(complaints)
        _log.info("the process of the windows ended, another is started", reason=reason)
        self._short_lives = 0 if lived_s >= _LIVED_S else self._short_lives + 1
        dies = self._short_lives > _TOLERATED
        if is_gone:
            self._trouble.report(NO_DISPLAY)
        elif dies or reason in _TO_BE_MENDED:
            self._trouble.report(reason if reason in _TO_BE_MENDED else DIES.format(reason))
        if dies or is_gone:
            pause_s = _FIRST_PAUSE_S * 2 ** min(self._short_lives - _TOLERATED, 10)
            await asyncio.sleep(min(pause_s, self._retry_s if is_gone else _LONGEST_PAUSE_S))
        return is_gone


def _reason(complaints: str) -> tuple[str, bool]:
    """Say why a process ended by what it complained of, and whether that is the end of the desktop."""
    if "No module named 'PySide6'" in complaints:
        return NOT_INSTALLED, False
    if "xcb-cursor0" in complaints and "could not connect to display" not in complaints:
        return NO_CURSOR_LIBRARY, False
    last = one_line(complaints.rpartition("\n")[2], 100) or "it did not say why"
    return last, any(each in complaints for each in ("could not connect to display", "X11 connection broke"))
