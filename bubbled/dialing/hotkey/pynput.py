"""The hotkey on Windows and macOS, by pynput.

Never tried there. pynput listens to every key, so the program with the focus gets the key too, and it fires
whatever else is held. On macOS the user must first let bubbled see the keyboard, in the system's settings
under Privacy & Security, Accessibility; until then nothing is told of any key.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.keystroke import Modifier

if TYPE_CHECKING:
    from bubbled.dialing.hotkey.port import OnPressed
    from bubbled.keystroke import Keystroke

ABSENT: Final = "pynput is missing, so no key dials; install it with `pip install 'bubbled[hotkey]'`."
FAILED: Final = "pynput cannot watch for {key} ({reason}), so it dials nothing; wait, or choose another key."

# Where pynput's names are not just ours in small letters.
_NAMES: Final = {"Super": "cmd", "Print": "print_screen", "Prior": "page_up", "Next": "page_down"}

_log = structlog.get_logger()


def notation(keystroke: Keystroke) -> str:
    """Write a key as pynput reads it: `<ctrl>+<alt>+d`, `<f7>`."""
    held = [modifier.value for modifier in Modifier if modifier in keystroke.modifiers]
    keys = [_NAMES.get(key, key.lower()) for key in (*held, keystroke.key)]
    return "+".join(key if len(key) == 1 else f"<{key}>" for key in keys)


class PynputHotkey:
    """Is told of a key by a thread of pynput's."""

    name = "pynput"

    def __init__(self, keystroke: Keystroke, on_pressed: OnPressed, *, retry_s: float = 30.0) -> None:
        self._keystroke = keystroke
        self._on_pressed = on_pressed
        self._retry_s = retry_s
        self._trouble: str | None = FAILED.format(key=keystroke, reason="it has not begun")

    @property
    def trouble(self) -> str | None:
        """Why the key does nothing now and what to do; None while it works."""
        return self._trouble

    async def run(self) -> NoReturn:
        """Have the key until cancelled; see the port."""
        while True:
            try:
                await self._listen()
            except ImportError:
                trouble = ABSENT
            except Exception as error:  # noqa: BLE001 - the library raises all kinds, and all mean the same
                trouble = FAILED.format(key=self._keystroke, reason=repr(error)[:80])
            if trouble != self._trouble:
                _log.warning(trouble)
            self._trouble = trouble
            await asyncio.sleep(self._retry_s)

    async def _listen(self) -> NoReturn:
        from pynput.keyboard import GlobalHotKeys  # noqa: PLC0415 - only where it is used, and installed

        pressed = partial(asyncio.get_running_loop().call_soon_threadsafe, self._on_pressed)
        listener = GlobalHotKeys({notation(self._keystroke): pressed})
        listener.start()
        self._trouble = None
        try:
            await asyncio.to_thread(listener.join)  # raises what ended it, if it can tell
        finally:
            with suppress(Exception):  # what keeps it from stopping must not keep us from ending
                listener.stop()
        raise OSError("it ended by itself")
