from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.daemon.desk import Desk
from bubbled.directory.choice import Choices
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.history.store import History
from bubbled.model import (
    E164,
    Button,
    Call,
    CallId,
    CallState,
    Card,
    Contact,
    Direction,
    Extension,
    Failure,
    Mute,
    Outcome,
    Owner,
    PopupId,
    Tone,
)
from bubbled.popup.command import TakeNote
from bubbled.popup.layout import Layout
from bubbled.popup.presenter import PopupRules, Presenter
from tests.daemon.stand_in import JAN, PIET, Book, Wall, a_call, answered, ended, started, updated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.model import CallChange

RULES = PopupRules(layout=Layout(region="NL"))
JANS_NUMBER, PIETS_NUMBER = "06 12345678", "06 87654321"


class Office:
    """A desk with all that stands around it; the clock goes a second with each change."""

    def __init__(self, history: History, choices: Choices) -> None:
        self.wall, self.book = Wall(), Book({JAN: "Jan Jansen"})
        self.history = history
        self.time = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
        self.desk = Desk(
            presenter=Presenter(RULES),
            screen=self.wall,
            lookup=Lookup([Place(directory=self.book)]),
            choices=choices,
            history=history,
            names={"102": "Bob"},
            region="NL",
            now=lambda: self.time,
        )

    def happens(self, *changes: CallChange) -> None:
        for change in changes:
            self.time += timedelta(seconds=1)
            self.desk.calls_changed([change])

    async def popup_of(self, call: Call) -> str | None:
        past = await self.history.call(call.id)
        assert past is not None
        return past.popup

    async def contact_of(self, call: Call) -> Contact | None:
        past = await self.history.call(call.id)
        assert past is not None
        return past.contact


@asynccontextmanager
async def open_office(path: Path) -> AsyncIterator[Office]:
    history = await History.open(path, now=lambda: datetime.now(UTC))
    office = Office(history, Choices(path.with_name("choices.json")))
    await office.desk.start()
    running = asyncio.create_task(office.desk.run())
    try:
        yield office
    finally:
        running.cancel()
        await asyncio.wait([running])
        await office.desk.aclose()
        await history.aclose()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path / "history.sqlite") as office:
        yield office


def talking(call: Call) -> Call:
    return replace(call, state=CallState.TALKING)


def over(call: Call, outcome: Outcome) -> Call:
    return replace(call, state=CallState.ENDED, outcome=outcome)


async def test_the_popup_does_not_wait_for_the_directories(office: Office) -> None:
    office.book.open.clear()
    office.happens(started(a_call(name="JAN")))
    await office.wall.shows("JAN")
    office.book.open.set()
    await office.wall.shows("Jan Jansen")


async def test_a_transferred_call_never_shows_the_party_before(office: Office) -> None:
    call = a_call()
    office.happens(started(call), answered(talking(call)))
    await office.wall.shows("Jan Jansen")
    before = len(office.wall.seen)
    office.happens(updated(talking(a_call(number=PIET))))
    await office.wall.shows(PIETS_NUMBER)
    office.happens(updated(replace(talking(a_call(number=PIET)), name="PIET")))
    await office.wall.shows("PIET")
    assert all("Jan" not in repr(card) for card in office.wall.seen[before:])
    assert await office.contact_of(call) is None


async def test_an_answer_about_the_party_before_comes_too_late(office: Office) -> None:
    office.book.open.clear()
    office.happens(started(a_call()), updated(a_call(number=PIET)))
    await office.wall.shows(PIETS_NUMBER)
    await office.book.is_asked(PIET)
    office.book.open.set()
    office.happens(updated(a_call(number=PIET, name="PIET")))
    await office.wall.shows("PIET")
    assert all("Jan" not in repr(card) for card in office.wall.seen)
    assert await office.contact_of(a_call()) is None


async def test_an_answer_after_the_end_names_the_missed_call(office: Office) -> None:
    office.book.open.clear()
    office.happens(started(a_call()), ended(over(a_call(), Outcome.MISSED)))
    await office.wall.shows(JANS_NUMBER)
    office.book.open.set()
    await office.wall.shows("Jan Jansen")


