"""A menu of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QMenu

from bubbled.popup.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from bubbled.popup.window.theme import Palette

_GAP: Final = 2


class Menu(QMenu):
    """Lists what can be done; gone when something was chosen."""

    def __init__(self, parent: QWidget, palette: Palette) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        colours = self.palette()
        for role, colour in (
            (QPalette.ColorRole.Window, palette.surface),
            (QPalette.ColorRole.Base, palette.surface),
            (QPalette.ColorRole.WindowText, palette.text),
            (QPalette.ColorRole.Text, palette.text),
            (QPalette.ColorRole.ButtonText, palette.text),
            (QPalette.ColorRole.Highlight, palette.held),
            (QPalette.ColorRole.HighlightedText, palette.text),
        ):
            colours.setColor(role, QColor(colour))
        self.setPalette(colours)

    def entry(self, label: str, do: Callable[[], None]) -> None:
        """Add one."""
        self.addAction(visible(label).replace("&", "&&")).triggered.connect(lambda _checked: do())

    def open_at(self, widget: QWidget) -> None:
        """Open below a button, or above it where the monitor ends.

        Never over it, where the second click of who clicks twice would choose something unseen.
        """
        below = widget.mapToGlobal(QPoint(0, widget.height() + _GAP))
        height = self.sizeHint().height()
        if below.y() + height > widget.screen().availableGeometry().bottom():
            below = widget.mapToGlobal(QPoint(0, -height - _GAP))
        self.popup(below)
