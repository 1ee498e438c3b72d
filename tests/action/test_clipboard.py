"""The clipboards of real desktops, read by other programs."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bubbled.action.clipboard import Clipboard
from bubbled.action.port import ActionError, Trouble
from tests.dialing.wayland_sway import running_sway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tests.dialing.x11_server import XServer

pytestmark = pytest.mark.desktop

TEXT = "+31 6 12345678 · Zoë 李 <b>&amp;"


async def said(environment: Mapping[str, str], *command: str, encoding: str = "utf-8") -> str:
    """What a program says, while our own loop goes on."""
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE)
    output, _ = await asyncio.wait_for(process.communicate(), 10)
    return output.decode(encoding)


async def pasted(x_server: XServer, target: str = "UTF8_STRING") -> str:
    paste = ("xclip", "-selection", "clipboard", "-target", target, "-out")
    return await said(x_server.environment, *paste, encoding="latin-1" if target == "STRING" else "utf-8")


@pytest.fixture
async def clipboard() -> AsyncIterator[Clipboard]:
    holder = Clipboard()
    yield holder
    holder.close()


class TestX11:
    @pytest.mark.parametrize(
        ("target", "text"),
        [
            ("UTF8_STRING", TEXT),
            ("text/plain;charset=utf-8", TEXT),
            ("text/plain", TEXT),
            ("STRING", "+31 6 12345678 · Zoë ? <b>&amp;"),
        ],
    )
    async def test_what_is_copied_can_be_pasted_in_the_forms_that_programs_ask_for(
        self, clipboard: Clipboard, x_server: XServer, target: str, text: str
    ) -> None:
        await clipboard.copy(TEXT, x_server.environment)
        assert await pasted(x_server, target) == text

    async def test_programs_are_told_what_they_can_ask_for(
        self, clipboard: Clipboard, x_server: XServer
    ) -> None:
        await clipboard.copy(TEXT, x_server.environment)
        assert (await pasted(x_server, "TARGETS")).split() == [
            "TARGETS",
            "TIMESTAMP",
            "UTF8_STRING",
            "text/plain;charset=utf-8",
            "text/plain",
            "STRING",
        ]
        assert (await pasted(x_server, "TIMESTAMP")).strip().isdigit()
        assert await pasted(x_server, "image/png") == ""

    async def test_what_is_copied_later_counts(self, clipboard: Clipboard, x_server: XServer) -> None:
        await clipboard.copy("first", x_server.environment)
        await clipboard.copy("second", x_server.environment)
        assert await pasted(x_server) == "second"
        other = x_server.begin("xclip", "-selection", "clipboard", "-in", "-quiet", given=b"another's")
        while await pasted(x_server) != "another's":
            assert other.poll() is None
        await clipboard.copy("third", x_server.environment)
        assert await pasted(x_server) == "third"

    async def test_it_can_be_pasted_many_times_also_by_who_goes_away_at_once(
        self, clipboard: Clipboard, x_server: XServer
    ) -> None:
        await clipboard.copy(TEXT, x_server.environment)
        assert set(await asyncio.gather(*(pasted(x_server) for _ in range(10)))) == {TEXT}

    async def test_a_server_that_has_gone_is_told(self, clipboard: Clipboard, x_server: XServer) -> None:
        await clipboard.copy(TEXT, x_server.environment)
        x_server.kill()
        with pytest.raises(ActionError) as failed:
            await clipboard.copy("again", x_server.environment)
        assert failed.value.trouble is Trouble.NOT_COPIED

    async def test_a_server_that_hangs_is_given_up(self, clipboard: Clipboard, x_server: XServer) -> None:
        x_server.freeze()
        with pytest.raises(ActionError) as failed:
            await clipboard.copy(TEXT, x_server.environment)
        x_server.thaw()
        assert failed.value.about == "the desktop does not answer"


class TestWayland:
    async def test_what_is_copied_can_be_pasted(self, clipboard: Clipboard) -> None:
        with running_sway() as sway:
            await clipboard.copy(TEXT, sway.environment)
            assert await said(sway.environment, "wl-paste", "--no-newline") == TEXT
            assert "text/plain;charset=utf-8" in await said(sway.environment, "wl-paste", "--list-types")

    async def test_a_compositor_that_is_not_there_is_told(self, clipboard: Clipboard) -> None:
        with running_sway() as sway:
            environment = sway.environment | {"WAYLAND_DISPLAY": "wayland-77"}
            with pytest.raises(ActionError) as failed:
                await clipboard.copy(TEXT, environment)
        assert failed.value.trouble is Trouble.NOT_COPIED

    async def test_the_program_that_copies_there_is_asked_for_where_it_is_missing(
        self, clipboard: Clipboard
    ) -> None:
        with pytest.raises(ActionError) as failed:
            await clipboard.copy(TEXT, {"WAYLAND_DISPLAY": "wayland-0", "PATH": "/nowhere"})
        assert failed.value.trouble is Trouble.NO_CLIPBOARD


async def test_no_desktop_is_told(clipboard: Clipboard) -> None:
    with pytest.raises(ActionError) as failed:
        await clipboard.copy(TEXT, {})
    assert failed.value.trouble is Trouble.NO_DESKTOP


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=4000))
def test_every_text_is_pasted_as_it_was_copied(x_server: XServer, text: str) -> None:
    async def copied() -> str:
        holder = Clipboard()
        try:
            await holder.copy(text, x_server.environment)
            return await pasted(x_server)
        finally:
            holder.close()

    assert asyncio.run(copied()) == text
