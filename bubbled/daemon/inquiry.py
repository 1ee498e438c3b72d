"""What the user is asked and told on the screen about a wish to call, before there is a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.dialing.destination import Source
from bubbled.dialing.wording import NO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.daemon.notice import Notices
    from bubbled.dialing.destination import Destination
    from bubbled.model import Card, PopupId

QUESTION_S: Final = 45.0
NOTICE_S: Final = 10.0
MOST_QUESTIONS: Final = 3
"""Of links, side by side; a page that opens more of them would fill the screen."""


@dataclass(frozen=True, slots=True)
class _Question:
    about: frozenset[str]
    source: Source


class Inquiries:
    """Keeps at most one notice, and the questions that are open.

    What the user does himself takes the place of what was asked before. A link does not: a page could put a
    question there just when the user presses the button of the one before. The same link again is the same
    question.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._notice: PopupId | None = None
        self._questions: dict[PopupId, _Question] = {}

    def tell(self, card: Card) -> None:
        """Say why nobody is called."""
        self._drop_notice()
        self._notice = self._notices.show(card, for_s=NOTICE_S)

    def has_room(self, destinations: Sequence[Destination], source: Source) -> bool:
        """Tell whether that may be asked too, or is asked already."""
        if source is not Source.LINK or self._is_asked(destinations):
            return True
        return sum(question.source is Source.LINK for question in self._open()) < MOST_QUESTIONS

    def ask(
        self,
        card: Card,
        destinations: Sequence[Destination],
        source: Source,
        on_chosen: Callable[[Destination], None],
    ) -> None:
        """Ask about destinations, in the order of the buttons; `on_chosen` is told the one to call."""
        self._drop_notice()
        if source is not Source.LINK:
            self.drop_all()
        elif self._is_asked(destinations):
            return
        offered = dict(zip((button.id for button in card.buttons), destinations, strict=False))
        offered.pop(NO, None)

        def answered(button: str) -> None:
            if (chosen := offered.get(button)) is not None:
                on_chosen(chosen)

        popup_id = self._notices.show(card, for_s=QUESTION_S, on_answer=answered)
        self._questions[popup_id] = _Question(_numbers(destinations), source)

    def settle(self, dialled: str) -> None:
        """Take away what is no more to be asked or told, since that number is called now."""
        self._drop_notice()
        for popup_id, question in list(self._questions.items()):
            if dialled in question.about:
                self._notices.close(popup_id)
                del self._questions[popup_id]

    def drop_all(self) -> None:
        """Take every question away unanswered."""
        for popup_id in self._questions:
            self._notices.close(popup_id)
        self._questions.clear()

    def _is_asked(self, destinations: Sequence[Destination]) -> bool:
        return any(question.about == _numbers(destinations) for question in self._open())

    def _open(self) -> Sequence[_Question]:
        """Those that nobody has answered or closed, nor time."""
        self._questions = {
            popup_id: question
            for popup_id, question in self._questions.items()
            if self._notices.is_up(popup_id)
        }
        return list(self._questions.values())

    def _drop_notice(self) -> None:
        if self._notice is not None:
            self._notices.close(self._notice)
            self._notice = None


def _numbers(destinations: Sequence[Destination]) -> frozenset[str]:
    return frozenset(each.dialled for each in destinations)
