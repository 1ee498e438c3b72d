from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.control.server import serving
from tests.control.desk import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def served(desk: Desk, tmp_path: Path) -> AsyncIterator[Path]:
    """Give the socket at which the desk is served."""
    path = tmp_path / "control.sock"
    async with serving(desk, path):
        yield path
    desk.feed.close()