async def test_an_answer_after_the_end_brings_no_popup_back(office: Office) -> None:
    office.book.open.clear()
    call = a_call()
    office.happens(started(call), answered(talking(call)))
    await office.book.is_asked(JAN)
    office.happens(ended(over(call, Outcome.ANSWERED)))
    await office.wall.shows()
    seen = len(office.wall.seen)
    office.book.open.set()
    second = a_call("1795341808.40", PIET)
    office.happens(started(second))
    await office.wall.shows(PIETS_NUMBER)
    assert all("Jan" not in repr(card) for card in office.wall.seen[seen:])


async def test_the_last_contact_with_a_colleague_is_told(office: Office) -> None:
    bobs = a_call("1795341808.1", owner=Owner("102"))
    office.happens(
        started(bobs),
        answered(talking(bobs)),
        ended(over(talking(bobs), Outcome.ANSWERED)),
        started(a_call()),
    )
    await office.wall.until(
        lambda: any("Bob" in line for card in office.wall.up.values() for line in card.lines)
    )
    assert office.wall.headlines == ["Jan Jansen"]


async def test_calls_of_colleagues_are_kept_but_pop_up_nowhere(office: Office) -> None:
    office.happens(started(a_call("1795341808.1", owner=Owner("102"))), started(a_call("2.2", PIET)))
    await office.wall.shows(PIETS_NUMBER)
    assert [past.call.id for past in await office.history.calls(9)] == ["2.2"]
    assert [past.call.id for past in await office.history.calls(9, Owner("102"))] == ["1795341808.1"]


async def test_a_directory_that_breaks_leaves_the_number(office: Office) -> None:
    office.book.broken = True
    office.happens(started(a_call()))
    await office.wall.shows(JANS_NUMBER)
    await office.book.is_asked(JAN)
    office.happens(updated(talking(a_call(name="JAN"))))
    await office.wall.shows("JAN")


async def test_a_screen_that_breaks_costs_only_its_popup(office: Office) -> None:
    office.wall.breaks_at = a_call().id
    with capture_logs() as logs:
        office.happens(started(a_call()), started(a_call("2.2", PIET)))
        await office.wall.shows(PIETS_NUMBER)
    assert logs[-1]["room"] == "screen"
    assert [past.call.id for past in await office.history.calls(9)] == ["1795341808.20", "2.2"]


