"""The field in which the user types what a button asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from bubbled.popup.text import visible

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget

    from bubbled.popup.window.theme import Palette

LONGEST: Final = 2000
"""Characters that can be typed: of a note as the control API takes it."""


class Question(QPlainTextEdit):
    """A field of plain text: Enter sends it, Shift+Enter begins a line, Esc drops it."""

    sent = Signal(str)
    dropped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(5)
        self.hide()

    def ask(self, what: str, palette: Palette) -> None:
        """Begin anew."""
        self.clear()
        self.setPlaceholderText(visible(what))
        self.setAccessibleName(visible(what))
        self.wear(palette)
        self.show()

    def wear(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Base, QColor(palette.button))
        colours.setColor(QPalette.ColorRole.Text, QColor(palette.text))
        colours.setColor(QPalette.ColorRole.PlaceholderText, QColor(palette.faint))
        self.setPalette(colours)

    def needs(self) -> int:
        """The height of two lines."""
        return 2 * self.fontMetrics().lineSpacing() + 12

    def send(self) -> None:
        """Send what stands there."""
        self.sent.emit(self.toPlainText()[:LONGEST].strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt calls it so
        """Send, drop, or type."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.send()
        elif event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - as above
        """Show where one types."""
        super().focusInEvent(event)
        self.setCursorWidth(2)
