from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import structlog

from bubbled.directory.entry import Entry
from bubbled.directory.local.feed import Fetched
from bubbled.directory.local.synced import SyncedDirectory
from bubbled.directory.local.timetable import Timetable
from bubbled.directory.port import BusyError, CredentialsError, Disclosure, Phase
from bubbled.error import DirectoryError
from bubbled.model import E164, Extension

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bubbled.directory.port import State

DESK, MOBILE = E164("+31201234567"), E164("+31612345678")
QUICK = Timetable(every_s=0.02, soon_s=0.01, retry_s=0.01, refused_s=0.01)
ON_DEMAND = Timetable(every_s=3600, soon_s=0, retry_s=0.01)
DOWN = DirectoryError("crm.example.com cannot be reached")


def person(name: str, number: str = "020-1234567") -> Entry:
    return Entry("record", name, None, None, (), (number,))


def everything(*entries: Entry) -> Fetched:
    return Fetched({str(i): entry for i, entry in enumerate(entries)}, token="t1", is_all=True)


class ScriptedFeed:
    """Answers what it is told to; the last answer again and again. `None` never answers."""

    def __init__(self, *answers: Fetched | Exception | None) -> None:
        self.answers = list(answers)
        self.asked: list[str | None] = []
        self.was_asked = asyncio.Event()
        self.is_closed = False

    async def fetch(self, since: str | None, progress: Callable[[int, int | None], None]) -> Fetched:
        self.asked.append(since)
        self.was_asked.set()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            progress(3, 10)
            await asyncio.Event().wait()
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer

    def disclosures(self) -> tuple[Disclosure, ...]:
        return (Disclosure("crm.example.com", ()),)

    async def aclose(self) -> None:
        self.is_closed = True


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "crm.sqlite"


def made(
    path: Path, feed: ScriptedFeed, timetable: Timetable = QUICK, clock: Clock | None = None
) -> SyncedDirectory:
    return SyncedDirectory(
        "CRM", feed, index_path=path, region="NL", timeout_s=2, timetable=timetable, clock=clock or Clock()
    )


@asynccontextmanager
async def started(
    path: Path, feed: ScriptedFeed, timetable: Timetable = QUICK, clock: Clock | None = None
) -> AsyncIterator[SyncedDirectory]:
    directory = made(path, feed, timetable, clock)
    await directory.start()
    try:
        yield directory
    finally:
        await directory.aclose()


async def until(directory: SyncedDirectory, holds: Callable[[State], bool]) -> State:
    async with asyncio.timeout(20):
        async for state in directory.states():
            if holds(state):
                return state
    raise AssertionError("states never end")


def is_phase(phase: Phase) -> Callable[[State], bool]:
    return lambda state: state.phase is phase


async def until_known(directory: SyncedDirectory, name: str, number: E164 = DESK) -> None:
    """Wait until the directory knows who has a number; asking is what brings new contacts in."""
    async with asyncio.timeout(20):
        async for _ in directory.states():
            if directory.count is not None and await names(directory, number) == [name]:
                return


def spoil(path: Path) -> None:
    path.write_bytes(b"rubbish")


async def names(directory: SyncedDirectory, number: E164 = DESK) -> list[str | None]:
    return [contact.name for contact in await directory.lookup(number)]


async def test_contacts_are_fetched_in_the_background_and_answer(path: Path) -> None:
    async with started(path, ScriptedFeed(everything(person("Jan")))) as directory:
        assert str(directory.state) == "indexing"
        assert directory.count is None
        assert await names(directory) == ["Jan"]
        assert directory.is_local
        assert str(await until(directory, is_phase(Phase.READY))) == "ready"


async def test_a_first_fetch_that_takes_long_holds_up_nobody(path: Path) -> None:
    async with started(path, ScriptedFeed(None)) as directory:
        with pytest.raises(DirectoryError, match=r"CRM is being read for the first time \(30 %\)"):
            await asyncio.wait_for(directory.lookup(DESK), 10)


async def test_the_copy_of_the_last_time_answers_at_once_also_offline(path: Path) -> None:
    clock = Clock()
    async with started(path, ScriptedFeed(everything(person("Jan"))), clock=clock) as directory:
        await until(directory, is_phase(Phase.READY))
    clock.now += 3 * 86_400
    async with started(path, ScriptedFeed(None), clock=clock) as directory:
        assert str(directory.state) == "ready: fetched 3 days ago"
        assert await names(directory) == ["Jan"]
    async with started(path, ScriptedFeed(DOWN), clock=clock) as directory:
        assert str(await until(directory, is_phase(Phase.FAILED))) == (
            "failed: crm.example.com cannot be reached; the 1 contacts fetched before are still used"
        )
        assert await names(directory) == ["Jan"]


