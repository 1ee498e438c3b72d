"""The round picture of who is on the line: a photo, an icon, initials, or a silhouette."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QImageReader, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from bubbled.model import Direction, Tone
from bubbled.popup.image import content
from bubbled.popup.window.monogram import letters

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from bubbled.model import Card
    from bubbled.popup.window.theme import Palette

SIZE: Final = 44
"""Width and height of the picture."""

_BADGE: Final = 9.0
"""The radius of the mark in its corner."""


class Face(QWidget):
    """Shows one; files are read aside, since they may lie on a network that hangs."""

    _loaded = Signal(str, QImage)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(SIZE + 4, SIZE + 4)
        self._card: Card | None = None
        self._palette: Palette | None = None
        self._source = ""
        self._image = QImage()
        self._loaded.connect(self._take)

    def show_of(self, card: Card, palette: Palette) -> None:
        """Show who is on the line."""
        if card.picture != self._source:
            self._source, self._image = card.picture, QImage()
            self._load(card.picture)
        self._card, self._palette = card, palette
        self.update()

    def _load(self, source: str) -> None:
        pixels = SIZE * max(1.0, self.devicePixelRatioF())
        if source.startswith("/"):
            size, give = QSize(round(pixels), round(pixels)), self._loaded.emit
            Thread(target=lambda: give(source, read(source, size)), daemon=True).start()
        elif source:
            self._image = QIcon.fromTheme(source).pixmap(round(pixels * 0.6)).toImage()

    def _take(self, source: str, image: QImage) -> None:
        if source == self._source:
            self._image = image
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt calls it so
        """Draw it."""
        if self._card is None or self._palette is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        circle, accent = QRectF(0, 0, SIZE, SIZE), QColor(self._palette.accent(self._card))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(circle)
        if self._image.isNull():
            self._draw_initials(painter, circle)
        elif self._source.startswith("/"):
            path = QPainterPath()
            path.addEllipse(circle)
            painter.setClipPath(path)
            painter.drawImage(circle, self._image)
            painter.setClipping(False)
        else:
            side = SIZE * 0.6
            painter.drawImage(QRectF((SIZE - side) / 2, (SIZE - side) / 2, side, side), self._image)
        if self._card.tone is not Tone.NOTICE:
            self._draw_badge(painter, accent)
        painter.end()

    def _draw_initials(self, painter: QPainter, circle: QRectF) -> None:
        assert self._card  # noqa: S101 - only called with one
        assert self._palette  # noqa: S101 - as above
        painter.setPen(QColor(self._palette.on_accent))
        if text := letters(self._card):
            font = self.font()
            font.setBold(True)
            font.setPixelSize(17 if len(text) > 1 else 24)
            painter.setFont(font)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, text)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._palette.on_accent))
        clip = QPainterPath()
        clip.addEllipse(circle.adjusted(4, 4, -4, -4))
        painter.setClipPath(clip)
        painter.drawEllipse(QPointF(SIZE / 2, SIZE * 0.40), 7.5, 7.5)
        painter.drawEllipse(QPointF(SIZE / 2, SIZE * 0.92), 14.0, 14.5)
        painter.setClipping(False)

    def _draw_badge(self, painter: QPainter, accent: QColor) -> None:
        """Mark which way the call goes, or that it is none."""
        assert self._card  # noqa: S101 - only called with one
        assert self._palette  # noqa: S101 - as above
        middle = QPointF(SIZE - _BADGE + 3, SIZE - _BADGE + 3)
        painter.setPen(QPen(QColor(self._palette.surface), 2))
        painter.setBrush(accent)
        painter.drawEllipse(middle, _BADGE, _BADGE)
        ink = QPen(QColor(self._palette.on_accent), 1.7)
        ink.setCapStyle(Qt.PenCapStyle.RoundCap)
        ink.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(ink)
        if sign := _SIGNS.get(self._card.tone):
            font = self.font()
            font.setBold(True)
            font.setPixelSize(12)
            painter.setFont(font)
            painter.drawText(
                QRectF(middle.x() - 8, middle.y() - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, sign
            )
        elif self._card.direction is not None:
            _draw_arrow(painter, middle, 1 if self._card.direction is Direction.OUTBOUND else -1)
        else:
            painter.setBrush(QColor(self._palette.on_accent))
            painter.drawEllipse(middle, 1.5, 1.5)


_SIGNS: Final = {Tone.QUESTION: "?"}


def _draw_arrow(painter: QPainter, middle: QPointF, way: int) -> None:
    """Draw an arrow: up to the right (1), as one calls out, or down to the left (-1)."""
    tip, tail = middle + QPointF(3 * way, -3 * way), middle + QPointF(-3 * way, 3 * way)
    painter.drawLine(tail, tip)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([tip + QPointF(-5 * way, 0), tip, tip + QPointF(0, 5 * way)]))


def read(path: str, size: QSize) -> QImage:
    """Read an image file at this size, its middle where it is not square; a null image when it is none."""
    buffer = QBuffer()
    buffer.setData(content(Path(path)))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid():
        return QImage()
    reader.setScaledSize(whole.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    x, y = (image.width() - size.width()) // 2, (image.height() - size.height()) // 2
    return image.copy(max(0, x), max(0, y), size.width(), size.height()) if not image.isNull() else image
