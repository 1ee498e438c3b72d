"""One window: a card with its buttons."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPainterPath,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication, QWidget

from bubbled.popup.text import visible
from bubbled.popup.window import desktop
from bubbled.popup.window.button_area import ButtonArea
from bubbled.popup.window.clock import lasted
from bubbled.popup.window.face import SIZE as FACE_SIZE
from bubbled.popup.window.face import Face
from bubbled.popup.window.menu import Menu
from bubbled.popup.window.outline import rounded
from bubbled.popup.window.pill import ICON_SIZE, IconButton
from bubbled.popup.window.text import TextLine

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from bubbled.model import Card
    from bubbled.popup.window.theme import Palette
    from bubbled.popup.window.wording import WindowWording

_EDGE: Final = 5
"""Width of the coloured edge."""

_MARGIN: Final = 14
_RADIUS: Final = 10
_STAR: Final = 17
"""Width of the mark of an important caller."""

_STATUS_SCALE: Final = 0.97
_HEADLINE_SCALE: Final = 1.4
_LINE_SCALE: Final = 1.08
_SMALL_SCALE: Final = 0.9


class Bubble(QWidget):
    """Shows a card, and tells what the user does with it. It takes the keyboard only by `take_keyboard`."""

    pressed = Signal(str, str)
    """The id of a button, and what was typed with it."""
    dismissed = Signal()
    all_dismissed = Signal()
    grown = Signal()
    """It needs another height than it has; see `needs`."""
    dragged = Signal(QPoint)
    """So far, since the last time."""
    dropped = Signal()
    sent_home = Signal()
    """It is to go back where windows usually stand."""
    keyboard_wanted = Signal()
    keyboard_left = Signal()

    def __init__(self, width: int, wording: WindowWording, flags: Qt.WindowType) -> None:
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
        self.setFixedWidth(width)
        self.needs = 0
        self.card: Card | None = None
        self._palette: Palette | None = None
        self._wording = wording
        self._drag: QPoint | None = None
        self._is_dragged = False
        self._face = Face(self)
        self._status = TextLine(self, scale=_STATUS_SCALE, bold=True, most_lines=3)
        self._clock = TextLine(self, scale=_STATUS_SCALE)
        self._headline = TextLine(self, scale=_HEADLINE_SCALE, bold=True, most_lines=2)
        self._lines: list[TextLine] = []
        self._footnote = TextLine(self, scale=_SMALL_SCALE)
        self._buttons = ButtonArea(self, wording, can_type=not desktop.is_wayland())
        self._menu = IconButton(self, wording.menu(), is_cross=False)
        self._close = IconButton(self, wording.close(), is_cross=True)
        self._star = QRectF()
        self._connect()

    def _connect(self) -> None:
        self._buttons.pressed.connect(self.pressed)
        self._buttons.question_opened.connect(self._asked)
        self._buttons.question_closed.connect(self._answered)
        self._close.clicked.connect(self.dismissed)
        self._menu.clicked.connect(self._open_menu)

    @property
    def is_busy(self) -> bool:
        """Whether the user types into it."""
        return self._buttons.is_asking

    def show_card(self, card: Card, palette: Palette, now: datetime) -> None:
        """Show a card in place of the one before."""
        self.card, self._palette = card, palette
        accent = palette.accent(card)
        self._face.show_of(card, palette)
        self._status.say(card.status, accent)
        self._headline.say(card.headline, palette.text)
        self._say_lines(card, palette)
        self._footnote.say(card.footnote, palette.faint)
        self._buttons.show_buttons(card.buttons, palette)
        for each in (self._menu, self._close):
            each.wear(palette)
        self._tick(now)
        self._tell_readers(card)
        self._lay()

    def tick(self, now: datetime) -> None:
        """Show how long the call has lasted by now."""
        before = len(self._clock.text())
        self._tick(now)
        if len(self._clock.text()) != before:
            self._lay()

    def alert(self) -> None:
        """Let screen readers say who calls."""
        if QAccessible.isActive():
            text = f"{self.accessibleName()}. {self.accessibleDescription()}"
            announcement = QAccessibleAnnouncementEvent(self, text)
            announcement.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
            QAccessible.updateAccessibility(announcement)

    def take_keyboard(self) -> None:
        """Let keys go to the first button; the window has to be made the active one besides."""
        self._buttons.focus_first(self._close)

    # -- what it shows

    def _tick(self, now: datetime) -> None:
        if self.card is not None and self._palette is not None:
            since = self.card.since
            self._clock.say(lasted(since, now) if since else "", self._palette.accent(self.card))

    def _say_lines(self, card: Card, palette: Palette) -> None:
        while len(self._lines) < len(card.lines):
            self._lines.append(TextLine(self, scale=_LINE_SCALE, most_lines=2))
        for number, widget in enumerate(self._lines):
            text = card.lines[number] if number < len(card.lines) else ""
            widget.say(text, palette.text if number == 0 else palette.faint)

    def _tell_readers(self, card: Card) -> None:
        vip = (self._wording.important(),) if card.is_vip else ()
        self.setAccessibleName(visible(", ".join(filter(None, (*vip, card.status, card.headline)))))
        self.setAccessibleDescription(visible(", ".join((*card.lines, card.footnote)).strip(", ")))
        self.setWindowTitle(self.accessibleName())

    def _lay(self) -> None:
        """Put everything in its place; the height follows from it."""
        left, top = _EDGE + _MARGIN, _MARGIN
        beside = left + FACE_SIZE + _MARGIN
        icons = self.width() - 10 - 2 * ICON_SIZE - 2
        self._face.move(left, top)
        self._menu.move(icons, 9)
        self._close.move(icons + ICON_SIZE + 2, 9)
        y = top + self._lay_status(beside, top, icons - 6 - beside) + 3
        y = self._lay_texts(beside, y, self.width() - _MARGIN - beside)
        y = max(y, top + FACE_SIZE + 4)
        y = self._buttons.lay(left, y + 10, self.width() - _MARGIN - left)
        self._set_height(y + _MARGIN)

    def _lay_status(self, x: int, y: int, room: int) -> int:
        clock = self._clock.needs() if self._clock.text() else 0
        needs = min(self._status.needs(), room - (clock + 8 if clock else 0))
        height = self._status.fit(needs)
        self._status.setGeometry(x, y, needs, height)
        self._clock.setGeometry(x + needs + 8, y, clock, self._clock.fit(max(1, clock)))
        return height

    def _lay_texts(self, x: int, y: int, room: int) -> int:
        star = _STAR + 5 if self.card and self.card.is_vip else 0
        height = self._headline.fit(room - star)
        self._headline.setGeometry(x + star, y, room - star, height)
        middle = y + self._headline.fontMetrics().height() / 2
        self._star = QRectF(x, middle - _STAR / 2, _STAR, _STAR) if star else QRectF()
        y += height + 2
        for widget in (*self._lines, self._footnote):
            if widget.text():
                y += 4 if widget is self._footnote else 1
                height = widget.fit(room)
                widget.setGeometry(x, y, room, height)
                y += height
        return y

    def _set_height(self, height: int) -> None:
        self.update()
        if height != self.needs:
            self.needs = height
            self.grown.emit()

    def place(self, rect: QRect) -> None:
        """Stand there."""
        if self.geometry() != rect:
            self.setFixedHeight(rect.height())
            self.move(rect.topLeft())
            self.setMask(rounded(rect.width(), rect.height(), _RADIUS + 1))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt calls it so
        """Draw what all stands on."""
        if self.card is None or self._palette is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.fillPath(outline, QColor(self._palette.surface))
        painter.setClipPath(outline)
        painter.fillRect(QRectF(0, 0, _EDGE, whole.height()), QColor(self._palette.accent(self.card)))
        painter.setClipping(False)
        painter.setPen(QColor(self._palette.line))
        painter.drawPath(outline)
        if not self._star.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._palette.vip))
            painter.drawPolygon(_star(self._star))
        painter.end()

    # -- what the user does

    def _asked(self) -> None:
        self._lay()
        self.keyboard_wanted.emit()

    def _answered(self) -> None:
        self._lay()
        self.keyboard_left.emit()

    def _open_menu(self) -> None:
        assert self._palette  # noqa: S101 - a window that can be pressed shows a card
        menu = Menu(self, self._palette)
        menu.entry(self._wording.to_its_place(), self.sent_home.emit)
        menu.entry(self._wording.close(), self.dismissed.emit)
        menu.entry(self._wording.close_all(), self.all_dismissed.emit)
        menu.open_at(self._menu)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - as above
        """Walk among the buttons, or close."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.dismissed.emit()
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                self.focusNextPrevChild(True)  # noqa: FBT003 - Qt has it so
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                self.focusNextPrevChild(False)  # noqa: FBT003 - as above
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - as above
        """Take hold of the window."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag, self._is_dragged = event.globalPosition().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - as above
        """Drag it."""
        if self._drag is None:
            return
        here = event.globalPosition().toPoint()
        far = (here - self._drag).manhattanLength() >= QApplication.startDragDistance()
        if self._is_dragged or far:
            self._is_dragged = True
            self.dragged.emit(here - self._drag)
            self._drag = here

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - as above
        """Let it stand where it is."""
        if self._is_dragged:
            self.dropped.emit()
        self._drag, self._is_dragged = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - as above
        """Take back what was dragged."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.sent_home.emit()


def _star(inside: QRectF) -> QPolygonF:
    middle, outer = inside.center(), inside.width() / 2
    reach = (outer, outer * 0.42)
    return QPolygonF(
        [
            middle + QPointF(sin(step * pi / 5) * reach[step % 2], -cos(step * pi / 5) * reach[step % 2])
            for step in range(10)
        ]
    )
