"""Select a number in a program, press F7, and the right phone rings for the right number: all of it real."""

from __future__ import annotations

import asyncio
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.lab.stage import DESTINATION, DESTINATION_E164, OTHER_CALLER
from tests.popup.screens.desktop import Display, output
from tests.popup.screens.real_server import RealServer
from tests.system.test_dialling import DIAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.system.bubbled import Bubbled, Home

pytestmark = pytest.mark.desktop


@pytest.fixture(params=["xfce4-notifyd"])
def server(request: pytest.FixtureRequest, display: Display) -> Iterator[RealServer]:
    assert display
    real = RealServer(request.param)
    real.start()
    yield real
    real.kill()


@pytest.fixture
async def at_desk(
    asterisk: Asterisk, server: RealServer, session_bus: SessionBus, home: Home, start: Callable[..., Bubbled]
) -> Bubbled:
    """A daemon with Alice's phone, on a desktop with a key and popups."""
    assert server
    home.configure(asterisk.ami, more=DIAL)
    daemon = start(DISPLAY=os.environ["DISPLAY"], DBUS_SESSION_BUS_ADDRESS=session_bus.address)
    await (await daemon.ready()).is_connected()
    await daemon.status(lambda it: it["screen"] == "native" and it["hotkey"]["way"] == "x11")
    await daemon.status(lambda it: it["hotkey"]["trouble"] is None)
    return daemon


class Program:
    """A program in which something is selected."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command)  # noqa: S603 - fixed words of the tests

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def open_terminal() -> Iterator[Callable[[str], Program]]:
    """Opens an xterm that shows a text, and selects its words as a person would: by a triple click."""
    programs: list[Program] = []

    def opened(text: str) -> Program:
        command = f"printf '%s' '{text}'; exec sleep 1000"
        programs.append(Program("xterm", "-geometry", "60x3+0+300", "-e", "sh", "-c", command))
        return programs[-1]

    yield opened
    for program in programs:
        program.end()


async def selected(text: str) -> None:
    """Wait until that is selected, clicking three times on the terminal until it is."""
    async with asyncio.timeout(20):
        while text not in await primary():
            await output("xdotool", "mousemove", "40", "310", "click", "--repeat", "3", "--delay", "40", "1")


async def primary() -> str:
    """What is selected."""
    process = await asyncio.create_subprocess_exec(
        "xclip", "-o", "-selection", "primary", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    said, _ = await process.communicate()
    return said.decode()


async def press(key: str = "F7") -> None:
    await output("xdotool", "key", key)


async def test_a_number_in_a_terminal_is_called_by_f7(
    at_desk: Bubbled, stage: Stage, display: Display, open_terminal: Callable[[str], Program]
) -> None:
    open_terminal("Tel.: 030-1234567 tst 12")
    await selected("030-1234567")
    await press()
    own = await stage.alice.rings()
    assert own.number == DESTINATION
    await display.reads("030 123 4567", "Pick up your phone")
    await display.keep("system-3-dialling.png")
    await own.answer()
    outer = await stage.outside.rings()
    assert outer.dialled == DESTINATION_E164
    await display.reads("030 123 4567", "Calling", gone=("Pick up",))
    await outer.answer()
    await display.reads("030 123 4567", "Talking")
    await outer.hang_up()
    await at_desk.call(outcome="answered", e164=DESTINATION_E164, popup="shown")


async def test_a_double_press_is_one_call(
    at_desk: Bubbled, stage: Stage, open_terminal: Callable[[str], Program]
) -> None:
    open_terminal("0301234567")
    await selected("0301234567")
    await output("xdotool", "key", "--delay", "60", "F7", "F7", "F7")
    own = await stage.alice.rings()
    await at_desk.call(state="ringing")
    assert len(stage.alice.calls) == 1
    await own.hang_up()
    await at_desk.calls(lambda calls: [call["state"] for call in calls] == ["ended"])


async def test_a_premium_number_waits_for_the_button(
    at_desk: Bubbled, stage: Stage, display: Display, open_terminal: Callable[[str], Program]
) -> None:
    open_terminal("0900-1234")
    await selected("0900-1234")
    await press()
    await display.reads("0900 1234", "costs extra", "Do not call")
    await display.keep("system-4-question.png")
    assert not stage.alice.calls
    assert await at_desk.calls(lambda _: True) == []
    await display.click("Call")
    await display.reads("Not called")  # the PBX of the tests has no such number
    assert not stage.alice.calls


async def test_words_are_not_called(
    at_desk: Bubbled, stage: Stage, display: Display, open_terminal: Callable[[str], Program]
) -> None:
    open_terminal("hello world")
    await selected("hello")
    await press()
    await display.reads("No phone number", "none in: hello world")
    await display.keep("system-5-no-number.png")
    assert not stage.alice.calls
    assert await at_desk.calls(lambda _: True) == []


async def test_a_missed_caller_is_called_back_by_the_button(
    at_desk: Bubbled, stage: Stage, display: Display
) -> None:
    outer = await stage.inbound(number=OTHER_CALLER)
    await stage.alice.rings()
    await outer.hang_up()
    await display.reads("Missed call", "Call back")
    await display.keep("system-6-call-back.png")
    await display.click("back")
    own = await stage.alice.rings()
    assert own.number == "0687654321"
    await at_desk.call(state="ringing", direction="outbound", e164=OTHER_CALLER)
    await own.hang_up()


async def test_another_key_after_a_reload(
    at_desk: Bubbled, asterisk: Asterisk, stage: Stage, open_terminal: Callable[[str], Program]
) -> None:
    at_desk.home.configure(asterisk.ami, more=f'{DIAL}hotkey = "Ctrl+Alt+D"\n')
    assert (await at_desk.ask("reload"))[0] == 0
    await at_desk.status(lambda it: it["hotkey"] == {"key": "Ctrl+Alt+D", "way": "x11", "trouble": None})
    open_terminal("0301234567")
    await selected("0301234567")
    await press("F7")
    await press("ctrl+alt+d")
    own = await stage.alice.rings()
    assert len(stage.alice.calls) == 1
    await own.hang_up()


async def test_an_expensive_one_of_two_numbers_is_chosen_and_then_confirmed(
    at_desk: Bubbled, stage: Stage, display: Display, open_terminal: Callable[[str], Program]
) -> None:
    open_terminal("030-1234567 / 0900-1234")
    await selected("0900-1234")
    await press()
    await display.reads("Which number", "030 123 4567", "0900 1234", "Do not call")
    await display.keep("system-7-choice.png")
    await display.click("1234")
    await display.reads("costs extra", "Do not call", gone=("Which number",))
    assert await at_desk.calls(lambda _: True) == []
    await display.click("Call")
    await display.reads("Not called")  # the PBX of the tests has no such number
    assert not stage.alice.calls
