"""The buttons below a card, or in their place the question that one of them asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from bubbled.popup.window.grid import cells, columns
from bubbled.popup.window.menu import Menu
from bubbled.popup.window.pill import Pill
from bubbled.popup.window.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from bubbled.model import Button
    from bubbled.popup.window.theme import Palette
    from bubbled.popup.window.wording import WindowWording

MOST: Final = 4
"""Buttons that are seen; the others are in a menu."""

_GAP: Final = 6


class ButtonArea(QObject):
    """Has the buttons of one window.

    Args:
        window: which.
        wording: in which language.
        can_type: whether the window can be given the keyboard; else a button that asks for a text is pressed
            without one, and whoever hears of it has to ask.
    """

    pressed = Signal(str, str)
    question_opened = Signal()
    question_closed = Signal()

    def __init__(self, window: QWidget, wording: WindowWording, *, can_type: bool) -> None:
        super().__init__(window)
        self._window = window
        self._can_type = can_type
        self._buttons: tuple[Button, ...] = ()
        self._palette: Palette | None = None
        self._asking: Button | None = None
        self._pills: list[Pill] = []
        self._more = self._pill(wording.more(), self._open_more)
        self._question = Question(window)
        self._question.setToolTip(wording.how_to_send())
        self._send = self._pill(wording.send(), self._question.send)
        self._cancel = self._pill(wording.cancel(), self._drop)
        self._question.sent.connect(self._sent)
        self._question.dropped.connect(self._drop)

    def _pill(self, label: str, do: object) -> Pill:
        pill = Pill(self._window)
        pill.label(label)
        pill.clicked.connect(do)
        pill.hide()
        return pill

    def _numbered_pill(self, index: int) -> Pill:
        return self._pill("", lambda: self._press(self._buttons[index]))

    @property
    def is_asking(self) -> bool:
        """Whether the user is asked something just now."""
        return self._asking is not None

    def show_buttons(self, buttons: Sequence[Button], palette: Palette) -> None:
        """Have these; a question stays open while its button is there."""
        if self._asking and self._asking.id not in {each.id for each in buttons}:
            self._asking = None
            self.question_closed.emit()
        self._buttons, self._palette = tuple(buttons), palette
        while len(self._pills) < min(MOST, len(buttons)):
            self._pills.append(self._numbered_pill(len(self._pills)))
        for pill, button in zip(self._pills, self._buttons, strict=False):
            pill.label(button.label)
        for pill in (*self._pills, self._more, self._send, self._cancel):
            pill.wear(palette)
        self._question.wear(palette)

    def lay(self, x: int, y: int, room: int) -> int:
        """Put them in their place; gives where they end."""
        seen = self._seen()
        for pill in (*self._pills, self._more, self._send, self._cancel):
            pill.setVisible(pill in seen)
        self._question.setVisible(self.is_asking)
        if self.is_asking:
            height = self._question.needs()
            self._question.setGeometry(x, y, room, height)
            y += height + _GAP
        return self._lay_pills(seen, x, y, room) if seen else y - 10

    def focus_first(self, otherwise: QWidget) -> None:
        """Give the keyboard to the question, the first button, or what is there without buttons."""
        seen = self._seen()
        (self._question if self.is_asking else seen[0] if seen else otherwise).setFocus()

    def _seen(self) -> list[Pill]:
        if self.is_asking:
            return [self._send, self._cancel]
        shown = self._pills[: min(MOST, len(self._buttons))]
        return [*shown, self._more] if len(self._buttons) > MOST else shown

    def _lay_pills(self, pills: Sequence[Pill], x: int, y: int, room: int) -> int:
        in_row = columns([pill.needs() for pill in pills], room, _GAP)
        height = pills[0].sizeHint().height()
        row = 0
        for pill, (row, start, width) in zip(pills, cells(len(pills), in_row, room, _GAP), strict=True):
            pill.setGeometry(x + start, y + row * (height + _GAP), width, height)
        return y + row * (height + _GAP) + height

    def _press(self, button: Button) -> None:
        if not button.asks or not self._can_type or self._palette is None:
            self.pressed.emit(button.id, "")
            return
        self._asking = button
        self._question.ask(button.asks, self._palette)
        self.question_opened.emit()
        self._question.setFocus()

    def _sent(self, text: str) -> None:
        button, self._asking = self._asking, None
        self.question_closed.emit()
        if button and text:
            self.pressed.emit(button.id, text)

    def _drop(self) -> None:
        self._asking = None
        self.question_closed.emit()

    def _open_more(self) -> None:
        assert self._palette  # noqa: S101 - a button that can be pressed has its colours
        menu = Menu(self._window, self._palette)
        for button in self._buttons[MOST:]:
            menu.entry(button.label, lambda button=button: self._press(button))  # type: ignore[misc]  # bound now
        menu.open_at(self._more)
