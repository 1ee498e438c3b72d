"""The shape of windows: rectangles with round corners."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBitmap, QPainter, QRegion


def rounded(width: int, height: int, radius: int) -> QRegion:
    """Leave out what lies outside of the corners: without a compositor it would be black."""
    shape = QBitmap(width, height)
    shape.fill(Qt.GlobalColor.color0)
    painter = QPainter(shape)
    painter.setPen(Qt.GlobalColor.color1)
    painter.setBrush(Qt.GlobalColor.color1)
    painter.drawRoundedRect(0, 0, width - 1, height - 1, radius, radius)
    painter.end()
    return QRegion(shape)
