from __future__ import annotations

import asyncio
import subprocess
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import structlog

from bubbled.directory.call_log.courier import Courier
from bubbled.directory.call_log.delivery import Event, News, Stage
from bubbled.directory.call_log.outbox import Outbox, OutboxError
from tests.directory.call_log.office import ENDED, RECORD, Clock, MemoryWriter, a_record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bubbled.directory.call_log.record import CallRecord

DAY_S = 24 * 3600.0


class Post:
    """A courier with its clock and one CRM; a restart leaves only what is on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock()
        self.crm = MemoryWriter()
        self.writers = {"CRM": self.crm}
        self.courier = self._courier()

    def _courier(self) -> Courier:
        return Courier(self.path, self.writers.get, self.clock, self.clock.steady)

    async def accept(self, record: CallRecord = RECORD, after_s: float = 0.0) -> None:
        self.courier.ledger.accept(record, self.clock(), after_s)
        await self.courier.ledger.flush()

    async def deliver(self, *, in_s: float = 0.0) -> Stage | None:
        """Let time pass, do what is due, and tell how far the first call is."""
        self.clock.pass_s(in_s)
        await self.courier.deliver()
        return self.stage

    @property
    def stage(self) -> Stage | None:
        entry = self.courier.ledger.entry(RECORD.call_id)
        return None if entry is None else entry.delivery.stage

    async def restart(self) -> None:
        await self.courier.aclose()
        self.courier = self._courier()
        await self.courier.start()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    post = Post(tmp_path / "call-log.sqlite")
    yield post
    await post.courier.aclose()


async def test_a_call_is_written_once(post: Post) -> None:
    await post.accept(after_s=60)
    assert await post.deliver(in_s=59) is Stage.WAITING
    assert await post.deliver(in_s=1) is Stage.WRITTEN
    assert await post.deliver(in_s=DAY_S) is Stage.WRITTEN
    await post.restart()
    await post.deliver(in_s=DAY_S)
    assert post.crm.stored == [RECORD]


async def test_of_a_written_call_no_details_stay_behind(post: Post) -> None:
    await post.accept()
    await post.deliver()
    entry = post.courier.ledger.entry(RECORD.call_id)
    assert entry is not None
    assert (entry.record.number, entry.record.note, entry.record.contact_name) == ("", "", "")


@pytest.mark.parametrize("event", [Event.UNSENT, Event.BUSY, Event.DENIED])
async def test_what_did_not_leave_or_was_not_wanted_now_is_sent_again_later(post: Post, event: Event) -> None:
    post.crm.answers = [News(event, "the CRM is away")] * 2
    await post.accept()
    assert await post.deliver() is Stage.WAITING
    assert await post.deliver(in_s=29) is Stage.WAITING
    assert len(post.crm.sent) == 1
    assert await post.deliver(in_s=1) is Stage.WAITING
    assert await post.deliver(in_s=60) is Stage.WRITTEN
    assert len(post.crm.stored) == 1


async def test_a_crm_gets_the_pause_that_it_wants(post: Post) -> None:
    post.crm.answers = [News(Event.BUSY, "too much", 900.0)]
    await post.accept()
    await post.accept(a_record(2))
    await post.deliver()
    await post.deliver(in_s=899)
    assert len(post.crm.sent) == 1
    await post.deliver(in_s=1)
    assert len(post.crm.stored) == 2


async def test_what_the_user_mended_is_tried_at_once(post: Post) -> None:
    post.crm.answers = [News(Event.DENIED, "wrong key")] * 8
    await post.accept()
    for _ in range(8):
        await post.deliver(in_s=3600)
    post.courier.relieve()
    assert await post.deliver() is Stage.WRITTEN


async def test_a_refused_call_is_not_sent_again(post: Post) -> None:
    post.crm.answers = [News(Event.REFUSED, "no such contact")]
    await post.accept()
    assert await post.deliver() is Stage.REFUSED
    assert await post.deliver(in_s=DAY_S) is Stage.REFUSED
    assert len(post.crm.sent) == 1


async def test_without_an_answer_the_call_is_looked_for_and_found(post: Post) -> None:
    post.crm.answers = [News(Event.UNANSWERED)]
    await post.accept()
    assert await post.deliver() is Stage.DOUBTFUL
    post.crm.stored.append(RECORD)  # it arrived all the same
    assert await post.deliver(in_s=119) is Stage.DOUBTFUL
    assert post.crm.looked == 0
    assert await post.deliver(in_s=1) is Stage.WRITTEN
    assert (post.crm.looked, len(post.crm.sent)) == (1, 1)


async def test_a_clock_that_is_set_forward_does_not_let_a_call_be_looked_for_too_early(post: Post) -> None:
    post.crm.answers = [News(Event.UNANSWERED)]
    await post.accept()
    await post.deliver(in_s=1000)
    post.clock.time += timedelta(hours=2)
    assert await post.deliver(in_s=119) is Stage.DOUBTFUL
    await post.restart()
    assert await post.deliver(in_s=119) is Stage.DOUBTFUL
    assert post.crm.looked == 0
    await post.deliver(in_s=1)
    assert post.crm.looked == 1


async def test_a_clock_that_is_set_back_by_years_keeps_no_call_waiting(post: Post) -> None:
    post.clock.time += timedelta(days=3650)
    post.crm.answers = [News(Event.UNSENT, "no network")]
    await post.accept(after_s=60)
    await post.deliver(in_s=60)
    post.clock.time -= timedelta(days=3650)
    assert await post.deliver(in_s=29) is Stage.WAITING
    assert await post.deliver(in_s=1) is Stage.WRITTEN


async def test_without_an_answer_the_call_is_sent_again_only_when_it_is_not_there(post: Post) -> None:
    post.crm.answers = [News(Event.UNANSWERED)]
    post.crm.found = News(Event.UNCERTAIN, "the search is away")
    await post.accept()
    await post.deliver()
    assert await post.deliver(in_s=DAY_S) is Stage.DOUBTFUL
    post.crm.found = None
    assert await post.deliver(in_s=3600) is Stage.WAITING
    assert await post.deliver(in_s=3600) is Stage.WRITTEN
    assert [each.mark for each in post.crm.sent] == [RECORD.mark] * 2


async def test_where_it_cannot_be_looked_for_a_doubtful_call_stays_as_it_is(post: Post) -> None:
    post.crm.look_after_s = None
    post.crm.answers = [News(Event.UNANSWERED)]
    await post.accept()
    for _ in range(10):
        assert await post.deliver(in_s=DAY_S) is Stage.DOUBTFUL
    assert len(post.crm.sent) == 1


async def test_a_crash_while_it_is_sent_is_no_reason_to_send_it_again(post: Post) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def hangs(_record: CallRecord) -> None:
        begun.set()
        await never.wait()

    post.crm.meanwhile = hangs
    await post.accept()
    sending = asyncio.create_task(post.courier.deliver())
    await begun.wait()
    sending.cancel()
    await asyncio.wait([sending])
    post.crm.stored.append(RECORD)
    await post.restart()
    assert post.stage is Stage.DOUBTFUL
    assert await post.deliver(in_s=120) is Stage.WRITTEN
    assert len(post.crm.sent) == 1


async def test_nothing_leaves_that_could_not_be_kept_before(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post.accept()

    async def full(_outbox: Outbox, _entry: object) -> None:
        raise OutboxError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "save", full)
        with pytest.raises(OutboxError):
            await post.courier.deliver()
    assert (post.crm.sent, post.stage) == ([], Stage.WAITING)
    assert await post.deliver() is Stage.WRITTEN


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "bubbled-test", disk], check=True)  # noqa: S603, S607 - programs of the system
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S603, S607 - the same


def fill_up(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 1024)
    return filler


@pytest.mark.mount
async def test_on_a_full_disk_nothing_leaves_and_each_call_once_when_there_is_room(small_disk: Path) -> None:
    post = Post(small_disk / "bubbled" / "call-log.sqlite")
    async with aclosing(post.courier):
        await post.accept(a_record(1))
        await post.deliver()
        filler = fill_up(small_disk)
        for serial in range(2, 6):
            post.courier.ledger.accept(a_record(serial), post.clock(), 0.0)
        with pytest.raises(OutboxError, match="make room"):
            await post.deliver()
        assert len(post.crm.sent) == 1
        filler.unlink()
        await post.deliver()
        assert [each.call_id for each in post.crm.sent] == [
            a_record(serial).call_id for serial in range(1, 6)
        ]


async def test_one_crm_that_hangs_does_not_keep_another_waiting(post: Post) -> None:
    gate, written = asyncio.Event(), asyncio.Event()

    async def hangs(_record: CallRecord) -> None:
        await gate.wait()

    async def tells(_record: CallRecord) -> None:
        written.set()

    post.crm.meanwhile = hangs
    post.writers["Other"] = other = MemoryWriter(meanwhile=tells)
    await post.accept()
    await post.accept(a_record(2, directory="Other"))
    sending = asyncio.create_task(post.courier.deliver())
    async with asyncio.timeout(10):
        await written.wait()
    assert post.crm.stored == []
    gate.set()
    await sending
    assert (len(post.crm.stored), len(other.stored)) == (1, 1)


async def test_a_defect_in_writing_is_a_doubt_and_hurts_nobody_else(post: Post) -> None:
    async def breaks(_record: CallRecord) -> None:
        raise RuntimeError("a defect")

    post.crm.meanwhile = breaks
    post.writers["Other"] = other = MemoryWriter()
    await post.accept()
    await post.accept(a_record(2, directory="Other"))
    assert await post.deliver() is Stage.DOUBTFUL
    assert len(other.stored) == 1


async def test_after_a_week_a_call_is_given_up(post: Post) -> None:
    post.crm.answers = [News(Event.UNSENT, "no network")] * 300
    await post.accept()
    for _ in range(7 * 24 + 1):
        await post.deliver(in_s=3600)
    assert await post.deliver(in_s=3600) is Stage.GIVEN_UP
    assert post.crm.stored == []


async def test_calls_for_a_directory_that_is_gone_wait_a_week_for_it(post: Post) -> None:
    await post.accept()
    del post.writers["CRM"]
    assert await post.deliver(in_s=6 * DAY_S) is Stage.WAITING
    post.writers["CRM"] = post.crm
    assert await post.deliver() is Stage.WRITTEN
    await post.accept(a_record(2))
    del post.writers["CRM"]
    await post.deliver(in_s=8 * DAY_S)
    assert [each.record.call_id for each in post.courier.ledger.entries] == [RECORD.call_id]


async def test_what_waits_for_one_account_is_not_written_into_another_that_has_its_name_now(
    post: Post,
) -> None:
    await post.accept()
    post.writers["CRM"] = other = MemoryWriter(account="other.example.com")
    assert await post.deliver() is Stage.WAITING
    assert other.sent == []
    post.writers["CRM"] = post.crm
    assert await post.deliver() is Stage.WRITTEN


async def test_what_was_sent_into_one_account_is_not_looked_for_in_another(post: Post) -> None:
    post.crm.answers = [News(Event.UNANSWERED)]
    await post.accept()
    await post.deliver()
    post.writers["CRM"] = other = MemoryWriter(account="other.example.com")
    assert await post.deliver(in_s=DAY_S) is Stage.DOUBTFUL
    assert other.looked == 0


async def test_after_a_month_nothing_is_known_of_a_call(post: Post) -> None:
    await post.accept()
    await post.deliver()
    assert await post.deliver(in_s=31 * DAY_S) is None


async def test_a_call_that_waited_for_months_while_bubbled_was_off_is_not_lost_without_a_word(
    post: Post,
) -> None:
    await post.accept()
    with structlog.testing.capture_logs() as logs:
        assert await post.deliver(in_s=90 * DAY_S) is Stage.GIVEN_UP
    assert [(each["log_level"], each["what"]) for each in logs] == [("warning", "expired")]
    assert post.crm.sent == []


async def test_what_is_due_is_sent_by_itself(post: Post) -> None:
    written = asyncio.Event()

    async def tells(_record: CallRecord) -> None:
        written.set()

    post.crm.meanwhile = tells
    running = asyncio.create_task(post.courier.run())
    await asyncio.sleep(0)
    post.courier.ledger.accept(RECORD, ENDED, 0)
    async with asyncio.timeout(10):
        await written.wait()
    running.cancel()
    await asyncio.wait([running])
    assert post.crm.stored == [RECORD]


async def test_an_outbox_that_another_daemon_has_is_told(post: Post) -> None:
    await post.accept()
    other = Courier(post.path, post.writers.get, post.clock)
    await other.start()
    assert "Another bubbled" in (other.trouble or "")
    await other.aclose()


async def test_calls_of_the_last_run_are_taken_up_as_soon_as_the_outbox_can_be_used(post: Post) -> None:
    await post.accept()
    other = Courier(post.path, post.writers.get, post.clock)
    await other.start()
    with pytest.raises(OutboxError, match="Another bubbled"):
        await other.deliver()
    await post.courier.aclose()
    await other.deliver()
    assert post.crm.stored == [RECORD]
    await other.aclose()


async def test_a_number_that_is_forgotten_while_its_call_is_sent_stays_forgotten(post: Post) -> None:
    async def forgets(_record: CallRecord) -> News:
        await post.courier.ledger.forget(RECORD.number)
        return News(Event.UNANSWERED)

    post.crm.meanwhile = forgets
    await post.accept()
    assert await post.deliver() is None
    await post.restart()
    assert post.stage is None


async def test_a_note_that_comes_before_the_call_is_sent_goes_with_it(post: Post) -> None:
    await post.accept(after_s=60)
    entry = post.courier.ledger.entry(RECORD.call_id)
    assert entry is not None
    post.courier.ledger.put(replace(entry, record=replace(RECORD, note="Two")))
    await post.deliver(in_s=60)
    assert [each.note for each in post.crm.stored] == ["Two"]
