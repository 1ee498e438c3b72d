"""Fixtures: a real Asterisk for the whole run, and a stage with phones for each test.

A test that asks for one of them is marked `pbx` by that; on an older Asterisk `pbx16`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
import pytest_asyncio

from tests.lab.installation import OLDEST, USUAL, Installation
from tests.lab.pbx import Asterisk
from tests.lab.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

EVERY_ASTERISK: Final = pytest.mark.parametrize("asterisk_version", [USUAL, OLDEST])
"""Runs a test on each version."""

_FIXTURES = {"asterisk", "stage"}


@pytest.fixture
def asterisk_version() -> int:
    """Which Asterisk a test gets; `EVERY_ASTERISK` gives it each."""
    return USUAL


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _asterisks_of_the_run() -> AsyncIterator[dict[int, Asterisk]]:
    """Those that a test has asked for so far, by version."""
    pbxes: dict[int, Asterisk] = {}
    yield pbxes
    for pbx in pbxes.values():
        await pbx.aclose()


@pytest.fixture
async def asterisk(asterisk_version: int, _asterisks_of_the_run: dict[int, Asterisk]) -> Asterisk:
    """A running Asterisk; a test may restart, freeze or kill it."""
    pbx = _asterisks_of_the_run.get(asterisk_version)
    if pbx is None:
        pbx = _asterisks_of_the_run[asterisk_version] = Asterisk(Installation.default(asterisk_version))
    if not pbx.running:
        await pbx.start()
    return pbx


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
            item.add_marker(pytest.mark.pbx16 if _is_on_oldest(item) else pytest.mark.pbx)


def _is_on_oldest(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and item.callspec.params.get("asterisk_version") == OLDEST


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
