"""Lends the keyboard to one window after the other, none of which takes it by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from bubbled.popup.window.bubble import Bubble
    from bubbled.popup.window.keyboard import Keyboard


class Loan:
    """Knows which window has the keyboard.

    Attributes:
        holder: that window; None while somebody else's has it.
    """

    def __init__(self) -> None:
        self.holder: Bubble | None = None
        self._keyboard: Keyboard | None = None

    def give(self, bubble: Bubble) -> None:
        """Give it to a window."""
        from bubbled.popup.window.keyboard import Keyboard  # noqa: PLC0415 - 2 MB that few need

        self._keyboard = self._keyboard or Keyboard()
        self.holder = bubble
        bubble.windowHandle().setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, on=False)
        bubble.take_keyboard()
        QGuiApplication.sync()
        self._keyboard.take(int(bubble.winId()))

    def end(self) -> None:
        """Give it back to who had it before."""
        bubble, self.holder = self.holder, None
        if bubble is not None and self._keyboard is not None:
            bubble.windowHandle().setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, on=True)
            self._keyboard.give_back()
