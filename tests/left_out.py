"""What this machine cannot run is left out, and said so at the end of the run. CI must leave out nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.lab.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDS: dict[str, Callable[[], str | None]] = {"pbx": Installation.default().missing}
"""For each marker: why tests that carry it cannot run here; None when they can."""

_LEFT_OUT = pytest.StashKey[dict[str, int]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run.

    Raises:
        pytest.UsageError: this is CI.
    """
    missing = {marker: reason for marker, needs in NEEDS.items() if (reason := needs())}
    lost = {marker: [item for item in items if item.get_closest_marker(marker)] for marker in missing}
    left_out = {missing[marker]: len(marked) for marker, marked in lost.items() if marked}
    if left_out and os.environ.get("CI") == "true":
        raise pytest.UsageError("CI must leave out nothing: " + "; ".join(left_out))
    config.stash[_LEFT_OUT] = left_out
    gone = {item for marked in lost.values() for item in marked}
    if gone:
        config.hook.pytest_deselected(items=list(gone))
        items[:] = [item for item in items if item not in gone]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out and why."""
    for reason, count in config.stash.get(_LEFT_OUT, {}).items():
        terminalreporter.write_line(f"LEFT OUT: {count} tests: {reason}", yellow=True, bold=True)
