"""What stands for the windows for which the monitor has no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from bubbled.popup.window.outline import rounded
from bubbled.popup.window.pill import RADIUS, Pill

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect

    from bubbled.popup.window.theme import Palette

HEIGHT: Final = 30


class Fold(QWidget):
    """A narrow window that says how many there are; a press shows them."""

    def __init__(self, flags: Qt.WindowType, on_pressed: Callable[[], None]) -> None:
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
        self._pill = Pill(self)
        self._pill.clicked.connect(on_pressed)

    def show_at(self, rect: QRect, text: str, palette: Palette) -> None:
        """Say there how many there are."""
        self._pill.label(text)
        self._pill.wear(palette)
        self._pill.setGeometry(0, 0, rect.width(), rect.height())
        self.setAccessibleName(text)
        self.setGeometry(rect)
        self.setMask(rounded(rect.width(), rect.height(), RADIUS + 1))
        self.show()
