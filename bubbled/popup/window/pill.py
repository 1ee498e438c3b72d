"""The buttons of a window."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QPushButton

from bubbled.popup.text import visible

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from bubbled.popup.window.theme import Palette

_PADDING: Final = 10
RADIUS: Final = 6
"""Of the corners of a button."""

ICON_SIZE: Final = 22
"""Width and height of a button that shows a sign instead of a label."""


class _Button(QPushButton):
    """A button that is pressed without taking the keyboard, and with Enter where it has it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self._palette: Palette | None = None

    def wear(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt calls it so
        """Light up."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - as above
        """Go dark."""
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - as above
        """Let Enter press as Space does; the arrows are the window's."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _ground(self, palette: Palette, usual: str) -> str:
        if self.isDown():
            return palette.held
        return palette.hovered if self.underMouse() and self.isEnabled() else usual

    def _draw_ground(self, painter: QPainter, palette: Palette, usual: str, line: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(palette.focus), 2) if self.hasFocus() else QColor(line))
        if self.hasFocus():
            inner = inner.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(QColor(self._ground(palette, usual)))
        painter.drawRoundedRect(inner, RADIUS, RADIUS)


class Pill(_Button):
    """A button with a label of plain text, which is cut where there is no room."""

    def label(self, text: str) -> None:
        """Say what it does."""
        text = visible(text)
        self.setText(text.replace("&", "&&"))  # else a letter would become a shortcut
        self.setAccessibleName(text)

    def needs(self) -> int:
        """The width at which nothing is cut."""
        return self.fontMetrics().horizontalAdvance(self.accessibleName()) + 2 * _PADDING

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt calls it so
        """Give the size at which nothing is cut."""
        return QSize(self.needs(), self.fontMetrics().height() + 12)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - as above
        """Draw it."""
        if (palette := self._palette) is None:
            return
        painter = QPainter(self)
        self._draw_ground(painter, palette, palette.button, palette.line)
        painter.setPen(QColor(palette.text if self.isEnabled() else palette.faint))
        room = self.width() - 2 * _PADDING + 4
        text = self.accessibleName()
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()
        self.setToolTip("" if shown == text else f"<qt>{escape(text)}</qt>")


class IconButton(_Button):
    """A small button that shows a cross or three dots."""

    def __init__(self, parent: QWidget, name: str, *, is_cross: bool) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(ICON_SIZE, ICON_SIZE)
        self._is_cross = is_cross

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt calls it so
        """Draw it."""
        if (palette := self._palette) is None:
            return
        painter = QPainter(self)
        self._draw_ground(painter, palette, palette.surface, palette.surface)
        middle, reach = QPointF(ICON_SIZE / 2, ICON_SIZE / 2), 4.0
        colour = QColor(palette.text if self.underMouse() or self.hasFocus() else palette.faint)
        if self._is_cross:
            painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for way in (1, -1):
                painter.drawLine(middle + QPointF(-reach, -way * reach), middle + QPointF(reach, way * reach))
        else:
            dots = QPainterPath()
            for shift in (-5.0, 0.0, 5.0):
                dots.addEllipse(middle + QPointF(shift, 0), 1.5, 1.5)
            painter.fillPath(dots, colour)
        painter.end()
