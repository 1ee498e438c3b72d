from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.history import step_file
from bubbled.history.store import History
from bubbled.model import CallId
from bubbled.story.circumstance import Began, Connected, Disconnected, Heard, Muted, Unmuted
from bubbled.story.evidence import GROUPS
from bubbled.story.fact import Chosen, Found, OtherParty, Recalled, Seen
from bubbled.story.step import LONGEST_TEXT, Step
from tests.history.sample import JAN, NINE, files_in, minutes, record_whole, ringing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ONE, OTHER = CallId("1"), CallId("2")
SEEN = Seen(device="PJSIP/101", direction="inbound", state="ringing", number="0612345678")


async def opened(path: Path) -> History:
    return await History.open(path, now=lambda: datetime.now(UTC))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "history.sqlite"


@pytest.fixture
async def history(path: Path) -> AsyncIterator[History]:
    history = await opened(path)
    yield history
    await history.aclose()


async def kinds(history: History, call_id: CallId = ONE) -> list[str]:
    return [step.kind for step in await history.annals.story(call_id)]


async def test_a_story_is_told_at_once_and_after_it_was_saved_and_after_the_end(path: Path) -> None:
    history = await opened(path)
    history.annals.add(ONE, SEEN, NINE)
    history.annals.add(OTHER, SEEN, NINE)
    history.annals.add(ONE, Recalled(), minutes(1))
    wanted = [Step(NINE, SEEN), Step(minutes(1), Recalled())]
    assert await history.annals.story(ONE) == wanted
    assert await history.settled()
    assert await history.annals.story(ONE) == wanted
    await history.aclose()
    again = await opened(path)
    assert await again.annals.story(ONE) == wanted
    assert await again.annals.story(CallId("nobody")) == []
    await again.aclose()


async def test_what_was_saved_outlives_a_kill(path: Path, tmp_path: Path) -> None:
    history = await opened(path)
    history.annals.add(ONE, SEEN, NINE)
    history.annals.happened(Began("1"), NINE)
    assert await history.settled()
    left = shutil.copytree(path.parent, tmp_path / "as a kill leaves it")
    await history.aclose()
    again = await opened(left / path.name)
    assert await kinds(again) == ["seen"]
    assert len(await again.annals.events(NINE, minutes(1), 9)) == 1
    await again.aclose()


async def test_a_story_is_in_order_also_while_half_of_it_waits(history: History) -> None:
    history.annals.add(ONE, Recalled(), minutes(2))
    assert await history.settled()
    history.annals.add(ONE, SEEN, minutes(1))
    assert await kinds(history) == ["seen", "recalled"]


async def test_what_concerns_all_calls_is_told_by_time_and_by_kind(history: History) -> None:
    happened = history.annals.happened
    happened(Began("1"), minutes(0))
    happened(Connected("pbx"), minutes(1))
    assert await history.settled()
    happened(Muted(minutes(30)), minutes(2))
    happened(Disconnected("pbx", "gone", minutes(3)), minutes(3))
    happened(Unmuted(), minutes(30))
    happened(Heard(rang=("PJSIP/102",)), minutes(40), is_urgent=False)
    for _ in range(2):  # waiting in part, then saved
        told = await history.annals.events(minutes(1), minutes(30), 10)
        assert [step.kind for step in told] == ["connected", "muted", "disconnected"]
        assert len(await history.annals.events(minutes(1), minutes(30), 2)) == 2
        before = await history.annals.before(GROUPS, minutes(2))
        assert [step and step.kind for step in before] == [
            "began",
            "connected",
            "muted",
            *(None,) * 4,
        ]
        after = await history.annals.after(GROUPS, minutes(2))
        assert [step and step.kind for step in after] == [
            None,
            "disconnected",
            "unmuted",
            *(None,) * 3,
            "heard",
        ]
        assert await history.settled()


async def test_texts_of_strangers_are_kept_short_and_come_back_as_they_were(history: History) -> None:
    name = "<b>\r\nEvent: Hangup\x00\ud800'; DROP TABLE call_steps; --"
    history.annals.add(ONE, OtherParty(number=None, name=name), NINE)
    history.annals.add(ONE, Chosen("x" * 10_000), NINE)
    assert await history.settled()
    party, chosen = (step.fact for step in await history.annals.story(ONE))
    assert isinstance(party, OtherParty)
    assert party.name == name.replace("\ud800", "?")
    assert isinstance(chosen, Chosen)
    assert len(chosen.who) == LONGEST_TEXT


