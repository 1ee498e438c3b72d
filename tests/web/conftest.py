from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.daemon.conftest import folder, pbx, run, settings_file
from tests.web.browsing import Visitor, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon

__all__ = ["folder", "pbx", "run", "settings_file"]


@pytest.fixture
def team_settings_file(settings_file: Path) -> Path:
    """Settings of Alice, 101, who has a colleague."""
    settings_file.write_text(f'{settings_file.read_text()}[team]\nnames = {{ 101 = "Alice", 102 = "Bob" }}\n')
    return settings_file


@pytest.fixture
async def daemon(
    run: Callable[[Path], AbstractAsyncContextManager[Daemon]], settings_file: Path
) -> AsyncIterator[Daemon]:
    """A whole daemon on the demo PBX."""
    async with run(settings_file) as daemon:
        yield daemon


@pytest.fixture
async def visitor(daemon: Daemon) -> AsyncIterator[Visitor]:
    """A real browser, let in to the pages of that daemon."""
    async with visiting(daemon.pages.invite) as visitor:
        yield visitor
