"""The keys of popups: one that mutes and unmutes, one that gives the newest popup the keyboard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bubbled.daemon.apart import kept_apart
from bubbled.daemon.desktop import Desktop
from bubbled.dialing.hotkey.purpose import FOCUSING, MUTING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bubbled.control.status import HotkeyState
    from bubbled.settings.schema import Settings

    Work = Callable[[], Awaitable[object]]


class KeyDesk:
    """Has the keys that the settings name, for as long as `run` runs.

    Args:
        settings: name the keys.
        toggle_mute: mutes, or unmutes.
        focus: gives the newest popup the keyboard.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        toggle_mute: Work,
        focus: Work,
    ) -> None:
        popup = settings.popup
        self._mute = Desktop(popup.mute_key, lambda: self._begin(toggle_mute), MUTING)
        self._focus = Desktop(popup.focus_key, lambda: self._begin(focus), FOCUSING)
        self._working: set[asyncio.Future[Any]] = set()

    @property
    def states(self) -> Mapping[str, HotkeyState]:
        """Whether the keys work that the user wants, by what they do."""
        states = {"Mute key": self._mute.hotkey, "Focus key": self._focus.hotkey}
        return {name: state for name, state in states.items() if state is not None}

    async def run(self) -> None:
        """Have the keys until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mute.run(), name="the key that mutes")
            group.create_task(self._focus.run(), name="the key that gives the keyboard")

    def settings_changed(self, settings: Settings) -> None:
        """Have other keys from now on."""
        self._mute.change_key(settings.popup.mute_key)
        self._focus.change_key(settings.popup.focus_key)

    def _begin(self, work: Work) -> None:
        """A key is told of within the loop, which must not wait."""
        task = asyncio.ensure_future(_done(work))
        self._working.add(task)
        task.add_done_callback(self._working.discard)


async def _done(work: Work) -> None:
    with kept_apart("keys"):
        await work()
