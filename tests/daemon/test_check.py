from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import Check, Verdict
from bubbled.daemon import check
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place
from bubbled.settings.popup import Popup, PopupLayout
from bubbled.settings.schema import Settings
from tests.daemon.stand_in import JAN, Book, Wall
from tests.daemon.test_ami_check import ENOUGH, settings
from tests.pbx.ami.scripted_pbx import ScriptedPbx
from tests.pbx.sip.notifier import CHALLENGE, SECRET, Notifier
from tests.pbx.sip.peer import UdpPbx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def pbx() -> AsyncIterator[ScriptedPbx]:
    async with ScriptedPbx.listening() as pbx:
        yield pbx


@pytest.mark.parametrize(
    ("ami_works", "sip_works", "consequence"),
    [
        (True, False, "calls pop up by AMI alone"),
        (False, True, "calls pop up by SIP alone"),
        (False, False, "no calls pop up"),
    ],
)
async def test_of_two_ways_it_tells_what_it_means_that_one_does_not_work(
    pbx: ScriptedPbx, *, ami_works: bool, sip_works: bool, consequence: str
) -> None:
    transport, sip = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(Notifier(CHALLENGE)), local_addr=("127.0.0.1", 0)
    )
    sip.notifier.believes = sip_works
    account = {"username": "101", "secret": SECRET, "port": sip.port, "transport": "udp", "domain": "pbx"}
    looking = asyncio.create_task(check.pbx(settings(pbx.port, sip=account)))
    peer = await pbx.accept()
    if ami_works:
        await peer.let_in()
        peer.answer(await peer.asked("ListCommands"), **ENOUGH)
        peer.answer(await peer.asked("DeviceStateList"), Response="Error", Message="Permission denied")
    else:
        peer.greet()
        peer.answer(await peer.asked("Challenge"), Challenge="1")
        peer.answer(await peer.asked("Login"), Response="Error", Message="Authentication failed")
    failures = [each.text for each in await looking if each.verdict is Verdict.FAILED]
    assert all(f": {consequence}. Check" in each for each in failures)
    assert len(failures) == 2 - ami_works - sip_works
    transport.close()


async def test_no_pbx_is_told(unused_port: int) -> None:
    (only,) = await check.pbx(settings(unused_port))
    assert (only.name, only.verdict) == ("PBX", Verdict.FAILED)
    assert "refuses connections" in only.text


@pytest.fixture
async def unused_port() -> int:
    async with ScriptedPbx.listening() as pbx:
        return pbx.port


async def test_a_screen_tells_who_it_is_or_what_it_lacks() -> None:
    wall = Wall()
    assert await check.shown_by(wall) == [Check("Popups", Verdict.OK, "a wall")]
    wall.trouble = "the wall is full"
    assert await check.shown_by(wall) == [Check("Popups", Verdict.FAILED, "the wall is full")]


async def test_directories_tell_how_they_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (advised,) = await check.directories(settings(5038))
    assert (advised.verdict, advised.text) == (Verdict.WARNING, "there are none")
    (ready,) = check.state_of(Lookup([Place(directory=Book({JAN: "Jan"}))]))
    assert ready == Check("Directory Customers", Verdict.OK, "ready")


async def test_variables_that_are_no_column_of_any_address_book_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    book = tmp_path / "customers.csv"
    await asyncio.to_thread(book.write_text, "name,phone,City\nJan,0612345678,Utrecht\n")
    laid_out = Settings.model_validate(
        {
            **settings(5038).model_dump(include={"me": {"extension", "region"}}),
            "pbx": {"host": "127.0.0.1", "username": "bubbled", "secret": "s3cret"},
            "directory": [{"name": "Customers", "kind": "csv", "path": str(book)}],
            "popup": {"layout": {"lines": ["$city $company", "$plaats"]}},
            "button": [{"label": "CRM", "copy": "$klantnummer", "when": "$city == 'Ede'"}],
        }
    )
    told = [each.text for each in await check.directories(laid_out) if each.name == "Layout"]
    assert told == [
        "popup.layout.lines[2]: no address book has a column plaats",
        "button[1].copy: no address book has a column klantnummer",
    ]


def test_nothing_is_told_of_columns_where_one_directory_may_have_any() -> None:
    lookup = Lookup([Place(directory=Book({JAN: "Jan"}))])
    asked = settings(5038).model_copy(update={"popup": Popup(layout=PopupLayout(headline="$plaats"))})
    assert check.layout(asked, lookup) == []
