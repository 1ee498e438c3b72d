"""The user's desktop as far as dialling needs it: the hotkey, and what is selected."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

import structlog

from bubbled import keystroke
from bubbled.control.status import HotkeyState
from bubbled.dialing.hotkey.choice import hotkey_on
from bubbled.dialing.hotkey.purpose import DIALLING
from bubbled.dialing.selection.choice import selection_on
from bubbled.display import Display, desktop_environment

if TYPE_CHECKING:
    from bubbled.dialing.hotkey.port import Hotkey, OnPressed
    from bubbled.dialing.hotkey.purpose import Purpose
    from bubbled.dialing.selection.port import Selection

NO_KEY: Final = "none"
"""What the settings say where the user wants no hotkey."""

LOOK_EVERY_S: Final = 5.0
_PAUSE_AFTER_DEFECT_S: Final = 30.0
_MOST_DISPLAYS: Final = 4
_NO_DESKTOP: Final = (
    "bubbled finds no desktop, so the key does nothing; it looks again every few seconds. "
    "Does the desktop run `systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY`?"
)
_DEFECT: Final = "The hotkey failed by a defect of bubbled, so it does nothing for now. The log tells more."

log = structlog.get_logger()


class Desktop:
    """Has the hotkey of the settings for as long as `run` runs, and reads what is selected."""

    def __init__(
        self,
        key: str,
        on_pressed: OnPressed,
        purpose: Purpose = DIALLING,
        *,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Prepare for a key as the settings write it, for this; `on_pressed` must not block nor raise.

        `look_every_s` is how often a desktop is looked for, while there is none or the key is in trouble.
        """
        self._key = key
        self._on_pressed = on_pressed
        self._purpose = purpose
        self._display = Display()
        self._hotkey: Hotkey | None = None
        self._trouble: str | None = None
        self._look_every_s = look_every_s
        self._having: asyncio.Task[None] | None = None
        self._selections: dict[Display, Selection] = {}

    @property
    def hotkey(self) -> HotkeyState | None:
        """The key and whether it works; None where the user wants none."""
        if self._key == NO_KEY:
            return None
        if self._hotkey is None:
            return HotkeyState(self._key, None, self._trouble)
        return HotkeyState(self._key, self._hotkey.name, self._trouble or self._hotkey.trouble)

    async def run(self) -> NoReturn:
        """Have the key until cancelled, through changes of it and of the desktop, and defects of our own."""
        while True:
            self._having = asyncio.create_task(self._have(), name="hotkey")
            try:
                await self._having
            except asyncio.CancelledError:
                own = asyncio.current_task()
                if own is not None and own.cancelling():
                    await _ended(self._having)
                    raise
            except Exception:
                log.exception("the hotkey failed by a defect of bubbled")
                self._trouble = _DEFECT
                await asyncio.sleep(_PAUSE_AFTER_DEFECT_S)

    def change_key(self, key: str) -> None:
        """Have another key from now on."""
        if key != self._key:
            self._key, self._hotkey = key, None
            if self._having is not None:
                self._having.cancel()

    async def selection(self, display: Display | None = None) -> str:
        """Give what is selected, on the user's desktop or on a display that somebody names.

        Raises:
            SelectionError: it cannot be read.
        """
        if display is None:
            self._display = self._display if self._display.is_there else await desktop_environment()
            display = self._display
        reader = self._selections.get(display)
        if reader is None:
            reader = self._selections[display] = selection_on(display)
            if len(self._selections) > _MOST_DISPLAYS:
                await self._selections.pop(next(iter(self._selections))).aclose()
        return await reader.read()

    async def aclose(self) -> None:
        """Let go of the desktop."""
        for selection in self._selections.values():
            with suppress(OSError):
                await selection.aclose()

    async def _have(self) -> None:
        """Have the key on one desktop, until there is another."""
        self._hotkey, self._trouble = None, None
        if self._key == NO_KEY:
            await asyncio.Event().wait()  # until `change_key` ends it
        while not await self._find():  # noqa: ASYNC110 - as the comment below says
            await asyncio.sleep(self._look_every_s)  # nothing tells of a desktop that begins
        assert self._hotkey is not None  # noqa: S101 - it was found
        having = asyncio.create_task(self._hotkey.run(), name="having the hotkey")
        try:
            while not having.done():
                await asyncio.wait({having}, timeout=self._look_every_s)
                if self._hotkey.trouble is not None and (await self._has_moved() or await self._is_set_up()):
                    return
            having.result()
        finally:
            await _ended(having)

    async def _find(self) -> bool:
        if not self._display.is_there:
            self._display = await desktop_environment()
        key = keystroke.parse(self._key)
        self._hotkey = await hotkey_on(self._display, key, self._on_pressed, self._purpose)
        self._trouble = None if self._hotkey else _NO_DESKTOP
        return self._hotkey is not None

    async def _is_set_up(self) -> bool:
        """Whether the user has given the key to the desktop meanwhile, by `bubbled hotkey install`."""
        if (
            self._display.wayland is None
            or self._hotkey is None
            or self._hotkey.name in {"shortcut", "desktop"}
        ):
            return False
        from bubbled.dialing.hotkey.shortcut import is_set_up  # noqa: PLC0415 - only where it is used

        return await is_set_up()

    async def _has_moved(self) -> bool:
        """Whether the user has logged in anew, on another display, as the service manager then knows."""
        other = await desktop_environment(besides=self._display)
        if not other.is_there or other == self._display:
            return False
        log.info("the desktop is another one now", display=other.wayland or other.x11)
        self._display = other
        return True


async def _ended(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait([task])
