from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pbx.ami.scripted_pbx import ScriptedPbx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def pbx() -> AsyncIterator[ScriptedPbx]:
    async with ScriptedPbx.listening() as pbx:
        yield pbx
