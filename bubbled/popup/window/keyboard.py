"""Gives a window the keyboard, and gives it back to who had it, on X11."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from Xlib import X, display, error
from Xlib.protocol import event

if TYPE_CHECKING:
    from Xlib.display import Display

_FOR_THE_USER: Final = 2
"""Who asks, in the numbers of EWMH, `_NET_ACTIVE_WINDOW`: the user did, and no window manager may refuse."""


class Keyboard:
    """Moves the keyboard to a window that no window manager manages, and back as that does it.

    Qt can ask for its own windows only, and remembers nobody else's.
    """

    def __init__(self) -> None:
        self._x: Display = display.Display()
        self._before: Any = None

    def take(self, window_id: int) -> None:
        """Give it to one of our windows."""
        if self._before is None:
            self._before = self._owner()
        self._set(window_id)

    def give_back(self) -> None:
        """Give it to who had it before; nobody when that window is gone."""
        before, self._before = self._before, None
        if before is not None:
            self._set(before)
            if self._has_manager() and before > X.PointerRoot:
                self._ask_manager(before)

    def _owner(self) -> int:
        active = self._property("_NET_ACTIVE_WINDOW") if self._has_manager() else None
        if active and active[0]:
            return int(active[0])
        focus = self._x.get_input_focus().focus
        return focus if isinstance(focus, int) else int(focus.id)

    def _set(self, window_id: int) -> None:
        catch = error.CatchError(error.BadMatch, error.BadWindow)
        self._x.set_input_focus(window_id, X.RevertToPointerRoot, X.CurrentTime, onerror=catch)
        self._x.sync()

    def _ask_manager(self, window_id: int) -> None:
        root = self._x.screen().root
        message = event.ClientMessage(
            window=self._x.create_resource_object("window", window_id),
            client_type=self._x.intern_atom("_NET_ACTIVE_WINDOW"),
            data=(32, [_FOR_THE_USER, X.CurrentTime, 0, 0, 0]),
        )
        root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._x.sync()

    def _has_manager(self) -> bool:
        supported = self._property("_NET_SUPPORTED") or ()
        return bool(self._property("_NET_SUPPORTING_WM_CHECK")) and (
            self._x.intern_atom("_NET_ACTIVE_WINDOW") in supported
        )

    def _property(self, name: str) -> Any:
        found = self._x.screen().root.get_full_property(self._x.intern_atom(name), X.AnyPropertyType)
        return found.value if found else None