async def test_a_press_that_fails_by_a_defect_takes_neither_the_screen_nor_the_next_popup_along(
    office: Office,
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a defect")

    office.desk.on_action = broken
    office.happens(started(a_call()))
    await office.wall.shows("Jan Jansen")
    with capture_logs() as logs:
        office.desk.pressed(PopupId(a_call().id), "copy")
    assert [each["room"] for each in logs] == ["buttons"]
    office.happens(started(a_call("2.2", PIET)))
    await office.wall.until(lambda: set(office.wall.headlines) == {"Jan Jansen", PIETS_NUMBER})


async def test_a_history_that_breaks_keeps_no_popup_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the paper is gone")

    for method in ("record", "verdict", "contact", "dealings"):
        monkeypatch.setattr(office.history, method, broken)
    with capture_logs() as logs:
        office.happens(started(a_call()), answered(talking(a_call())))
        await office.wall.shows("Jan Jansen")
        office.happens(ended(over(a_call(), Outcome.ANSWERED)))
        await office.wall.shows()
    assert {entry.get("room") for entry in logs if entry["log_level"] == "error"} >= {"history"}


async def test_a_directory_that_cannot_start_stops_neither_the_next_nor_the_desk(tmp_path: Path) -> None:
    async with open_office(tmp_path / "history.sqlite") as office:
        broken, whole = Book({}), Book({PIET: "Piet"}, name="Suppliers")
        broken.broken = True
        await office.desk.exchange_lookup(Lookup([Place(directory=broken), Place(directory=whole)]))
        office.happens(started(a_call(number=PIET)))
        await office.wall.shows("Piet")


async def test_muting_takes_popups_away_and_the_history_knows_why(office: Office) -> None:
    office.desk.mute_changed(Mute())
    office.happens(started(a_call()))
    assert await office.popup_of(a_call()) == "muted"
    office.desk.mute_changed(None)
    await office.wall.shows("Jan Jansen")
    assert await office.popup_of(a_call()) == "shown"


async def test_popups_come_back_when_the_muting_ends_by_itself(office: Office) -> None:
    office.desk.mute_changed(Mute(office.time + timedelta(seconds=2, milliseconds=20)))
    office.happens(started(a_call()))
    assert not office.wall.seen
    office.time += timedelta(seconds=2)
    office.desk.mute_changed(office.desk.mute)
    await office.wall.shows("Jan Jansen")


async def test_other_directories_are_asked_about_calls_that_go_on(office: Office) -> None:
    office.book.open.clear()
    office.happens(started(a_call()))
    await office.book.is_asked(JAN)
    await office.desk.exchange_lookup(Lookup([Place(directory=Book({JAN: "Jan of Sales"}, name="CRM"))]))
    await office.wall.shows("Jan of Sales")
    assert office.book.closed


async def test_another_screen_takes_over_what_is_up(office: Office) -> None:
    office.happens(started(a_call()))
    await office.wall.shows("Jan Jansen")
    other = Wall()
    await office.desk.exchange_screen(other)
    assert (office.wall.headlines, other.headlines) == ([], ["Jan Jansen"])
    office.happens(started(a_call("2.2", PIET)))
    await other.shows("Jan Jansen", PIETS_NUMBER)


async def test_what_the_user_closed_stays_closed_on_another_screen(office: Office) -> None:
    office.happens(started(a_call()))
    await office.wall.shows("Jan Jansen")
    office.desk.dismissed(PopupId(a_call().id))
    other = Wall()
    await office.desk.exchange_screen(other)
    assert other.seen == []


async def test_a_call_of_long_ago_is_shown_again(office: Office) -> None:
    office.desk.mute_changed(Mute())
    office.happens(started(a_call()), answered(talking(a_call())))
    await office.book.is_asked(JAN)
    office.happens(ended(over(talking(a_call()), Outcome.ANSWERED)))
    past = await office.history.latest()
    assert past is not None
    await office.desk.show_again(past)
    await office.wall.until(lambda: len(office.wall.up) == 1)
    assert await office.popup_of(a_call()) == "shown"


async def test_a_call_of_another_day_comes_back_whole_and_its_buttons_work(office: Office) -> None:
    dialled: list[str] = []
    done: list[object] = []
    office.desk.on_dial = dialled.append
    office.desk.on_action = done.append
    earlier = a_call("1", owner=Owner("102"))
    office.happens(started(earlier), answered(talking(earlier)), ended(over(earlier, Outcome.ANSWERED)))
    office.happens(started(a_call()), answered(talking(a_call())))
    await office.wall.shows("Jan Jansen")
    office.happens(ended(over(talking(a_call()), Outcome.ANSWERED)))
    office.history.note(a_call().id, "Wants 20 more", office.time, JAN)
    office.time += timedelta(days=3)
    later = a_call("3", owner=Owner("102"))
    office.happens(started(later), answered(talking(later)), ended(over(later, Outcome.ANSWERED)))
    past = await office.history.call(a_call().id)
    assert past is not None
    await office.desk.show_again(past)
    await office.wall.until(
        lambda: any("Wants 20 more" in str(card.lines) for card in office.wall.up.values())
    )
    ((popup_id, card),) = office.wall.up.items()
    assert card.headline == "Jan Jansen"
    assert any("Bob" in text and "22 Nov" in text for text in card.lines)
    labels = {button.label: button for button in card.buttons}
    office.desk.pressed(popup_id, labels["Note"].id, "And a bag")
    office.desk.pressed(popup_id, labels["Call back"].id)
    assert dialled == [JAN]
    assert done == [TakeNote(a_call().id, "And a bag")]


async def test_a_call_handed_over_by_a_feature_code_stays_one_with_the_customer(office: Office) -> None:
    asked = replace(talking(a_call()), number="102", e164=None, internal=True)
    office.happens(started(a_call()), answered(talking(a_call())))
    await office.wall.shows("Jan Jansen")
    office.happens(updated(asked))
    running = await office.history.call(a_call().id)
    assert running is not None
    assert (running.call.number, running.call.internal) == ("102", True)
    office.happens(ended(replace(over(asked, Outcome.TRANSFERRED), transferred_to="102")))
    past = await office.history.call(a_call().id)
    assert past is not None
    assert (past.call.e164, past.call.transferred_to, past.call.internal) == (JAN, "102", False)
    assert past.contact is not None
    assert past.contact.name == "Jan Jansen"


async def test_the_calls_that_go_on_are_known_in_their_order(office: Office) -> None:
    office.happens(started(a_call()), started(a_call("2.2", PIET)), ended(over(a_call(), Outcome.MISSED)))
    assert list(office.desk.calls) == ["2.2"]


async def test_those_who_follow_hear_of_each_change(office: Office) -> None:
    following = office.desk.feed.subscribe()
    office.happens(started(a_call()), ended(over(a_call(), Outcome.MISSED)))
    assert [(await anext(following))["change"] for _ in range(2)] == ["started", "ended"]


async def test_the_log_tells_no_number(office: Office) -> None:
    with capture_logs() as logs:
        office.happens(started(a_call(name="Jan Jansen")))
        async with asyncio.timeout(5):
            while not logs:  # noqa: ASYNC110 - what is waited for is a list of structlog's
                await asyncio.sleep(0)
    assert "+31612345678" not in repr(logs)
    assert "Jan" not in repr(logs)
    assert logs[0]["number"] == "+3161234****"


def a_click(call_id: str = "bubbled-1-1.1") -> Call:
    return a_call(call_id, direction=Direction.OUTBOUND)


async def test_a_click_pops_up_before_a_phone_rings_but_is_no_call_to_remember(office: Office) -> None:
    office.desk.clicks_changed([started(a_click())])
    await office.wall.shows("Jan Jansen")
    assert await office.history.call(a_click().id) is None
    failed = replace(over(a_click(), Outcome.FAILED), failure=Failure.PHONE_UNREGISTERED)
    office.desk.clicks_changed([ended(failed)])
    await office.wall.until(lambda: "not registered" in office.wall.seen[-1].status)
    assert await office.history.latest() is None
    assert office.desk.calls == {}


async def test_the_phone_rings_for_a_click_and_it_is_a_call_with_all_that_is_known(office: Office) -> None:
    following = office.desk.feed.subscribe()
    office.desk.clicks_changed([started(a_click())])
    await office.wall.shows("Jan Jansen")
    office.happens(started(a_click()), answered(talking(a_click())))
    await office.wall.until(lambda: office.wall.seen[-1].status == "Talking")
    assert [(await anext(following))["change"] for _ in range(3)] == ["started", "updated", "answered"]
    assert await office.popup_of(a_click()) == "shown"
    async with asyncio.timeout(10):
        while (contact := await office.contact_of(a_click())) is None:  # noqa: ASYNC110 - nothing tells of what the history learns
            await asyncio.sleep(0)
    assert contact.name == "Jan Jansen"
    assert len(office.wall.up) == 1


async def test_those_who_follow_hear_why_nothing_came_of_a_click(office: Office) -> None:
    following = office.desk.feed.subscribe()
    office.desk.clicks_changed([started(a_click())])
    failed = replace(over(a_click(), Outcome.FAILED), failure=Failure.UNKNOWN)
    office.desk.clicks_changed([ended(failed)])
    assert "failure" not in await anext(following)
    assert (await anext(following))["failure"] == "unknown"


async def test_a_button_of_a_missed_call_has_the_caller_called(office: Office) -> None:
    wanted: list[str] = []
    office.desk.on_dial = wanted.append
    office.happens(started(a_call()), ended(over(a_call(), Outcome.MISSED)))
    await office.wall.until(lambda: [card.tone for card in office.wall.up.values()] == [Tone.MISSED])
    office.time += timedelta(seconds=1)
    office.desk.pressed(PopupId(a_call().id), "call")
    await office.wall.shows()
    assert wanted == [JAN]


async def test_a_question_is_answered_or_closed_and_touches_no_call(office: Office) -> None:
    answers: list[str] = []
    asking = Card("112", (), "Call it?", Tone.QUESTION, buttons=(Button("yes", "Call"),))
    office.desk.mute_changed(Mute())
    for _ in range(2):
        asked = office.desk.notices.show(asking, for_s=60, on_answer=answers.append)
        await office.wall.until(lambda asked=asked: asked in office.wall.up)  # type: ignore[misc]  # bound now
        if answers:
            office.desk.dismissed(asked)
        else:
            office.desk.pressed(asked, "yes")
            await office.wall.shows()
    assert answers == ["yes"]


BOB = replace(a_call(number=None), number="102", internal=True, dialled="101")


async def test_nobody_is_asked_about_a_withheld_or_a_short_number(office: Office) -> None:
    office.happens(started(a_call(number=None)), started(replace(a_call("2.2", None), number="1234")))
    await office.wall.shows("Anonymous", "1234")
    assert office.desk.research.trace(a_call().id) is None
    assert office.desk.research.trace(CallId("2.2")) is None


async def test_a_colleague_is_looked_up_in_the_internal_directory_only(office: Office) -> None:
    outside = Book({Extension("102"): "Not Bob"})
    inside = Book({Extension("102"): "Bob of Support"}, name="Colleagues")
    places = [Place(directory=outside), Place(directory=inside, is_internal=True)]
    await office.desk.exchange_lookup(Lookup(places))
    office.happens(started(BOB))
    await office.wall.shows("Bob of Support")
    assert not outside.was_asked
    search = office.desk.research.trace(BOB.id)
    assert search is not None
    assert search.question.is_internal


async def test_a_directory_that_hangs_delays_neither_the_popup_nor_what_another_knows(office: Office) -> None:
    deaf, quick = office.book, Book({JAN: "Jan of the CRM"}, name="CRM")
    deaf.open.clear()
    deaf.timeout_s = 30.0
    rules = Rules(budget_s=30.0, provisional_after_s=0.01)
    await office.desk.exchange_lookup(Lookup([Place(directory=deaf), Place(directory=quick)], rules))
    office.happens(started(a_call()))
    await office.wall.shows(JANS_NUMBER)
    await office.wall.shows("Jan of the CRM")
    (so_far,) = office.wall.up.values()
    assert so_far.footnote == "CRM …"
    assert await office.contact_of(a_call()) is None
    deaf.open.set()
    await office.wall.shows("Jan Jansen")
    (finally_,) = office.wall.up.values()
    assert finally_.footnote == "Customers"
    kept = await office.contact_of(a_call())
    assert kept is not None
    assert kept.name == "Jan Jansen"


async def test_the_popup_is_up_before_the_first_directory_is_asked(office: Office) -> None:
    seen: list[int] = []

    class Nosy(Book):
        async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
            seen.append(len(office.wall.seen))
            return await super().lookup(number)

    await office.desk.exchange_lookup(Lookup([Place(directory=Nosy({JAN: "Jan Jansen"}))]))
    office.happens(started(a_call()))
    await office.wall.shows("Jan Jansen")
    assert seen == [1]


async def test_the_popup_names_the_directories_that_were_slow_or_down(office: Office) -> None:
    slow, down, third = office.book, Book({}, name="CRM"), Book({JAN: "Jan of Sales"}, name="Sales")
    slow.open.clear()
    slow.timeout_s = 0.01
    down.down = True
    await office.desk.exchange_lookup(Lookup([Place(directory=each) for each in (slow, down, third)]))
    office.happens(started(a_call()))
    await office.wall.shows("Jan of Sales")
    await office.wall.until(lambda: "Customers is slow · CRM is down" in office.wall.seen[-1].lines)


class TestChoosing:
    @pytest.fixture
    async def family(self, office: Office) -> Office:
        office.book.names = {JAN: ("Jan Jansen", "Piet Jansen", "Kees Jansen")}
        office.happens(started(a_call()))
        await office.wall.shows("Jan Jansen")
        await office.wall.until(lambda: bool(office.wall.seen[-1].buttons))
        return office

    def press(self, office: Office, label: str) -> None:
        (card,) = office.wall.up.values()
        (button,) = (each.id for each in card.buttons if each.label == label)
        office.desk.pressed(PopupId(a_call().id), button)

    async def test_who_is_chosen_with_buttons_is_shown_kept_and_remembered(self, family: Office) -> None:
        self.press(family, "Choose…")
        await family.wall.shows("Who is it?")
        self.press(family, "2. Piet Jansen")
        await family.wall.shows("Piet Jansen")
        kept = await family.contact_of(a_call())
        assert kept is not None
        assert kept.name == "Piet Jansen"
        family.happens(ended(over(a_call(), Outcome.ANSWERED)))
        await family.wall.shows()
        family.happens(started(a_call("2.2")))
        await family.wall.shows("Piet Jansen")
        assert [each.name for each in family.desk.research.finding(CallId("2.2")).matches] == [
            "Piet Jansen",
            "Jan Jansen",
            "Kees Jansen",
        ]

    async def test_who_is_chosen_elsewhere_is_too(self, family: Office) -> None:
        call_id = family.desk.research.with_choice()
        assert call_id == a_call().id
        family.desk.choose(call_id, family.desk.research.finding(call_id).matches[2])
        await family.wall.shows("Kees Jansen")
        finding = family.desk.research.finding(call_id)
        assert finding.contact == finding.matches[2]
        kept = await family.contact_of(a_call())
        assert kept is not None
        assert kept.name == "Kees Jansen"

    async def test_with_another_number_on_the_line_there_is_no_choice_any_more(self, family: Office) -> None:
        self.press(family, "Choose…")
        await family.wall.shows("Who is it?")
        family.happens(updated(talking(a_call(number=PIET))))
        await family.wall.shows(PIETS_NUMBER)
        await family.book.is_asked(PIET)
        assert not family.desk.research.finding(a_call().id).has_choice

    async def test_a_party_who_hides_his_number_is_none_of_those_before(self, family: Office) -> None:
        family.happens(updated(talking(a_call(number=None))))
        await family.wall.shows("Anonymous")
        assert family.desk.research.with_choice() is None
        assert family.desk.research.trace(a_call().id) is None

    async def test_a_number_that_is_forgotten_has_no_choice(self, family: Office) -> None:
        family.desk.choose(a_call().id, family.desk.research.finding(a_call().id).matches[1])
        family.desk.research.forget(JAN)
        assert family.desk.research.trace(a_call().id) is None
        family.happens(ended(over(a_call(), Outcome.ANSWERED)))
        await family.wall.shows()
        family.happens(started(a_call("2.2")))
        await family.wall.shows("Jan Jansen")

    async def test_a_choice_is_forgotten_with_the_contact(self, family: Office) -> None:
        family.desk.choose(a_call().id, family.desk.research.finding(a_call().id).matches[1])
        for names in (("Jan Jansen", "Kees Jansen"), ("Jan Jansen", "Piet Jansen")):
            family.happens(ended(over(a_call(), Outcome.ANSWERED)))
            await family.wall.shows()
            family.book.names = {JAN: names}
            family.happens(started(a_call()))
            await family.wall.shows("Jan Jansen")
            await family.wall.until(lambda: bool(family.wall.seen[-1].buttons))


async def test_what_may_not_be_kept_is_asked_for_again_when_the_call_is_shown_again(office: Office) -> None:
    asked: list[tuple[str, str]] = []

    async def refresh(directory: str, contact_id: str) -> Contact | None:
        asked.append((directory, contact_id))
        return Contact(directory=directory, name="Phone shop", id=contact_id, transient=True)

    office.desk.research.refresh = refresh
    office.book.open.clear()
    office.happens(started(a_call()), answered(talking(a_call())))
    office.happens(ended(over(talking(a_call()), Outcome.ANSWERED)))
    office.history.contact(a_call().id, Contact(directory="Google", name="Shop", id="ChIJ1", transient=True))
    past = await office.history.latest()
    assert past is not None
    assert past.contact == Contact(directory="Google", id="ChIJ1", transient=True)
    await office.desk.show_again(past)
    await office.wall.shows(JANS_NUMBER)
    await office.wall.shows("Phone shop")
    assert asked == [("Google", "ChIJ1")]


async def test_who_was_missed_while_it_was_to_be_quiet_is_told_afterwards(office: Office) -> None:
    office.desk.quiet_changed(("full screen on this display",))
    office.happens(started(a_call()), ended(over(a_call(), Outcome.MISSED)), started(a_call("2.2", PIET)))
    assert await office.popup_of(a_call()) == "full screen on this display"
    assert await office.popup_of(a_call("2.2")) == "full screen on this display"
    office.desk.quiet_changed(())
    await office.wall.until(lambda: len(office.wall.up) == 2)
    assert await office.popup_of(a_call()) == "shown"
    assert await office.popup_of(a_call("2.2")) == "shown"
