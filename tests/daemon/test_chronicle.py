"""The story of calls, as it is written down while they go their way through a desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.chronicle import MOST_CALLS, MOST_STEPS, Chronicle
from bubbled.daemon.search import Search
from bubbled.directory.order.answer import Asked as AskedDirectory
from bubbled.directory.order.answer import Question, Reply
from bubbled.history.store import History
from bubbled.model import Button, CallId, CallState, Card, Contact, Device, Mute, Outcome, PopupId, Tone
from bubbled.popup.command import ShowPopup, UpdatePopup
from bubbled.popup.rule import Rule
from bubbled.popup.showing import Showing
from bubbled.popup.subject import Finding
from bubbled.story import fact as told
from bubbled.story.circumstance import Muted, Quiet, ScreenChanged, ScreenLost, Unmuted
from tests.daemon.stand_in import JAN, a_call, answered, ended, started, updated
from tests.daemon.test_desk import RULES, open_office, over, talking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.story.fact import Fact
    from tests.daemon.test_desk import Office

CALL = a_call()
POPUP = PopupId(CALL.id)
SEEN = told.Seen(device="PJSIP/101", direction="inbound", state="ringing", number=JAN)
CUSTOMER = Contact(directory="Customers", name="Jan Jansen", company="Acme")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path / "history.sqlite") as office:
        yield office


async def story(office: Office, call_id: CallId = CALL.id) -> list[Fact]:
    return [step.fact for step in await office.history.annals.story(call_id)]


async def events(history: History) -> list[Fact]:
    long = timedelta(days=1)
    now = datetime(2026, 11, 22, 14, tzinfo=UTC)
    return [step.fact for step in await history.annals.events(now - long, now + long, 100)]


async def test_the_way_of_a_call_from_the_pbx_to_the_end(office: Office) -> None:
    office.happens(started(CALL))
    await office.wall.shows("Jan Jansen")
    showing = Showing(screen="native", server="dunst 1", answer="notification 7")
    for _ in range(2):  # the second time is no news
        office.desk.chronicle.shown(POPUP, showing)
    office.happens(answered(talking(CALL)), updated(replace(CALL, state=CallState.HELD)))
    office.happens(ended(over(talking(CALL), Outcome.ANSWERED)))
    seen, decided, changed, asked, found, shown, *rest = await story(office)
    assert (seen, decided, changed) == (SEEN, told.Decided("shown"), told.Changed())
    assert isinstance(asked, told.Asked)
    assert (asked.directory, asked.place, asked.outcome) == ("Customers", 1, "hit")
    assert found == told.Found("Customers", "Jan Jansen")
    assert isinstance(shown, told.OnScreen)
    assert (shown.server, shown.answer, shown.ms >= 0) == ("dunst 1", "notification 7", True)
    assert rest == [told.Answered("PJSIP/101"), told.Held(), told.Closed(), told.Ended("answered")]


async def test_a_rule_that_keeps_the_popup_back_is_named_with_its_setting(office: Office) -> None:
    office.desk.rules_changed(replace(RULES, rule=Rule(hours=("Sat 08:00-08:01",))))
    office.happens(started(CALL))
    assert told.Decided("outside the hours Sat 08:00-08:01", "popup.hours") in await story(office)


async def test_a_mute_in_the_middle_of_a_call_takes_the_popup_away_and_it_comes_again(office: Office) -> None:
    office.happens(started(a_call(number=None)))
    await office.wall.until(lambda: bool(office.wall.up))
    office.desk.mute_changed(Mute())
    office.desk.mute_changed(None)
    assert await story(office) == [
        replace(SEEN, number=None),
        told.Decided("shown"),
        told.NobodyAsked(),
        told.Closed(),
    ]
    assert [type(fact) for fact in await events(office.history)] == [ScreenChanged, Muted, Unmuted]


async def test_a_withheld_number_is_asked_of_nobody_and_that_is_told_once(office: Office) -> None:
    hidden = a_call(number=None)
    office.happens(started(hidden), answered(talking(hidden)))
    assert (await story(office)).count(told.NobodyAsked()) == 1


async def test_directories_that_do_not_know_or_cannot_say_are_told(office: Office) -> None:
    office.book.down = True
    office.happens(started(CALL))
    await office.book.is_asked(JAN)
    await office.wall.until(lambda: True)
    while told.NobodyKnows() not in (facts := await story(office)):
        pass
    (asked,) = (fact for fact in facts if isinstance(fact, told.Asked))
    assert (asked.outcome, asked.error) == ("error", "The book is lent out.")


async def test_what_the_user_does_with_the_popup_is_told(office: Office) -> None:
    office.happens(started(CALL))
    await office.wall.shows("Jan Jansen")
    card = office.desk.popups[POPUP]
    office.desk.pressed(POPUP, card.buttons[0].id)
    office.desk.pressed(POPUP, "no such button")
    office.desk.dismissed(POPUP)
    past = await office.history.call(CALL.id)
    assert past is not None
    await office.desk.show_again(past)
    facts = await story(office)
    assert told.Pressed(card.buttons[0].label) in facts
    assert [fact for fact in facts if isinstance(fact, told.Dismissed | told.Recalled)] == [
        told.Dismissed(),
        told.Recalled(),
    ]
    assert sum(isinstance(fact, told.Pressed) for fact in facts) == 1


async def test_a_notice_is_no_call_and_has_no_story(office: Office) -> None:
    notice = office.desk.notices.show(Card("Popups are muted", (), "", Tone.NOTICE), for_s=None)
    await office.wall.shows("Popups are muted")
    office.desk.chronicle.shown(notice, Showing(screen="wall"))
    office.desk.dismissed(notice)
    assert await story(office, CallId(notice)) == []


async def test_a_screen_that_cannot_show_is_told_with_its_reason(office: Office) -> None:
    office.wall.trouble = "Nothing can be shown."
    office.happens(started(CALL))
    await office.wall.until(lambda: bool(office.wall.up))
    assert told.NotOnScreen("wall", "Nothing can be shown.") in await story(office)


class Scribe:
    """A chronicle alone, with the history that it writes into."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.time = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
        self.chronicle = Chronicle(history.annals, lambda: self.time)

    async def story(self, call_id: CallId = CALL.id) -> list[Fact]:
        return [step.fact for step in await self.history.annals.story(call_id)]


