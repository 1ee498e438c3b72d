"""Shows what a layout makes of a call, for whoever makes one: legend, preview, an example on the screen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.control.layout import Candidate, Preview
from bubbled.error import ControlError
from bubbled.popup import image
from bubbled.popup.command import Choose, Dial, TakeNote
from bubbled.popup.example import SCENES, again, everything
from bubbled.popup.layout import act
from bubbled.popup.legend import Legend, legend, legend_json
from bubbled.popup.purpose import OpenList
from bubbled.popup.rehearsal import NO_BUTTON, example_card, outcome_card, rehearsal_json, rehearsed, told
from bubbled.popup.variable import Values
from bubbled.settings.proposal import mistaken_buttons, proposed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bubbled.daemon.desk import Desk
    from bubbled.history.store import History
    from bubbled.model import Card
    from bubbled.popup.command import Action
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Subject
    from bubbled.settings.proposal import Proposal
    from bubbled.settings.schema import Settings

_EXAMPLE_S: Final = 60.0
"""How long an example stays: long enough to try its buttons."""

_OUTCOME_S: Final = 12.0


class LayoutDesk:
    """Answers about the layout that is in force, and about candidates for it."""

    def __init__(
        self,
        desk: Desk,
        history: History,
        settings: Callable[[], Settings],
        layout: Callable[[Settings], Layout],
    ) -> None:
        """Show examples at `desk`; `settings` gives those in force, `layout` what they make of popups."""
        self._desk = desk
        self._history = history
        self._settings = settings
        self._layout = layout

    async def legend(self) -> Legend:
        """Every variable, with what it is for the latest call; for an invented one before the first."""
        now, past = self._desk.now(), await self._history.latest()
        layout = self._layout(self._settings())
        if past is None:
            return legend(Values(*everything(layout, now), now))
        return legend(Values(await self._desk.subject_of(past), layout, now), past.call.id)

    async def preview(self, candidate: Candidate) -> Preview:
        """Tell what a candidate makes of a call: without buttons that have mistakes; or the legend alone.

        Raises:
            ControlError: there is no such call.
        """
        real = await self._real_call(candidate)
        # In a thread: fifty buttons, or the disk, take longer than a phone that rings should wait.
        return await asyncio.to_thread(self._preview, candidate, real, self._desk.now())

    def _preview(self, candidate: Candidate, real: Subject | None, now: datetime) -> Preview:
        proposal = self._proposed(candidate)
        sound, wrong = self._without_wrong_buttons(candidate, proposal)
        layout = self._layout(sound.settings or self._settings())
        subject = real or _invented(candidate, layout, now)
        known = legend_json(legend(Values(subject, layout, now), candidate.call))
        if sound.settings is None:
            return Preview(None, "", (), known, proposal.mistakes)
        card = example_card(subject, layout, now)
        tried = list(rehearsed(subject, layout, now))
        for at in sorted(wrong):
            tried.insert(at, NO_BUTTON)
        return Preview(
            card,
            card.picture,
            tuple(map(rehearsal_json, tried)),
            known,
            proposal.mistakes,
            warnings=sound.warnings,
            is_picture_lacking=card.picture.startswith("/") and not image.content(Path(card.picture)),
        )

    async def show_example(self, candidate: Candidate) -> Card:
        """Show the popup that a candidate makes of a call, of which no button does anything.

        Raises:
            ControlError: there is no such call, or the candidate has mistakes.
        """
        layout = self._layout(_right(self._proposed(candidate)))
        subject = await self._subject(candidate, layout)
        card = example_card(subject, layout, self._desk.now())
        self._show(card, subject, layout)
        return card

    async def press(self, candidate: Candidate, button: int) -> str:
        """Do once what a button of a candidate is for, and give that in words.

        Args:
            candidate: where its call is invented, nobody is called, and no note is kept.
            button: which, in the order of the settings, counted from 1.

        Raises:
            ControlError: there is no such button or call, or that cannot be done now.
        """
        layout, now = self._layout(_right(self._proposed(candidate))), self._desk.now()
        subject = await self._subject(candidate, layout)
        if not 1 <= button <= len(layout.buttons):
            raise ControlError("There is no such button any more; look at the page again.")
        found = layout.buttons[button - 1].purpose.action(Values(subject, layout, now), "")
        action = _possible(found, is_real=candidate.call is not None)
        self._desk.do(action)
        return told(action, layout.wording.catalogue.gettext)

    def _without_wrong_buttons(
        self, candidate: Candidate, proposal: Proposal
    ) -> tuple[Proposal, frozenset[int]]:
        """The same without the buttons that have mistakes, if nothing else has; and which these are."""
        wrong = mistaken_buttons(proposal.mistakes)
        if not wrong:
            return proposal, frozenset()
        right = [each for at, each in enumerate(candidate.sections["button"]) if at not in wrong]
        return proposed(self._settings(), {**candidate.sections, "button": right}), wrong

    def _proposed(self, candidate: Candidate) -> Proposal:
        return proposed(self._settings(), candidate.sections)

    async def _subject(self, candidate: Candidate, layout: Layout) -> Subject:
        return await self._real_call(candidate) or _invented(candidate, layout, self._desk.now())

    async def _real_call(self, candidate: Candidate) -> Subject | None:
        if candidate.call is None:
            return None
        past = await self._history.call(candidate.call)
        if past is None:
            raise ControlError("That call is not in the history any more; choose another one.")
        return again(await self._desk.subject_of(past), self._desk.now())

    def _show(self, card: Card, subject: Subject, layout: Layout) -> None:
        def pressed(button: str) -> None:
            label = next((each.label for each in card.buttons if each.id == button), "")
            action = act(subject, button, "", layout, self._desk.now())
            # The desktop closed the example with the press; the next button is to be tried as well.
            self._show(card, subject, layout)
            outcome = outcome_card(label, action, layout.wording.catalogue.gettext)
            self._desk.notices.show(outcome, for_s=_OUTCOME_S)

        self._desk.notices.show(card, for_s=_EXAMPLE_S, on_answer=pressed)


def _invented(candidate: Candidate, layout: Layout, now: datetime) -> Subject:
    if candidate.scene not in SCENES:
        raise ControlError(f"There is no such example; there are {', '.join(SCENES)}.")
    return SCENES[candidate.scene](layout, now)


def _possible(action: Action | OpenList | None, *, is_real: bool) -> Action:
    """What a button is for, where that can be done without a popup, and for this call."""
    match action:
        case None:
            raise ControlError("For this call the button would do nothing; choose another call to try it.")
        case OpenList() | Choose():
            raise ControlError("Only a popup can list who has a number; show the example on your screen.")
        case Dial() | TakeNote() if not is_real:
            raise ControlError(
                "This call is made up, so nobody is called or noted; choose a real call to try it."
            )
    return action


def _right(proposal: Proposal) -> Settings:
    if proposal.settings is None:
        raise ControlError(f"Nothing is shown before this is mended: {proposal.mistakes[0]}.")
    return proposal.settings
