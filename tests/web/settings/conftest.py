from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.settings.script import Script, scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bubbled.daemon.daemon import Daemon


@pytest.fixture
async def script(daemon: Daemon) -> AsyncIterator[Script]:
    """What speaks to the pages of the daemon as their scripts do."""
    async with scripted(daemon) as script:
        yield script