@pytest.fixture
async def scribe(tmp_path: Path) -> AsyncIterator[Scribe]:
    history = await History.open(tmp_path / "history.sqlite", now=lambda: datetime.now(UTC))
    yield Scribe(history)
    await history.aclose()


async def test_the_phones_that_rang_together_are_told_when_that_is_over(scribe: Scribe) -> None:
    scribe.chronicle.rang = lambda _call_id: (Device("PJSIP/101"), Device("PJSIP/201"))
    scribe.chronicle.ways = lambda: "ami"
    scribe.chronicle.call_changed(started(CALL), scribe.time)
    scribe.chronicle.call_changed(answered(talking(replace(CALL, device=Device("PJSIP/201")))), scribe.time)
    assert await scribe.story() == [
        replace(SEEN, pbx="ami"),
        told.AlsoRang(("PJSIP/101", "PJSIP/201")),
        told.Answered("PJSIP/201"),
    ]


async def test_it_is_told_how_long_after_the_event_a_screen_answered(scribe: Scribe) -> None:
    scribe.chronicle.put(ShowPopup(POPUP, Card("Jan", (), "", Tone.RINGING)))
    scribe.chronicle.call_changed(started(CALL), scribe.time)
    scribe.time += timedelta(milliseconds=12.5)
    scribe.chronicle.shown(POPUP, Showing(screen="native", error="It is full."))
    scribe.time += timedelta(milliseconds=10)
    scribe.chronicle.shown(POPUP, Showing(screen="native", server="dunst", answer="notification 1"))
    assert (await scribe.story())[1:] == [
        told.NotOnScreen("native", "It is full."),
        told.OnScreen("native", "dunst", "notification 1", 22.5),
    ]


async def test_of_a_contact_whose_source_forbids_it_nothing_is_kept(scribe: Scribe) -> None:
    secret = Contact(directory="Maps", name="Bakery", company="Vries", id="1", transient=True)
    scribe.chronicle.call_changed(started(CALL), scribe.time)
    search = Search(Question(JAN), (AskedDirectory("Maps", Reply.HIT, 3.0),), is_provisional=False)
    scribe.chronicle.answered(CALL.id, search, Finding(contact=secret, matches=(secret, CUSTOMER)))
    card = Card("Bakery", (), "", Tone.RINGING, buttons=(Button("call", "Call Bakery"),))
    scribe.chronicle.put(UpdatePopup(POPUP, card))
    scribe.chronicle.pressed(POPUP, card, "call")
    scribe.chronicle.chosen(CALL.id, secret)
    facts = await scribe.story()
    assert told.Found("Maps", "", choice=2) in facts
    assert "Bakery" not in repr(facts)
    scribe.chronicle.chosen(CALL.id, CUSTOMER)
    assert (await scribe.story())[-1] == told.Chosen("Jan Jansen, Acme")


async def test_a_call_to_which_much_happens_does_not_fill_the_disk(scribe: Scribe) -> None:
    scribe.chronicle.call_changed(started(CALL), scribe.time)
    for _ in range(MOST_STEPS):
        scribe.time += timedelta(seconds=1)
        scribe.chronicle.call_changed(updated(talking(CALL)), scribe.time)
        scribe.chronicle.call_changed(updated(replace(CALL, state=CallState.HELD)), scribe.time)
    facts = await scribe.story()
    assert (len(facts), facts[-1]) == (MOST_STEPS, told.NoMoreTold())


async def test_only_so_many_calls_are_borne_in_mind(scribe: Scribe) -> None:
    for number in range(MOST_CALLS + 50):
        scribe.chronicle.call_changed(started(a_call(str(number))), scribe.time)
    assert len(scribe.chronicle._chapters) == MOST_CALLS


async def test_what_concerns_all_calls_is_told_once(scribe: Scribe) -> None:
    chronicle, until = scribe.chronicle, scribe.time + timedelta(hours=1)
    chronicle.screen_changed("native", None)
    chronicle.screen_changed("native", None)
    chronicle.screen_changed("native", "No server.")
    chronicle.screen_changed("terminal", None)
    chronicle.mute_changed(Mute(until, scribe.time))
    chronicle.quiet_changed(("the screen is shared",))
    assert await events(scribe.history) == [
        ScreenChanged("native"),
        ScreenLost("native", "No server."),
        ScreenChanged("terminal"),
        Muted(until, scribe.time),
        Quiet(("the screen is shared",)),
    ]


async def test_a_defect_in_it_costs_only_the_story(scribe: Scribe) -> None:
    def breaks(_call_id: CallId) -> tuple[Device, ...]:
        raise RuntimeError

    scribe.chronicle.rang = breaks
    scribe.chronicle.call_changed(started(CALL), scribe.time)
    scribe.chronicle.call_changed(answered(talking(CALL)), scribe.time)
    scribe.chronicle.decided(CALL.id, "shown", "")
    assert await scribe.story() == [SEEN, told.Decided("shown")]
