from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis  # noqa: F401 - first imported by its plugin in a summary, it can end Python 3.11.7's pytest non-zero
import pytest
import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.left_out", "tests.lab.plugin"]


@pytest.fixture(autouse=True)
def log_as_it_comes() -> Iterator[None]:
    """Keep the log settings of a command that a test ran in this process from the tests after it."""
    yield
    structlog.reset_defaults()
