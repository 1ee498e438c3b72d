from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, CookieJar

from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon

    Run = Callable[[Path], AbstractAsyncContextManager[Daemon]]


def address(invitation: str) -> str:
    return invitation.removeprefix("http://").partition("/")[0]


async def is_open(at: str) -> bool:
    host, _, port = at.partition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except ConnectionRefusedError:
        return False
    writer.close()
    return True


async def is_settled(daemon: Daemon) -> bool:
    """Wait until pages that the settings no longer want are gone."""
    async with asyncio.timeout(10):
        await asyncio.gather(*daemon.pages._closing)
    return True


async def apply(daemon: Daemon, more: str) -> None:
    """Change the settings of the pages as the user does."""
    kept = daemon.settings_path.read_text().partition("[pages]")[0]
    daemon.settings_path.write_text(f"{kept}[pages]\n{more}\n")
    await daemon.reload()


async def test_the_pages_are_there_from_the_first_time_on_that_they_are_wanted(daemon: Daemon) -> None:
    invitation = await daemon.pages.invite("/")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http, http.get(invitation) as answer:
        assert answer.status == 200
        assert "Nobody is on the line" in await answer.text()


async def test_two_who_want_them_at_once_get_the_same_pages(daemon: Daemon) -> None:
    first, second = await asyncio.gather(daemon.pages.invite("/"), daemon.pages.invite("/history"))
    assert address(first) == address(second)
    assert first != second
    async with ClientSession() as http:
        for each in (first, second):
            async with http.get(each, allow_redirects=False) as answer:
                assert answer.status == 303


async def test_pages_that_are_switched_off_are_not_opened(daemon: Daemon) -> None:
    await apply(daemon, "enabled = false")
    with pytest.raises(ControlError, match="say `enabled = true` under"):
        await daemon.pages.invite("/")


async def test_pages_that_are_switched_off_while_they_are_open_go(daemon: Daemon) -> None:
    at = address(await daemon.pages.invite("/"))
    assert await is_open(at)
    await apply(daemon, "enabled = false")
    assert await is_settled(daemon)
    assert not await is_open(at)


async def test_pages_move_to_the_port_that_the_settings_name(daemon: Daemon) -> None:
    at = address(await daemon.pages.invite("/"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    await apply(daemon, f"port = {port}")
    assert address(await daemon.pages.invite("/")) == f"127.0.0.1:{port}"
    assert await is_settled(daemon)
    assert not await is_open(at)
    assert await is_open(f"127.0.0.1:{port}")


async def test_other_settings_leave_the_pages_alone(daemon: Daemon) -> None:
    at = address(await daemon.pages.invite("/"))
    daemon.settings_path.write_text(daemon.settings_path.read_text() + "[history]\nlast_calls = 3\n")
    await daemon.reload()
    assert address(await daemon.pages.invite("/")) == at


async def test_settings_that_change_again_and_again_leave_nothing_open(daemon: Daemon) -> None:
    opened = set()
    for enabled in ("true", "false") * 3:
        await apply(daemon, f"enabled = {enabled}")
        if enabled == "true":
            opened.add(address(await daemon.pages.invite("/")))
    assert await is_settled(daemon)
    assert not any([await is_open(each) for each in opened])


async def test_a_port_that_is_taken_is_told_and_tried_again(daemon: Daemon) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        await apply(daemon, f"port = {port}")
        with pytest.raises(ControlError, match=f"cannot be on port {port}"):
            await daemon.pages.invite("/")
    assert address(await daemon.pages.invite("/")) == f"127.0.0.1:{port}"


async def test_the_daemon_ends_while_somebody_follows_a_page(
    run: Run, settings_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        async with asyncio.timeout(20), run(settings_file) as daemon:
            invitation = await daemon.pages.invite("/live/events")
            answer = await http.get(invitation)
            assert await answer.content.readline() == b": following\n"
        answer.close()
    assert not await is_open(address(invitation))
    assert [each.getMessage() for each in caplog.records if each.levelno > logging.INFO] == []
    assert [each.get_name() for each in asyncio.all_tasks() if each.get_name().startswith("pages")] == []


async def test_whoever_follows_a_page_and_leaves_is_not_told_for_ever(daemon: Daemon) -> None:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        before = len(daemon.desk.news._subscriptions)
        async with http.get(await daemon.pages.invite("/live/events")) as answer:
            await answer.content.readline()
            assert len(daemon.desk.news._subscriptions) == before + 1
        await daemon.pages.aclose()
        assert len(daemon.desk.news._subscriptions) == before


def test_a_daemon_whose_pages_nobody_opens_has_nothing_of_them_in_its_memory() -> None:
    code = (
        "import sys; import bubbled.daemon.daemon;"
        "print([each for each in sys.modules if each.startswith(('jinja2', 'bubbled.web', 'markupsafe'))])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    assert loaded.stdout == "[]\n"
