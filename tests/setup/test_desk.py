from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bubbled.control.client import Client
from bubbled.setup import desk as desk_module
from bubbled.setup.answer import Given
from bubbled.setup.desk import SetupDesk
from bubbled.thread import FreeThreads
from bubbled.web.settings.setup_port import Part

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


async def test_what_is_tried_without_end_is_given_up_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.get_running_loop().set_default_executor(FreeThreads())
    begun = 0

    async def endless(*_: Any) -> None:
        nonlocal begun
        begun += 1
        await asyncio.Event().wait()

    monkeypatch.setattr(desk_module, "try_out", endless)
    client = Client(tmp_path / "control.sock")
    desk = SetupDesk(tmp_path / "config.toml", client, Given(), patience_s=0.2)
    assert await desk.begin() is None
    sent = {"pbx.kind": "ami", "pbx.host": "pbx.example.com"}
    for number in (1, 2):
        async with asyncio.timeout(20):
            taken = await desk.take(Part.PBX, sent, keep=False)
        assert (taken.part, taken.mistakes, begun) == (Part.PBX, {}, number)
        assert [check.name for check in desk.sheet(Part.PBX, {}, {}).checks] == ["Waiting"]
    assert (await desk.take(Part.PBX, sent, keep=True)).part is Part.ACCOUNT
