"""Rectangles as Qt has them, and as placements are worked out with."""

from __future__ import annotations

from PySide6.QtCore import QRect

from bubbled.popup.window.placement import Rect


def to_qt(rect: Rect) -> QRect:
    """For Qt."""
    return QRect(rect.x, rect.y, rect.width, rect.height)


def from_qt(rect: QRect) -> Rect:
    """From Qt."""
    return Rect(rect.x(), rect.y(), rect.width(), rect.height())
