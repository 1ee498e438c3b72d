from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from bubbled.control.dialling import Answer
from bubbled.daemon.dialler import Dialler, DialRules
from bubbled.daemon.inquiry import MOST_QUESTIONS, Inquiries
from bubbled.daemon.notice import Notices
from bubbled.daemon.phones import PhoneRules, Phones
from bubbled.daemon.placement import CallRules, NotDialledError, Placement
from bubbled.dialing.destination import Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.preference import Preference
from bubbled.dialing.wording import Sentences
from bubbled.error import ControlError
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
    office.dialler.rules_changed(replace(RULES, trusts_links=True))
    assert office.card is None
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
    chosen = dialling.choices[0].number
    await office.dialler.dial("0900-1234", Source.TYPED, is_confirmed=True, chosen=chosen)
    await office.exchange.called("09001234")
    with pytest.raises(NotDialledError, match="not among those"):
        await office.dialler.dial("0900-1234", Source.TYPED, is_confirmed=True, chosen="+31612345678")


async def test_the_answer_at_a_terminal_is_one_of_what_was_asked(tmp_path: Path) -> None:
    """A short number that would be an internal one if it were read again by itself."""
    rules = replace(RULES, plan=replace(PLAN, outside_prefix="0", extensions=("18??",)))
    async with office_with(tmp_path, rules) as office:
        asked = await office.dialler.dial("18 88", Source.TYPED, asks_here=True)
        await office.dialler.dial("18 88", Source.TYPED, is_confirmed=True, chosen=asked.choices[0].number)
        assert [click.exten for click in office.exchange.clicks] == ["01888"]


async def test_without_a_screen_nobody_is_asked_and_so_nobody_called(office: Office) -> None:
    office.trouble = "There is no session bus."
    with pytest.raises(NotDialledError, match="--yes 112"):
        await office.dialler.dial("112", Source.SELECTION)
    assert office.exchange.clicks == []


async def test_the_same_number_twice_is_one_call(office: Office) -> None:
    first = await office.dialler.dial("020-1234567", Source.SELECTION)
    office.calls[office.exchange.clicks[0].id] = office.exchange.clicks[0].call()
    second = await office.dialler.dial("+31201234567", Source.TYPED)
    assert first.call == second.call
    assert len(office.exchange.clicks) == 1


async def test_two_wishes_at_once_are_one_call(office: Office) -> None:
    both = await asyncio.gather(*(office.dialler.dial("0201234567", Source.TYPED) for _ in range(2)))
    assert both[0].call == both[1].call
    assert len(office.exchange.clicks) == 1


async def test_while_the_call_goes_on_it_is_named_again(office: Office) -> None:
    first = await office.dialler.dial("0201234567", Source.TYPED)
    (click,) = office.exchange.clicks
    office.calls[click.id] = click.call()
    again = await office.dialler.dial("0201234567", Source.TYPED)
    assert again == first
    assert len(office.exchange.clicks) == 1


async def test_a_call_that_has_just_ended_is_not_named_as_one_that_is_made(office: Office) -> None:
    await office.dialler.dial("0201234567", Source.TYPED)
    with pytest.raises(NotDialledError, match="tried a moment ago"):
        await office.dialler.dial("0201234567", Source.TYPED)
    assert len(office.exchange.clicks) == 1


async def test_a_call_goes_on_though_whoever_asked_for_it_is_gone(office: Office) -> None:
    office.exchange.answers.clear()
    asking = asyncio.create_task(office.dialler.dial("0201234567", Source.TYPED))
    await office.exchange.called("0201234567")
    asking.cancel()
    await asyncio.wait([asking])
    again = asyncio.create_task(office.dialler.dial("0201234567", Source.TYPED))
    await asyncio.sleep(0)
    office.exchange.answers.set()
    assert (await again).call == office.exchange.clicks[0].id
    assert len(office.exchange.clicks) == 1


@pytest.mark.parametrize("failure", Failure)
async def test_what_the_pbx_does_not_do_is_told_in_one_sentence(office: Office, failure: Failure) -> None:
    office.exchange.failure = failure
    with pytest.raises(NotDialledError) as refused:
        await office.dialler.dial("0201234567", Source.TYPED)
    certain = failure is not Failure.UNKNOWN
    assert str(refused.value).startswith("020 123 4567 was not called: ") is certain
    assert "{" not in str(refused.value)


async def test_after_a_failure_it_may_be_tried_again_but_not_when_it_may_have_worked(office: Office) -> None:
    office.exchange.failure = Failure.NOT_CONNECTED
    with pytest.raises(NotDialledError):
        await office.dialler.dial("0201234567", Source.TYPED)
    office.exchange.failure = Failure.UNKNOWN
    with pytest.raises(NotDialledError, match="not known whether"):
        await office.dialler.dial("0201234567", Source.TYPED)
    with pytest.raises(NotDialledError, match="tried a moment ago"):
        await office.dialler.dial("0201234567", Source.TYPED)
    assert len(office.exchange.clicks) == 2


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


async def test_a_link_takes_no_question_away_from_under_the_finger(office: Office) -> None:
    await office.dialler.dial("tel:+31201234567", Source.LINK)
    (first,) = office.cards
    await office.dialler.dial("tel:09001234", Source.LINK)
    assert len(office.cards) == 2
    assert office.notices.pressed(first, "call")
    await office.exchange.called("0201234567")
    assert [card.headline for card in office.cards.values()] == ["0900 1234"]


async def test_links_cannot_fill_the_screen(office: Office) -> None:
    for number in range(MOST_QUESTIONS):
        await office.dialler.dial(f"tel:020123456{number}", Source.LINK)
    with pytest.raises(NotDialledError, match="several questions"):
        await office.dialler.dial("tel:0612345678", Source.LINK)
    assert len(office.cards) == MOST_QUESTIONS
    await office.dialler.dial("112", Source.SELECTION)
    assert office.asked is not None
    assert office.asked[0] == "112"


async def test_what_is_called_another_way_is_not_asked_any_more(office: Office) -> None:
    await office.dialler.dial("0900-1234", Source.SELECTION)
    await office.dialler.dial("0900-1234", Source.TYPED, is_confirmed=True)
    assert office.card is None


async def test_a_notice_goes_with_the_next_call(office: Office) -> None:
    with pytest.raises(NotDialledError):
        await office.dialler.dial("hello", Source.SELECTION)
    assert office.card is not None
    await office.dialler.dial("0201234567", Source.SELECTION)
    assert office.card is None


async def test_what_was_asked_by_other_rules_is_not_asked_any_more(office: Office) -> None:
    await office.dialler.dial("0900-1234", Source.SELECTION)
    office.dialler.rules_changed(replace(RULES, plan=replace(PLAN, outside_prefix="0")))
    assert office.card is None


async def test_a_trouble_that_nobody_else_tells_is_told_on_the_screen(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        await office.dialler.dial("112", Source.SELECTION, wished_phone="201")
        office.phones.rules = replace(phones, devices=(DESK,))
        office.press("Call")
        async with asyncio.timeout(10):
            while office.card is None:  # noqa: ASYNC110 - the stand-in tells nobody of a card
                await asyncio.sleep(0)
        assert "no phone of yours" in office.card.headline
        await office.dialler.dial("112", Source.TYPED, is_confirmed=True)
        await office.exchange.called("112")
