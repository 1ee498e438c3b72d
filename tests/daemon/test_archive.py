from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.archive import Archive
from bubbled.daemon.call_log import CallLog
from bubbled.history.store import History
from bubbled.model import CallState, Contact, Extension, Outcome, Owner
from tests.daemon.stand_in import JAN, a_call, ended, started, updated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from bubbled.directory.port import Directory

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
JANSEN = Contact(directory="CRM", name="Jan Jansen")
CALL = a_call()
WITH_BOB = replace(CALL, internal=True, number="102", e164=None)


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = await History.open(tmp_path / "history.sqlite", now=lambda: NOW)
    yield history
    await history.aclose()


async def test_a_call_that_ends_with_a_colleague_is_kept_as_that_with_the_customer(history: History) -> None:
    archive = Archive(history, {})
    archive.my_call_changed(started(CALL), NOW)
    archive.found(CALL.id, JAN, JANSEN)
    archive.my_call_changed(updated(WITH_BOB), NOW)
    archive.my_call_changed(ended(WITH_BOB), NOW)
    kept = await history.call(CALL.id)
    assert kept is not None
    assert (kept.call.number, kept.contact) == (JAN, JANSEN)


def broken() -> Sequence[Directory]:
    raise ZeroDivisionError


async def test_a_crm_that_breaks_does_not_cost_the_history_the_call(history: History, tmp_path: Path) -> None:
    archive = Archive(history, {})
    archive.call_log = CallLog(tmp_path / "log.sqlite", broken, lambda: NOW)
    archive.my_call_changed(started(CALL), NOW)
    archive.my_call_changed(ended(CALL), NOW)
    archive.chosen(CALL.id, None, JANSEN)
    kept = await history.call(CALL.id)
    assert kept is not None
    assert (kept.ended_at, kept.contact) == (NOW, JANSEN)


async def test_earlier_calls_are_told_with_the_names_of_colleagues(history: History) -> None:
    archive = Archive(history, {Extension("102"): "Bob"})
    earlier = replace(CALL, owner=Owner("102"), state=CallState.ENDED, outcome=Outcome.ANSWERED)
    archive.call_changed(started(replace(CALL, owner=Owner("102"))), NOW - timedelta(days=1))
    archive.call_changed(ended(earlier), NOW - timedelta(days=1))
    dealings = await archive.dealings(a_call("2.2").id, JAN)
    assert dealings.last is not None
    assert dealings.last.colleague == "Bob"