async def test_only_what_changed_is_asked_for_also_after_a_restart(path: Path) -> None:
    nothing = Fetched({}, token="t2")
    feed = ScriptedFeed(everything(person("Jan")), Fetched({"9": person("Kees", "06-12345678")}, token="t2"))
    async with started(path, feed) as directory:
        await until_known(directory, "Kees", MOBILE)
        assert await names(directory) == ["Jan"]
    assert feed.asked[:2] == [None, "t1"]
    again = ScriptedFeed(nothing)
    async with started(path, again) as directory:
        await again.was_asked.wait()
        assert again.asked[0] == "t2"


async def test_an_unknown_number_has_the_source_asked_at_once(path: Path) -> None:
    feed = ScriptedFeed(everything(person("Jan")), everything(person("Jan"), person("Kees", "06-12345678")))
    async with started(path, feed, ON_DEMAND) as directory:
        await until(directory, is_phase(Phase.READY))
        assert await names(directory) == ["Jan"]
        assert len(feed.asked) == 1
        await until_known(directory, "Kees", MOBILE)
        assert len(feed.asked) == 2


async def test_a_source_that_is_down_is_asked_again_until_it_answers(path: Path) -> None:
    feed = ScriptedFeed(DOWN, BusyError("later"), DOWN, everything(person("Jan")))
    async with started(path, feed) as directory:
        with pytest.raises(DirectoryError, match=r"CRM cannot answer yet: crm\.example\.com cannot"):
            await directory.lookup(DESK)
        await until(directory, is_phase(Phase.READY))
        assert await names(directory) == ["Jan"]


async def test_a_source_that_asks_for_a_pause_leaves_the_copy_ready(path: Path) -> None:
    busy = BusyError("crm.example.com asks for a pause", 3600)
    feed = ScriptedFeed(everything(person("Jan")), busy)
    async with started(path, feed) as directory:
        state = await until(directory, lambda state: state.remark is not None)
        assert str(state) == "ready: crm.example.com asks for a pause; fetched moments ago"
        assert await names(directory) == ["Jan"]


async def test_the_first_fetch_tells_how_far_it_is(path: Path) -> None:
    async with started(path, ScriptedFeed(None)) as directory:
        assert str(await until(directory, lambda state: state.done > 0)) == "indexing 30 %"


async def test_a_source_that_suddenly_is_empty_leaves_the_copy(path: Path) -> None:
    async with started(path, ScriptedFeed(everything(person("Jan")), everything())) as directory:
        state = await until(directory, is_phase(Phase.FAILED))
        assert str(state) == (
            "failed: it suddenly holds no contacts; the 1 contacts fetched before are still used"
        )
        assert await names(directory) == ["Jan"]


async def test_a_source_that_forgot_the_token_sends_everything_and_what_is_gone_goes(path: Path) -> None:
    feed = ScriptedFeed(everything(person("Jan"), person("Kees", "06-12345678")), everything(person("An")))
    async with started(path, feed) as directory:
        await until_known(directory, "An")
        assert await names(directory, MOBILE) == []


async def test_a_refused_account_is_logged_once_however_often_it_is_tried(path: Path) -> None:
    feed = ScriptedFeed(everything(person("Jan")), *[CredentialsError("wrong password")] * 5)
    feed.answers.append(everything(person("Kees")))
    with structlog.testing.capture_logs() as logs:
        async with started(path, feed) as directory:
            await until_known(directory, "Kees")
    assert [entry["reason"] for entry in logs if entry["log_level"] == "warning"] == ["wrong password"]


async def test_a_fault_in_a_feed_tells_its_kind_alone_and_does_not_end_the_fetching(path: Path) -> None:
    feed = ScriptedFeed(KeyError("secret of +31612345678"), everything(person("Jan")))
    async with started(path, feed) as directory:
        state = await until(directory, is_phase(Phase.FAILED))
        assert str(state) == "failed: fetching its contacts failed (KeyError)"
        await until(directory, is_phase(Phase.READY))


