"""Shows what a layout makes of a call, for whoever makes one: the legend, and an example on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.error import ControlError
from bubbled.popup.example import SCENES, everything
from bubbled.popup.layout import act
from bubbled.popup.legend import Legend, legend
from bubbled.popup.rehearsal import example_card, outcome_card
from bubbled.popup.variable import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.daemon.desk import Desk
    from bubbled.history.store import History
    from bubbled.model import Card
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Subject

_EXAMPLE_S: Final = 60.0
"""How long an example stays: long enough to try its buttons."""

_OUTCOME_S: Final = 12.0


class LayoutDesk:
    """Answers about the layout that is in force."""

    def __init__(self, desk: Desk, history: History, layout: Callable[[], Layout]) -> None:
        """Show examples at `desk`; `layout` gives the one that is in force."""
        self._desk = desk
        self._history = history
        self._layout = layout

    async def legend(self) -> Legend:
        """Every variable, with what it is for the latest call; for an invented one before the first."""
        now, past = self._desk.now(), await self._history.latest()
        if past is None:
            return legend(Values(*everything(self._layout(), now), now))
        return legend(Values(await self._desk.subject_of(past), self._layout(), now), past.call.id)

    def show_example(self, scene: str) -> Card:
        """Show the popup of an invented call, of which no button does anything.

        Raises:
            ControlError: there is no such scene.
        """
        if scene not in SCENES:
            raise ControlError(f"There is no such example; there are {', '.join(SCENES)}.")
        layout, now = self._layout(), self._desk.now()
        subject = SCENES[scene](layout, now)
        card = example_card(subject, layout, now)
        self._show(card, subject, layout)
        return card

    def _show(self, card: Card, subject: Subject, layout: Layout) -> None:
        def pressed(button: str) -> None:
            label = next((each.label for each in card.buttons if each.id == button), "")
            action = act(subject, button, "", layout, self._desk.now())
            # The desktop closed the example with the press; the next button is to be tried as well.
            self._show(card, subject, layout)
            outcome = outcome_card(label, action, layout.wording.catalogue.gettext)
            self._desk.notices.show(outcome, for_s=_OUTCOME_S)

        self._desk.notices.show(card, for_s=_EXAMPLE_S, on_answer=pressed)
