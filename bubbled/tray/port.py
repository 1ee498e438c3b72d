"""What the tray needs from the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bubbled.tray.state import Action


class Listener(Protocol):
    """Told what the user does with the icon and its menu. No method raises."""

    def wished(self, action: Action) -> None:
        """The user wants something done."""

    def mute_toggled(self) -> None:
        """The user wants popups muted, or unmuted, whatever they are not."""

    async def opened(self) -> None:
        """The menu is about to be shown; it waits a moment for this to have the newest in it."""
