"""A menu of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QMenu

from bubbled.popup.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from bubbled.popup.window.theme import Palette


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

    def open_below(self, widget: QWidget) -> None:
        """Open where it belongs to a button; Qt keeps it on the monitor."""
        self.popup(widget.mapToGlobal(QPoint(0, widget.height() + 2)))
