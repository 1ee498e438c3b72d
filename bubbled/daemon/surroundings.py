"""The variables of the user's desktop, for programs that show something there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.display import Display, desktop_environment

if TYPE_CHECKING:
    from collections.abc import Mapping


class Surroundings:
    """Finds the desktop anew each time, since the user may have logged in again on another."""

    def __init__(self) -> None:
        self._last = Display()

    async def find(self, is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as `Equipment` wants it
        """Give $DISPLAY and its like; nothing where there is no desktop.

        Args:
            is_gone: whether what was given last is known to be there no more.
        """
        self._last = await desktop_environment(besides=self._last if is_gone else None)
        display = self._last
        variables = {
            "DISPLAY": display.x11,
            "XAUTHORITY": display.xauthority,
            "WAYLAND_DISPLAY": display.wayland,
            "XDG_RUNTIME_DIR": display.runtime_dir,
        }
        return {name: value for name, value in variables.items() if value and display.is_there}
