"""Fixtures: a real Asterisk for the whole run, and a stage with phones for each test.

A test that asks for one of them is marked `pbx` by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.lab.pbx import Asterisk
from tests.lab.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

_FIXTURES = {"asterisk", "stage"}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _asterisk_of_the_run() -> AsyncIterator[Asterisk]:
    async with Asterisk() as pbx:
        yield pbx


@pytest.fixture
async def asterisk(_asterisk_of_the_run: Asterisk) -> Asterisk:
    """A running Asterisk; a test may restart, freeze or kill it."""
    if not _asterisk_of_the_run.running:
        await _asterisk_of_the_run.start()
    return _asterisk_of_the_run


@pytest.fixture
async def stage(asterisk: Asterisk) -> AsyncIterator[Stage]:
    """Phones on that Asterisk; calls that a test leaves over are hung up."""
    async with Stage(asterisk) as stage:
        yield stage


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the PBX."""
    for item in items:
        if isinstance(item, pytest.Function) and _FIXTURES & set(item.fixturenames):
            item.add_marker(pytest.mark.pbx)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the phones and the PBX said."""
    report = yield
    fixtures = item.funcargs if isinstance(item, pytest.Function) else {}
    if report.failed:
        if isinstance(stage := fixtures.get("stage"), Stage):
            report.sections.append(("SIP messages", stage.trace))
        if isinstance(pbx := fixtures.get("asterisk"), Asterisk):
            report.sections.append(("Asterisk log", pbx.log()))
    return report