async def test_a_silent_source_is_given_up(path: Path) -> None:
    impatient = replace(QUICK, silent_s=0.01)
    async with started(path, ScriptedFeed(None, everything(person("Jan"))), impatient) as directory:
        state = await until(directory, is_phase(Phase.FAILED))
        assert str(state) == "failed: its source sent nothing for 0.01 seconds"
        await until(directory, is_phase(Phase.READY))


async def test_a_folder_that_cannot_be_written_is_named(path: Path) -> None:
    path.parent.write_text("in the way")
    async with started(path, ScriptedFeed(everything(person("Jan")))) as directory:
        state = await until(directory, is_phase(Phase.FAILED))
        assert str(state) == f"failed: its copy cannot be written to {path.parent}: File exists"


async def test_a_folder_that_cannot_even_be_looked_into_is_named(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 300) / "crm.sqlite"
    async with started(path, ScriptedFeed(everything(person("Jan")))) as directory:
        state = await until(directory, is_phase(Phase.FAILED))
        assert "File name too long" in str(state)


async def test_a_damaged_copy_is_fetched_anew(path: Path) -> None:
    async with started(path, ScriptedFeed(everything(person("Jan")))) as directory:
        await until(directory, is_phase(Phase.READY))
    spoil(path)
    feed = ScriptedFeed(everything(person("Kees")))
    async with started(path, feed) as directory:
        await until_known(directory, "Kees")
    assert feed.asked[0] is None


async def test_a_copy_that_is_damaged_while_it_is_open_is_fetched_anew(path: Path) -> None:
    feed = ScriptedFeed(everything(person("Jan")))
    async with started(path, feed, ON_DEMAND) as directory:
        await until(directory, is_phase(Phase.READY))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("DROP TABLE number")
        with pytest.raises(DirectoryError, match="the index of CRM is damaged"):
            await directory.lookup(DESK)
        await until_known(directory, "Jan")
    assert feed.asked == [None, None]


async def test_a_copy_made_by_other_rules_answers_until_everything_is_read_anew(path: Path) -> None:
    german = SyncedDirectory(
        "CRM",
        ScriptedFeed(everything(person("Jan", "030 1234567"))),
        index_path=path,
        region="DE",
        timeout_s=2,
    )
    await german.start()
    await until(german, is_phase(Phase.READY))
    await german.aclose()
    feed = ScriptedFeed(everything(person("Jan", "030 1234567")))
    async with started(path, feed, ON_DEMAND) as directory:
        assert await names(directory, E164("+49301234567")) == ["Jan"]
        await until_known(directory, "Jan", E164("+31301234567"))
    assert feed.asked[0] is None


async def test_colleagues_elsewhere_are_found_by_their_extension(path: Path) -> None:
    feed = ScriptedFeed(everything(person("Jan", "0102")))
    directory = SyncedDirectory("Colleagues", feed, index_path=path, region="NL", timeout_s=2, internal=True)
    await directory.start()
    assert [contact.name for contact in await directory.lookup(Extension("0102"))] == ["Jan"]
    assert await directory.lookup(Extension("102")) == ()
    await directory.aclose()


async def test_the_loop_goes_on_while_many_contacts_are_taken_in(path: Path) -> None:
    many = everything(*(person(f"Jan {i}") for i in range(5000)))
    async with started(path, ScriptedFeed(many)) as directory:
        turns = 0
        while directory.count is None:
            await asyncio.sleep(0)
            turns += 1
        assert directory.count == 5000
    assert turns > 50


async def test_closing_in_the_middle_leaves_the_copy_of_before(path: Path) -> None:
    async with started(path, ScriptedFeed(everything(person("Jan")))) as directory:
        await until(directory, is_phase(Phase.READY))
    many = everything(*(person(f"Kees {i}") for i in range(50_000)))
    feed = ScriptedFeed(many)
    async with started(path, feed) as directory:
        await feed.was_asked.wait()
    async with started(path, ScriptedFeed(None)) as directory:
        assert await names(directory) == ["Jan"]


async def test_it_says_where_the_contacts_come_from_and_that_no_number_goes_there(path: Path) -> None:
    assert made(path, ScriptedFeed(None)).disclosures(DESK) == (Disclosure("crm.example.com", ()),)


async def test_closing_twice_and_before_the_start_does_no_harm(path: Path) -> None:
    feed = ScriptedFeed(everything(person("Jan")))
    directory = made(path, feed)
    await directory.aclose()
    await directory.start()
    await directory.aclose()
    await directory.aclose()
    assert feed.is_closed
