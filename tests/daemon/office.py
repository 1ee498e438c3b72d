"""A dialler with a PBX that answers as the test says, a screen that can be read, and a user who presses."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from bubbled.daemon.dialler import Dialler, DialRules
from bubbled.daemon.inquiry import Inquiries
from bubbled.daemon.notice import Notices
from bubbled.daemon.phones import PhoneRules, Phones
from bubbled.daemon.placement import CallRules, Placement
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.preference import Preference
from bubbled.dialing.wording import Sentences
from bubbled.model import Call, CallId, Device, Failure
from bubbled.popup.command import ClosePopup, ShowPopup

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from bubbled.model import Card, PopupId
    from bubbled.pbx.ami.click_to_call import Click
    from bubbled.pbx.ami.originator import Originator
    from bubbled.popup.command import Command

DESK, SOFT = Device("PJSIP/101"), Device("PJSIP/201")
PLAN = DialPlan(region="NL", extensions=("1??",), ask=("premium_rate",))
CALL_RULES = CallRules(context="from-internal", ring_s=30, extension="101")
RULES = DialRules(plan=PLAN, call=CALL_RULES, sentences=Sentences())


class Exchange:
    """Takes clicks as a PBX does, and answers as the test says."""

    def __init__(self) -> None:
        self.clicks: list[Click] = []
        self.failure: Failure | None = None
        self.states: dict[Device, str] = {}
        self.asked: list[Device] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self._news = asyncio.Condition()

    async def dial(self, click: Click) -> Failure | None:
        async with self._news:
            self.clicks.append(click)
            self._news.notify_all()
        await self.answers.wait()
        return self.failure

    async def device_state(self, device: Device) -> str | None:
        self.asked.append(device)
        return self.states.get(device)

    async def called(self, *numbers: str) -> None:
        """Wait until exactly these have been dialled."""
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: [click.exten for click in self.clicks] == list(numbers))


class Office:
    """A dialler with a PBX, a screen and a user."""

    def __init__(self, folder: Path, rules: DialRules, phones: PhoneRules) -> None:
        self.exchange = Exchange()
        self.calls: dict[CallId, Call] = {}
        self.cards: dict[PopupId, Card] = {}
        self.trouble: str | None = None
        self.notices = Notices(self._perform)
        self.phones = Phones(phones, Preference(folder / "dial-from"), self.exchange.device_state)
        self.dialler = Dialler(
            rules,
            phones=self.phones,
            placement=Placement(self.phones, lambda: cast("Originator", self.exchange), self.calls),
            inquiries=Inquiries(self.notices),
            screen_trouble=lambda: self.trouble,
        )

    def _perform(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case ShowPopup(popup_id, card):
                    assert popup_id not in self.cards
                    self.cards[popup_id] = card
                case ClosePopup(popup_id):
                    del self.cards[popup_id]
                case _:
                    raise AssertionError(command)

    @property
    def card(self) -> Card | None:
        """The only card on the screen."""
        assert len(self.cards) < 2
        return next(iter(self.cards.values()), None)

    @property
    def asked(self) -> tuple[str, str] | None:
        """The question on the screen."""
        return None if self.card is None else (self.card.headline, self.card.status)

    def press(self, label: str) -> None:
        ((popup_id, card),) = self.cards.items()
        (button,) = (button.id for button in card.buttons if button.label == label)
        assert self.notices.pressed(popup_id, button)


@asynccontextmanager
async def office_with(
    folder: Path, rules: DialRules = RULES, phones: PhoneRules | None = None
) -> AsyncIterator[Office]:
    office = Office(folder, rules, phones or PhoneRules((DESK,), None, {}, skip_unregistered=False))
    try:
        yield office
    finally:
        await office.dialler.aclose()
        office.notices.aclose()