async def test_a_step_that_nobody_can_read_costs_nothing_else(path: Path) -> None:
    history = await opened(path)
    history.annals.add(ONE, SEEN, NINE)
    await history.aclose()
    with closing(sqlite3.connect(path)) as connection:
        for text in ("", "[]", '{"kind": "of tomorrow"}', '{"kind": "asked"}', "null", '{"kind": []}'):
            connection.execute("INSERT INTO call_steps (call_id, at, step) VALUES ('1', 0, ?)", [text])
        connection.execute(
            "INSERT INTO call_steps (call_id, at, step) VALUES ('1', 9223372036854775807, '{}')"
        )
        connection.commit()
    again = await opened(path)
    assert await kinds(again) == ["seen"]
    assert again.trouble is None
    await again.aclose()


async def test_stories_go_when_they_are_old(history: History) -> None:
    history.annals.add(ONE, SEEN, minutes(0))
    history.annals.add(ONE, Recalled(), minutes(2))
    history.annals.happened(Muted(), minutes(0))
    history.annals.happened(Unmuted(), minutes(2))
    assert await history.prune_stories(minutes(1)) == 2
    assert await kinds(history) == ["recalled"]
    assert [step.kind for step in await history.annals.events(minutes(0), minutes(9), 9)] == ["unmuted"]


async def test_a_story_goes_with_its_call(history: History) -> None:
    record_whole(history, ringing("1"), minutes(0))
    record_whole(history, ringing("2"), minutes(60))
    for call_id in (ONE, OTHER):
        history.annals.add(call_id, Recalled(), minutes(70))
    assert await history.prune(minutes(30)) == 1
    assert await kinds(history, ONE) == []
    assert await kinds(history, OTHER) == ["recalled"]


async def test_of_a_number_that_is_forgotten_no_story_tells(path: Path) -> None:
    history = await opened(path)
    number = "+31612345678"
    elsewhere = {"number": "0620304050", "e164": "+31620304050"}
    record_whole(history, ringing("with it"), minutes(0))
    record_whole(history, ringing("named", **elsewhere), minutes(10))
    record_whole(history, ringing("of his contact", **elsewhere), minutes(20))
    history.contact(CallId("of his contact"), replace(JAN, fields=(("mobile", number),)))
    record_whole(history, ringing("another", **elsewhere), minutes(30))
    for call_id in ("with it", "of his contact", "another"):
        history.annals.add(CallId(call_id), Found("Customers", "Jan Jansen"), minutes(40))
    history.annals.add(CallId("named"), OtherParty(number="06-12345678"), minutes(40))
    history.annals.add(CallId("named"), Chosen("Jan Jansen"), minutes(41))
    assert await history.settled()
    assert await history.forget(number) == 1
    for call_id in ("with it", "named", "of his contact"):
        assert await kinds(history, CallId(call_id)) == []
    assert await kinds(history, CallId("another")) == ["found"]
    await history.aclose()
    assert not any(b"12345678" in content for content in files_in(path.parent).values())


async def test_what_waits_is_forgotten_too(history: History, path: Path) -> None:
    del path
    history.annals.add(ONE, SEEN, NINE)
    history.annals.add(OTHER, Recalled(), NINE)
    await history.forget("+31612345678")
    assert (await kinds(history, ONE), await kinds(history, OTHER)) == ([], ["recalled"])


async def test_of_too_many_steps_the_oldest_go(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_file, "MOST_CALL_STEPS", 10)
    monkeypatch.setattr(step_file, "MOST_EVENTS", 5)
    for minute in range(30):
        history.annals.add(ONE, Chosen(str(minute)), minutes(minute))
        history.annals.happened(Connected(str(minute)), minutes(minute))
    assert await history.settled()
    story = [step.fact for step in await history.annals.story(ONE)]
    assert story == [Chosen(str(minute)) for minute in range(20, 30)]
    events = await history.annals.events(NINE, NINE + timedelta(days=1), 100)
    assert [step.fact for step in events] == [Connected(str(minute)) for minute in range(25, 30)]


async def test_while_the_file_cannot_be_used_stories_are_told_from_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    history = await opened(tmp_path / "file" / "history.sqlite")
    history.annals.add(ONE, SEEN, NINE)
    assert history.trouble
    assert await kinds(history) == ["seen"]
    await history.aclose()
