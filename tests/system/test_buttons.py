"""Buttons of a real daemon during real calls: what programs get, what is copied, noted and called."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING

import pytest

from tests.action.program import UserProgram
from tests.popup.screens.desktop import output
from tests.popup.screens.real_server import RealServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.desktop import Display
    from tests.system.bubbled import Bubbled, Home

pytestmark = pytest.mark.desktop

HOSTILE = "'; rm -rf ~ # --x \"<b>&to=all"
BUTTONS = """
[dial]
context = "internal"
[[button]]
label = "Shop"
run = ["shop", "$name", "--name=$name", "$number_e164"]
when = "inbound and not matched"
[[button]]
label = "Page"
open = "crm://search/$name?phone=$number_national"
[[button]]
label = "Copy"
copy = "$name $number_e164"
[[button]]
label = "Note"
note = true
[[button]]
label = "Again"
dial = "$number_e164"
when = "ended"
"""


@pytest.fixture
def shop(home: Home) -> UserProgram:
    program = UserProgram(home.folder / "home")
    program.opens("crm")
    return program


@pytest.fixture
def xfce(display: Display) -> Iterator[RealServer]:
    assert display
    server = RealServer("xfce4-notifyd")
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["dunst"])
async def daemon(  # noqa: PLR0913, PLR0917 - it takes a whole desk
    request: pytest.FixtureRequest,
    asterisk: Asterisk,
    session_bus: SessionBus,
    home: Home,
    start: Callable[..., Bubbled],
    shop: UserProgram,
) -> Bubbled:
    """A daemon that shows popups by the server that the test names, or in windows of its own."""
    screen = "window" if request.param == "display" else "native"
    request.getfixturevalue(request.param)
    home.configure(asterisk.ami, more=f'[popup]\nscreen = "{screen}"\n{BUTTONS}')
    daemon = start(
        **shop.environment
        | {"DBUS_SESSION_BUS_ADDRESS": session_bus.address, "DISPLAY": os.environ["DISPLAY"]}
    )
    return await (await daemon.ready()).is_connected()


async def pressed(daemon: Bubbled, *arguments: str) -> None:
    status, said = await daemon.ask("press", *arguments)
    assert status == 0, said


async def wrote(shop: UserProgram) -> list[str]:
    """Wait for what the program was started with."""
    async with asyncio.timeout(20):
        while "wrote.json" not in shop.files:  # noqa: ASYNC110 - nothing tells of a file
            await asyncio.sleep(0.01)
    return shop.taken()


async def pasted() -> str:
    process = await asyncio.create_subprocess_exec("xclip", "-selection", "clipboard", "-out", stdout=PIPE)
    return (await process.communicate())[0].decode()


async def test_a_stranger_with_a_hostile_name_is_looked_up_copied_noted_and_called_back(
    daemon: Bubbled, stage: Stage, shop: UserProgram, display: Display
) -> None:
    outer = await stage.inbound(number="+31201112233", name=HOSTILE.replace('"', '\\"'))
    await stage.alice.rings()
    await display.reads("020 111 2233", "Calling you")
    await pressed(daemon, "shop")
    assert await wrote(shop) == [HOSTILE, f"--name={HOSTILE}", "+31201112233"]
    await pressed(daemon, "page")
    assert await wrote(shop) == [
        "crm://search/%27%3B%20rm%20-rf%20~%20%23%20--x%20%22%3Cb%3E%26to%3Dall?phone=0201112233"
    ]
    await pressed(daemon, "copy")
    async with asyncio.timeout(20):
        while await pasted() != f"{HOSTILE} +31201112233":
            pass
    await pressed(daemon, "note", "--text", "Wants a quote")
    await display.reads("Wants a quote", "Calling you")
    await outer.hang_up()
    call = await daemon.call(outcome="missed")
    assert call["note"] == "Wants a quote"
    await pressed(daemon, "again")
    own = await stage.alice.rings()
    await own.answer()
    assert (await stage.outside.rings()).dialled == "+31201112233"


async def test_a_popup_that_is_brought_back_has_buttons_that_work(
    daemon: Bubbled, stage: Stage, shop: UserProgram, display: Display
) -> None:
    outer, _ = await stage.conversation()
    await outer.hang_up()
    call = await daemon.call(outcome="answered")
    await display.is_empty()
    status, said = await daemon.ask("press")
    assert (status, "`bubbled show`" in said) == (1, True)
    await daemon.ask("show", call["id"])
    await display.reads("Jan Jansen")
    await pressed(daemon, "page", "--call", call["id"])
    assert await wrote(shop) == ["crm://search/Jan%20Jansen?phone=0612345678"]
    await display.reads("Jan Jansen")


@pytest.mark.parametrize(
    ("daemon", "asks_in_window_of_its_own"), [("xfce", True), ("display", False)], indirect=["daemon"]
)
async def test_a_click_copies_and_one_asks_for_a_note_while_the_popup_stays(
    daemon: Bubbled, stage: Stage, display: Display, *, asks_in_window_of_its_own: bool
) -> None:
    await stage.conversation()
    await display.reads("Jan Jansen", "Talking", "Copy")
    await display.click("Copy")
    async with asyncio.timeout(20):
        while await pasted() != "Jan Jansen +31612345678":
            pass
    await display.reads("Jan Jansen", "Talking", "Note")
    await display.click("Note")
    await display.reads("Note on this call")
    await display.keep(f"system-note-{'zenity' if asks_in_window_of_its_own else 'window'}.png")
    if asks_in_window_of_its_own:
        await output("xdotool", "search", "--name", "^Note: Jan Jansen$", "windowfocus", "--sync")
    await output("xdotool", "type", "call on Monday")
    await output("xdotool", "key", "Return")
    await daemon.call(state="talking", note="call on Monday")
    await display.reads("Jan Jansen", "call on Monday")
