"""Plain text in a window, in as many lines as it may take; what is cut is told by the mouse."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel

from bubbled.popup.text import visible

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

_ENDLESS: Final = 1 << 20
"""Pixels that no text fills."""


class TextLine(QLabel):
    """A text that is never markup; `fit` says how high it becomes at a width.

    A QLabel for the sake of screen readers, which read its text.
    """

    def __init__(
        self, parent: QWidget, *, scale: float = 1.0, bold: bool = False, most_lines: int = 1
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * scale)
        font.setBold(bold)
        self.setFont(font)
        self._most_lines = most_lines
        self._colour = QColor()
        self._key: tuple[str, int] | None = None
        self._rows: list[QTextLayout] = []

    def say(self, text: str, colour: str) -> None:
        """Show a text; what could steer the display is drawn as a sign."""
        text = visible(text)
        if text != self.text():
            self.setText(text)
        if self._colour.name() != colour:
            self._colour = QColor(colour)
            self.update()
        self.setVisible(bool(text))

    def needs(self) -> int:
        """The width of the whole text in one line."""
        return self.fontMetrics().horizontalAdvance(self.text()) + 2

    def fit(self, width: int) -> int:
        """Break the text into lines of this width, and give their height in pixels."""
        key = (self.text(), width)
        if key != self._key:
            self._key = key
            whole = self._break(width)
            self.setToolTip("" if whole else f"<qt>{escape(self.text())}</qt>")
            self.update()
        return len(self._rows) * self._row_height()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt calls it so
        """Draw the lines."""
        self.fit(self.width())
        painter = QPainter(self)
        painter.setPen(self._colour)
        for number, row in enumerate(self._rows):
            row.draw(painter, QPointF(0, number * self._row_height()))
        painter.end()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 1

    def _break(self, width: int) -> bool:
        """Lay out the text; tells whether all of it can be seen."""
        rest, whole = self.text(), True
        rows: list[QTextLayout] = []
        while rest:
            if len(rows) + 1 == self._most_lines:
                last = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, width)
                whole = last == rest
                rows.append(self._row(last, _ENDLESS if whole else width)[0])
                break
            row, taken = self._row(rest, width)
            rows.append(row)
            rest = rest[taken:].lstrip()
        self._rows = rows
        return whole

    def _row(self, text: str, width: int) -> tuple[QTextLayout, int]:
        """Lay out one line of a text, and tell how many characters it takes."""
        layout = QTextLayout(text, self.font())
        option = QTextOption(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(width)
        taken = max(1, _characters(text, line.textLength()))
        layout.endLayout()
        if taken < len(text):
            return self._row(text[:taken].rstrip() or text[:taken], _ENDLESS)[0], taken
        return layout, taken


def _characters(text: str, units: int) -> int:
    """Count the characters of so many UTF-16 units, in which Qt counts."""
    return len(text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore"))
