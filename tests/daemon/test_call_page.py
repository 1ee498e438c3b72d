from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, CookieJar

from bubbled.daemon.call_page import path_of
from bubbled.model import CallId, PopupId
from bubbled.popup.command import OpenUri
from bubbled.popup.screen import CALL_PAGE
from tests.daemon.stand_in import JAN, a_call

if TYPE_CHECKING:
    from bubbled.daemon.daemon import Daemon
    from bubbled.daemon.port import DaemonPort
    from bubbled.model import Call
    from bubbled.pbx.demo import DemoPbx
    from bubbled.popup.command import Action


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (a_call(), "/history/person?number=%2B31612345678"),
        (a_call("17.1", None), "/diagnosis/call/17.1"),
        (a_call("17.1", internal=True), "/diagnosis/call/17.1"),
        (a_call("../../x?y#z", None), "/diagnosis/call/..%2F..%2Fx%3Fy%23z"),
    ],
)
def test_the_page_of_a_call_is_that_of_its_party_or_of_what_happened(call: Call, path: str) -> None:
    assert path_of(call) == path


async def test_who_presses_for_the_page_gets_it(daemon: Daemon, port: DaemonPort, pbx: DemoPbx) -> None:
    opened: asyncio.Queue[Action] = asyncio.Queue()
    daemon.desk.on_action = opened.put_nowait
    following = port.subscribe()
    playing = asyncio.create_task(pbx.play("answered", speed=5))
    call_id = (await anext(following))["call"]["id"]
    daemon._pressed(PopupId(call_id), CALL_PAGE, "")
    async with asyncio.timeout(10):
        action = await opened.get()
    assert isinstance(action, OpenUri)
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http, http.get(action.uri) as answer:
        assert answer.status == 200
        assert answer.url.path_qs == f"/history/person?number={JAN}".replace("+", "%2B")
    await playing


async def test_why_there_is_no_page_is_told_on_the_screen(daemon: Daemon) -> None:
    daemon.settings_path.write_text(daemon.settings_path.read_text() + "[pages]\nenabled = false\n")
    await daemon.reload()
    daemon.call_pages.open(CallId("17.1"))
    async with asyncio.timeout(10):
        await asyncio.gather(*daemon.call_pages._tasks)
    (card,) = daemon.desk.popups.values()
    assert card.lines == ("The pages are switched off; say `enabled = true` under [pages] in the settings.",)
