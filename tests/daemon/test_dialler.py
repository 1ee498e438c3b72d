from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from bubbled.control.dialling import Answer
from bubbled.daemon.dialler import NOTICE, Dialler, DialRules, NotDialledError
from bubbled.daemon.notice import Notices
from bubbled.daemon.phones import PhoneRules, Phones
from bubbled.dialing.destination import Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.preference import Preference
from bubbled.dialing.wording import Sentences
from bubbled.error import ControlError
from bubbled.model import Call, CallId, CallState, Device, Failure
from bubbled.popup.command import ClosePopup, ShowPopup, UpdatePopup

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from bubbled.model import Card
    from bubbled.pbx.ami.click_to_call import Click
    from bubbled.pbx.ami.originator import Originator
    from bubbled.popup.command import Command

DESK, SOFT = Device("PJSIP/101"), Device("PJSIP/201")
PLAN = DialPlan(region="NL", extensions=("1??",), ask=("premium_rate",))
RULES = DialRules(plan=PLAN, sentences=Sentences(), context="from-internal", ring_s=30, extension="101")


class Exchange:
    """Takes clicks as a PBX does, and answers as the test says."""

    def __init__(self) -> None:
        self.clicks: list[Click] = []
        self.failure: Failure | None = None
        self.states: dict[Device, str] = {}
        self.asked: list[Device] = []
        self._news = asyncio.Condition()

    async def dial(self, click: Click) -> Failure | None:
        async with self._news:
            self.clicks.append(click)
            self._news.notify_all()
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
        self.card: Card | None = None
        self.trouble: str | None = None
        self.notices = Notices(self._perform)
        self.phones = Phones(phones, Preference(folder / "dial-from"), self.exchange.device_state)
        self.dialler = Dialler(
            rules,
            phones=self.phones,
            notices=self.notices,
            originator=lambda: cast("Originator", self.exchange),
            calls=self.calls,
            screen_trouble=lambda: self.trouble,
        )

    def _perform(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case ShowPopup(popup_id, card) | UpdatePopup(popup_id, card):
                    assert popup_id == NOTICE
                    self.card = card
                case ClosePopup(_):
                    self.card = None

    @property
    def asked(self) -> tuple[str, str] | None:
        """The question on the screen."""
        return None if self.card is None else (self.card.headline, self.card.status)

    def press(self, label: str) -> None:
        assert self.card is not None
        (button,) = (button.id for button in self.card.buttons if button.label == label)
        assert self.notices.pressed(NOTICE, button)


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


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with office_with(tmp_path) as office:
        yield office


async def test_a_number_is_dialled(office: Office) -> None:
    dialling = await office.dialler.dial("+31 (0)20 123 45 67", Source.TYPED)
    (click,) = office.exchange.clicks
    assert (click.exten, click.number, click.e164) == ("0201234567", "0201234567", "+31201234567")
    assert (click.device, click.context, click.ring_s, click.internal) == (DESK, "from-internal", 30, False)
    assert (dialling.answer, dialling.call, dialling.device) == (Answer.DIALLED, click.id, DESK)
    assert office.card is None


async def test_a_colleague_is_dialled(office: Office) -> None:
    await office.dialler.dial("102", Source.TYPED)
    (click,) = office.exchange.clicks
    assert (click.exten, click.e164, click.internal) == ("102", None, True)


async def test_the_prefix_of_an_outside_line_is_no_part_of_the_number(tmp_path: Path) -> None:
    rules = replace(RULES, plan=replace(PLAN, outside_prefix="9"))
    async with office_with(tmp_path, rules) as office:
        dialling = await office.dialler.dial("0201234567", Source.TYPED)
        (click,) = office.exchange.clicks
        assert (click.exten, click.number) == ("90201234567", "0201234567")
        assert dialling.choices[0].number == "+31201234567"


@pytest.mark.parametrize("source", [Source.SELECTION, Source.LINK, Source.POPUP])
async def test_at_the_screen_a_refusal_is_told_there(office: Office, source: Source) -> None:
    with pytest.raises(NotDialledError, match="nobody was called"):
        await office.dialler.dial("hello", source)
    assert office.asked == ("No phone number", "Nobody was called")
    assert office.exchange.clicks == []


async def test_at_a_terminal_a_refusal_is_told_there(office: Office) -> None:
    with pytest.raises(NotDialledError, match="No phone number"):
        await office.dialler.dial("hello", Source.TYPED)
    assert office.card is None


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("text", ["112", "0900-1234"])
async def test_emergency_and_premium_numbers_wait_for_a_yes(
    office: Office, text: str, source: Source
) -> None:
    dialling = await office.dialler.dial(text, source)
    assert dialling.answer is Answer.ASKED
    assert office.exchange.clicks == []
    assert office.card is not None
    assert "--yes" in office.card.instead
    office.press("Call")
    await office.exchange.called("112" if text == "112" else "09001234")
    assert office.card is None


async def test_a_no_calls_nobody(office: Office) -> None:
    await office.dialler.dial("112", Source.SELECTION)
    office.press("Do not call")
    assert office.card is None
    await office.dialler.dial("0201234567", Source.TYPED)
    await office.exchange.called("0201234567")


async def test_a_link_waits_for_a_yes_unless_it_is_trusted(office: Office) -> None:
    await office.dialler.dial("tel:+31201234567", Source.LINK)
    assert office.asked == ("020 123 4567", "A link wants to call this number. Call it?")
    assert office.exchange.clicks == []
    office.dialler.rules = replace(RULES, trusts_links=True)
    await office.dialler.dial("tel:+31201234567", Source.LINK)
    await office.exchange.called("0201234567")


async def test_also_a_trusted_link_asks_before_an_emergency_call(tmp_path: Path) -> None:
    async with office_with(tmp_path, replace(RULES, trusts_links=True)) as office:
        await office.dialler.dial("tel:112", Source.LINK)
        assert office.exchange.clicks == []
        assert office.asked is not None


async def test_of_several_numbers_the_user_chooses_one(office: Office) -> None:
    dialling = await office.dialler.dial("T 020-1234567\nM 06-12345678", Source.SELECTION)
    assert dialling.answer is Answer.ASKED
    assert [choice.number for choice in dialling.choices] == ["+31201234567", "+31612345678"]
    office.press("06 12345678")
    await office.exchange.called("0612345678")


async def test_an_expensive_one_of_several_is_asked_about_again(office: Office) -> None:
    await office.dialler.dial("T 020-1234567\nM 0900-1234", Source.SELECTION)
    office.press("0900 1234")
    assert office.exchange.clicks == []
    assert office.asked == ("0900 1234", "This number costs extra. Call it?")
    office.press("Call")
    await office.exchange.called("09001234")


async def test_whoever_can_ask_himself_gets_the_question(office: Office) -> None:
    dialling = await office.dialler.dial("0900-1234", Source.TYPED, asks_here=True)
    assert (dialling.answer, dialling.question) == (Answer.QUESTION, "This number costs extra. Call it?")
    assert office.card is None
    assert office.exchange.clicks == []
    await office.dialler.dial(dialling.choices[0].number, Source.TYPED, is_confirmed=True)
    await office.exchange.called("09001234")


async def test_without_a_screen_nobody_is_asked_and_so_nobody_called(office: Office) -> None:
    office.trouble = "There is no session bus."
    with pytest.raises(NotDialledError, match="--yes 112"):
        await office.dialler.dial("112", Source.SELECTION)
    assert office.exchange.clicks == []


async def test_the_same_number_twice_is_one_call(office: Office) -> None:
    first = await office.dialler.dial("020-1234567", Source.SELECTION)
    second = await office.dialler.dial("+31201234567", Source.TYPED)
    assert first.call == second.call
    assert len(office.exchange.clicks) == 1


async def test_two_wishes_at_once_are_one_call(office: Office) -> None:
    both = await asyncio.gather(*(office.dialler.dial("0201234567", Source.TYPED) for _ in range(2)))
    assert both[0].call == both[1].call
    assert len(office.exchange.clicks) == 1


async def test_while_the_own_phone_rings_the_number_is_not_called_again(office: Office) -> None:
    first = await office.dialler.dial("0201234567", Source.TYPED)
    office.calls[office.exchange.clicks[0].id] = replace(
        office.exchange.clicks[0].call(), state=CallState.RINGING
    )
    office.dialler._guard._calls = {
        number: (call_id, at - 10) for number, (call_id, at) in office.dialler._guard._calls.items()
    }
    again = await office.dialler.dial("0201234567", Source.TYPED)
    assert again.call == first.call
    assert again.device == DESK


@pytest.mark.parametrize("failure", Failure)
async def test_what_the_pbx_does_not_do_is_told_in_one_sentence(office: Office, failure: Failure) -> None:
    office.exchange.failure = failure
    with pytest.raises(NotDialledError) as refused:
        await office.dialler.dial("0201234567", Source.TYPED)
    assert str(refused.value).startswith("020 123 4567 was not called: ")
    assert "{" not in str(refused.value)


async def test_after_a_failure_it_may_be_tried_again_but_not_when_it_may_have_worked(office: Office) -> None:
    for failure, clicks in ((Failure.NOT_CONNECTED, 2), (Failure.UNKNOWN, 3)):
        office.exchange.failure = failure
        with pytest.raises(NotDialledError):
            await office.dialler.dial("0201234567", Source.TYPED)
        office.exchange.failure = None
        await office.dialler.dial("0201234567", Source.TYPED)
        assert len(office.exchange.clicks) == clicks
        office.dialler._guard.failed("0201234567")


async def test_a_failure_of_a_call_that_nobody_waits_for_is_no_defect(office: Office) -> None:
    office.exchange.failure = Failure.NOT_CONNECTED
    await office.dialler.dial("112", Source.SELECTION)
    office.press("Call")
    await office.exchange.called("112")


async def test_the_wished_phone_rings(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {SOFT: "Soft phone"}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        await office.dialler.dial("0201234567", Source.TYPED, wished_phone="soft phone")
        await office.dialler.dial("0207654321", Source.TYPED)
        assert [click.device for click in office.exchange.clicks] == [SOFT, DESK]
        assert office.exchange.asked == []
        with pytest.raises(ControlError, match=r"no phone of yours.*Soft phone \(PJSIP/201\)"):
            await office.dialler.dial("0612345678", Source.TYPED, wished_phone="fax")


async def test_the_chosen_phone_rings_from_then_on(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        assert office.phones.prefer("201")
        assert [phone.is_default for phone in await office.phones.list()] == [False, True]
        await office.dialler.dial("0201234567", Source.TYPED)
        assert office.exchange.clicks[0].device == SOFT
    async with office_with(tmp_path, phones=replace(phones, devices=(DESK,))) as office:
        assert await office.phones.choose(None) == DESK
    async with office_with(tmp_path, phones=phones) as office:
        assert await office.phones.choose(None) == SOFT
        office.phones.prefer("PJSIP/101")
        assert await office.phones.choose(None) == DESK


async def test_the_first_phone_that_the_pbx_knows_rings_and_is_looked_for_once(tmp_path: Path) -> None:
    sip = Device("SIP/101")
    phones = PhoneRules((DESK, sip), None, {}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        office.exchange.states = {DESK: "INVALID", sip: "NOT_INUSE"}
        assert [await office.phones.choose(None) for _ in range(2)] == [sip, sip]
        assert office.exchange.asked == [DESK, sip]
        office.phones.forget()
        await office.phones.choose(None)
        assert len(office.exchange.asked) == 4


async def test_a_phone_that_is_not_registered_is_skipped_if_the_user_says_so(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {}, skip_unregistered=True)
    async with office_with(tmp_path, phones=phones) as office:
        office.exchange.states = {DESK: "UNAVAILABLE", SOFT: "NOT_INUSE"}
        assert await office.phones.choose(None) == SOFT
        office.exchange.states = {}
        assert await office.phones.choose(None) == DESK
        office.exchange.states = {DESK: "UNAVAILABLE"}
        assert await office.phones.choose("PJSIP/101") == DESK
