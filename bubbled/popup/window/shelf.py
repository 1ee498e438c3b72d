"""All windows: where each stands, what each shows, and which has the keyboard."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QToolTip

from bubbled.popup.window import desktop
from bubbled.popup.window.bubble import Bubble
from bubbled.popup.window.fold import HEIGHT as FOLD_HEIGHT
from bubbled.popup.window.fold import Fold
from bubbled.popup.window.geometry import from_qt, to_qt
from bubbled.popup.window.loan import Loan
from bubbled.popup.window.message import GRACE_MS, Dismissed, Look, Pressed
from bubbled.popup.window.placement import Corner, Place, Rect, dropped, layout_key, moved, pick, stack
from bubbled.popup.window.remembered import RememberedPlaces
from bubbled.popup.window.theme import palette

if TYPE_CHECKING:
    from bubbled.model import Card, PopupId
    from bubbled.popup.window.placement import Monitor
    from bubbled.popup.window.theme import Palette
    from bubbled.popup.window.wording import WindowWording

_TICK_MS: Final = 1000


class Shelf(QObject):
    """Stacks the windows of popups, the oldest in the corner."""

    reported = Signal(object)
    """A `Report` of what the user did."""

    def __init__(self, wording: WindowWording) -> None:
        super().__init__()
        self._wording = wording
        self._look = Look()
        self._remembered = RememberedPlaces("")
        self._bubbles: dict[PopupId, Bubble] = {}
        self._leaving: dict[PopupId, QTimer] = {}
        self._parting: set[PopupId] = set()
        self._rects: list[Rect] = []
        self._turned = 0
        self._place: Place | None = None
        self._keyboard = Loan()
        self._fold = Fold(self._flags(), self._turn)
        self._spare: Bubble | None = self._bubble()
        self._clock = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        self._resettle = QTimer(self, interval=0, singleShot=True)
        self._resettle.timeout.connect(self._monitors_changed)
        desktop.watch(self._resettle.start, self._recolour)

    # -- orders

    def look(self, look: Look) -> None:
        """Stand and look like that from now on."""
        self._look = look
        self._remembered = RememberedPlaces(look.place_file)
        self._spare = self._bubble()
        for bubble in self._bubbles.values():
            bubble.setFixedWidth(look.width)
        self._recolour()

    def show(self, popup_id: PopupId, card: Card) -> None:
        """Put up a window, or change it where it is up."""
        self._parting.discard(popup_id)
        if timer := self._leaving.pop(popup_id, None):
            timer.stop()
        if popup_id in self._bubbles:
            self._fill(self._bubbles[popup_id], card)
            return
        bubble, self._spare = self._spare, None
        bubble = bubble or self._bubble()
        self._connect(bubble, popup_id)
        self._bubbles[popup_id] = bubble
        self._turned = 0
        self._fill(bubble, card)
        bubble.alert()
        QTimer.singleShot(0, self._have_spare)

    def update(self, popup_id: PopupId, card: Card) -> bool:
        """Change a window; tells whether it is up."""
        bubble = self._bubbles.get(popup_id)
        if bubble is not None:
            self._fill(bubble, card)
        return bubble is not None

    def close(self, popup_id: PopupId) -> None:
        """Take a window away, unless it goes or comes anew by itself; one that is typed into, afterwards."""
        bubble = self._bubbles.get(popup_id)
        if bubble is not None and bubble.is_busy:
            self._parting.add(popup_id)
        elif popup_id not in self._leaving:
            self._remove(popup_id)

    def focus(self) -> bool:
        """Give the newest window the keyboard; tells whether there is one."""
        staying = [bubble for popup_id, bubble in self._bubbles.items() if popup_id not in self._leaving]
        if not staying or desktop.is_wayland():
            return False
        self._turned = 0
        self._settle()
        self._keyboard.give(staying[-1])
        return True

    # -- one window

    def _bubble(self) -> Bubble:
        bubble = Bubble(self._look.width, self._wording, self._flags())
        bubble.ensurePolished()
        return bubble

    def _have_spare(self) -> None:
        # A window that is made while the phone rings would cost a third of the time to the pixels.
        self._spare = self._spare or self._bubble()

    @staticmethod
    def _flags() -> Qt.WindowType:
        # Window managers put windows where they think best, and a Wayland compositor lets only those stand
        # where they want that no window manager manages. Nor can those be given the keyboard by mistake.
        return (
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.X11BypassWindowManagerHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )

    def _connect(self, bubble: Bubble, popup_id: PopupId) -> None:
        bubble.pressed.connect(lambda button, text: self._pressed(popup_id, button, text))
        bubble.dismissed.connect(lambda: self._dismissed(popup_id))
        bubble.all_dismissed.connect(self._all_dismissed)
        bubble.grown.connect(self._settle)
        bubble.dragged.connect(self._dragged)
        bubble.dropped.connect(self._dropped)
        bubble.sent_home.connect(self._go_home)
        bubble.keyboard_wanted.connect(lambda: self._keyboard.give(bubble))
        bubble.keyboard_left.connect(lambda: self._typed(popup_id))

    def _fill(self, bubble: Bubble, card: Card) -> None:
        before = bubble.needs
        bubble.show_card(card, self._palette(), datetime.now(UTC))
        if bubble.needs == before and not bubble.isVisible():
            self._settle()
        self._run_clock()

    def _remove(self, popup_id: PopupId) -> None:
        if timer := self._leaving.pop(popup_id, None):
            timer.stop()
        self._parting.discard(popup_id)
        bubble = self._bubbles.pop(popup_id, None)
        if bubble is None:
            return
        if bubble is self._keyboard.holder:
            self._keyboard.end()
        bubble.hide()
        bubble.deleteLater()
        self._settle()
        self._run_clock()

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        if popup_id in self._leaving:
            return
        timer = self._leaving[popup_id] = QTimer(self, interval=GRACE_MS, singleShot=True)
        timer.timeout.connect(lambda: self._remove(popup_id))
        timer.start()
        self._keyboard.end()
        self.reported.emit(Pressed(popup_id, button, text))

    def _typed(self, popup_id: PopupId) -> None:
        self._keyboard.end()
        if popup_id in self._parting:
            self._remove(popup_id)

    def _dismissed(self, popup_id: PopupId) -> None:
        self._remove(popup_id)
        self.reported.emit(Dismissed(popup_id))

    def _all_dismissed(self) -> None:
        for popup_id in list(self._bubbles):
            self._dismissed(popup_id)

    # -- where they stand

    def _monitors_changed(self) -> None:
        self._place = None
        self._settle()

    def _where(self, monitors: list[Monitor]) -> tuple[Monitor, Place]:
        """Say on which monitor they stand, and where; it stays so while windows are up."""
        if self._place is None:
            self._place = self._remembered.get(layout_key(monitors)) or Place(
                pick(monitors, self._look.monitor, desktop.pointer()).name,
                Corner(self._look.corner),
                self._look.offset,
            )
        return pick(monitors, self._place.monitor, (0, 0)), self._place

    def _settle(self) -> None:
        """Put every window in its place."""
        monitors = desktop.monitors()
        if not self._bubbles or not monitors:
            self._place = self._place if self._bubbles else None
            self._fold.hide()
            return
        monitor, place = self._where(monitors)
        bubbles = self._in_turn()
        sizes = [(bubble.width(), bubble.needs) for bubble in bubbles]
        stacked = stack(sizes, monitor.free, place.corner, place.offset, FOLD_HEIGHT)
        self._rects = list(stacked.shown.values())
        for index, bubble in enumerate(bubbles):
            if rect := stacked.shown.get(index):
                bubble.place(to_qt(rect))
                if not bubble.isVisible():
                    bubble.show()
            else:
                bubble.hide()
        if stacked.fold is None:
            self._fold.hide()
        else:
            hidden = self._wording.folded(len(bubbles) - len(stacked.shown))
            self._fold.show_at(to_qt(stacked.fold), hidden, self._palette())

    def _in_turn(self) -> list[Bubble]:
        bubbles = list(self._bubbles.values())
        turned = self._turned % len(bubbles)
        return bubbles[len(bubbles) - turned :] + bubbles[: len(bubbles) - turned]

    def _turn(self) -> None:
        """Show those that were folded away."""
        self._turned += len(self._rects)
        self._settle()

    def _dragged(self, by: QPoint) -> None:
        for bubble in (*self._bubbles.values(), self._fold):
            bubble.move(bubble.pos() + by)
        self._rects = [moved(rect, (by.x(), by.y())) for rect in self._rects]

    def _dropped(self) -> None:
        monitors = desktop.monitors()
        first = from_qt(self._fold.geometry()) if self._fold.isVisible() else self._rects[0]
        self._place = dropped(first, monitors)
        self._remembered.put(layout_key(monitors), self._place)
        self._settle()

    def _go_home(self) -> None:
        self._remembered.put(layout_key(desktop.monitors()), None)
        self._monitors_changed()

    # -- how they look

    def _palette(self) -> Palette:
        return palette(self._look.theme, is_dark=desktop.is_dark())

    def _recolour(self) -> None:
        for bubble in self._bubbles.values():
            if bubble.card is not None:
                self._fill(bubble, bubble.card)
        self._monitors_changed()

    def _run_clock(self) -> None:
        runs = bool(self._bubbles)
        if runs != self._clock.isActive():
            (self._clock.start if runs else self._clock.stop)()

    def _tick(self) -> None:
        now = datetime.now(UTC)
        is_covered = QApplication.activePopupWidget() is not None or QToolTip.isVisible()
        for popup_id, bubble in self._bubbles.items():
            if popup_id not in self._parting:
                bubble.tick(now)
            # Nobody keeps it above who raises another window; but its own menu and tip belong above it.
            if bubble.isVisible() and not is_covered:
                bubble.raise_()
