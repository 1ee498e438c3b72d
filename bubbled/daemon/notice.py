"""Cards that are about no call: questions, and why something was not done."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from bubbled.model import Card, PopupId, Tone
from bubbled.popup.command import ClosePopup, ShowPopup
from bubbled.popup.language import catalogue
from bubbled.popup.text import one_line
from bubbled.tray.wording import Sentences

if TYPE_CHECKING:
    from bubbled.error import BubbledError
    from bubbled.popup.command import Command

Perform = Callable[[Iterable["Command"]], None]
OnAnswer = Callable[[str], None]

_REFUSAL_S: Final = 12.0
_LONGEST: Final = 300
"""Characters of a reason."""


@dataclass(slots=True)
class _Notice:
    on_answer: OnAnswer | None
    end: asyncio.TimerHandle | None

    def stay(self) -> None:
        """Do not go by itself any more."""
        if self.end is not None:
            self.end.cancel()


class Notices:
    """Shows them for a while; muting does not hold for them, since the user has just asked for something.

    Each has a popup of its own: were one changed into another, a press that was meant for the first would
    answer the second, and the desktop's word that it closed the first would take the second away.
    """

    def __init__(self, perform: Perform) -> None:
        """Have `perform` carry out what popups are to do."""
        self._perform = perform
        self._up: dict[PopupId, _Notice] = {}
        self._ids = (PopupId(f"notice-{number}") for number in count(1))

    def show(self, card: Card, *, for_s: float | None, on_answer: OnAnswer | None = None) -> PopupId:
        """Show a card; gives what names it.

        Args:
            card: with the buttons that `on_answer` is for.
            for_s: seconds until it goes by itself; None: it stays until it is closed.
            on_answer: told the id of the button that the user presses, if one is pressed.
        """
        popup_id = next(self._ids)
        end = asyncio.get_running_loop().call_later(for_s, self.close, popup_id) if for_s else None
        self._up[popup_id] = _Notice(on_answer, end)
        self._perform([ShowPopup(popup_id, card)])
        return popup_id

    def refuse(self, error: BubbledError) -> None:
        """Tell for a while why something that the user wanted was not done."""
        headline, reason = Sentences(catalogue(os.environ)).not_done(), one_line(str(error), _LONGEST)
        self.show(Card(headline, (reason,), "", Tone.NOTICE), for_s=_REFUSAL_S)

    def is_up(self, popup_id: PopupId) -> bool:
        """Tell whether a card is still there."""
        return popup_id in self._up

    def close(self, popup_id: PopupId) -> None:
        """Take one away, if it is up."""
        if (notice := self._up.pop(popup_id, None)) is not None:
            notice.stay()
            self._perform([ClosePopup(popup_id)])

    def pressed(self, popup_id: PopupId, button: str) -> bool:
        """Take a press; tell whether it was on one of these cards."""
        if (notice := self._up.get(popup_id)) is None:
            return False
        self.close(popup_id)
        if notice.on_answer is not None:
            notice.on_answer(button)
        return True

    def dismissed(self, popup_id: PopupId) -> bool:
        """Take note that the user closed a popup; tell whether it was one of these cards."""
        if (notice := self._up.pop(popup_id, None)) is None:
            return False
        notice.stay()
        return True

    def aclose(self) -> None:
        """Let none go by itself any more; the screen takes them away."""
        for notice in self._up.values():
            notice.stay()
        self._up.clear()
