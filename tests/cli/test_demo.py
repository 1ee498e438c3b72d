from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.programs import InPipe, OnTerminal
from tests.popup.screens.conftest import FakeServer, SessionBus, server, services, session_bus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.cli.shell import Bubbled

pytestmark = pytest.mark.program

__all__ = ["server", "services", "session_bus"]


@pytest.fixture
def temporary(environment: dict[str, str]) -> Iterator[Path]:
    """Where the demo has its folder; not in tmp_path, because the path of a socket may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="bubbled-") as folder:
        environment["TMPDIR"] = folder
        yield Path(folder)


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
async def on_terminal(environment: dict[str, str], temporary: Path) -> AsyncIterator[OnTerminal]:
    assert temporary
    program = await OnTerminal.start(environment, "demo")
    yield program
    await program.dispose()


async def test_in_a_pipe_it_tells_each_call_once_and_ends(
    bubbled: Bubbled, temporary: Path, tmp_path: Path
) -> None:
    ended = await bubbled("demo", "--speed", "4")
    assert (ended.status, ended.err) == (0, "")
    assert len(re.findall(r"^\d/6  ", ended.out, re.MULTILINE)) == 6
    lines = iter(ended.out.splitlines())
    for part in (
        "Calling you: Sanne de Vries | Tulip Cycles | 06 12345678",
        "with Bob, answered",
        "Talking: Sanne de Vries",
        "Closed: Sanne de Vries",
        "Missed call",
        "Answered by 102 (Bob): Fatima El Amrani",
        "Calling: Pieter Visser",
        "On hold: Anouk Smit",
        "Talking: Bob",
        "Transferred to 102 (Bob): Anouk Smit",
        "Calling you: Jeroen Bakker",
        "Closed: Sanne de Vries",
    ):
        assert any(part in line for line in lines), f"{part} is not in its place:\n{ended.out}"
    assert not left_in(temporary)
    assert not left_in(tmp_path)


async def test_on_a_terminal_it_draws_and_ends_at_ctrl_c(on_terminal: OnTerminal, temporary: Path) -> None:
    await on_terminal.shows("1/6", "╭─ ☎ Calling you", "│ Sanne de Vries", "with Bob, answered")
    assert await on_terminal.press_ctrl_c() == 0
    await on_terminal.shows("That was the demo.")
    assert b"Traceback" not in on_terminal.written
    assert "╭" not in on_terminal.text(), "a card was left on the terminal"
    assert not left_in(temporary)


async def test_ctrl_c_before_it_is_ready_is_no_failure(on_terminal: OnTerminal, temporary: Path) -> None:
    await on_terminal.shows("You are Alice")
    assert await on_terminal.press_ctrl_c() == 0
    await on_terminal.shows("That was the demo.")
    assert b"Traceback" not in on_terminal.written
    assert not left_in(temporary)


async def test_it_can_be_asked_and_doctor_finds_all_well_but_the_missing_desktop(
    on_terminal: OnTerminal, bubbled: Bubbled, temporary: Path
) -> None:
    await on_terminal.shows("--socket", "☎ Calling you")
    folder = temporary / left_in(temporary)[0]
    socket, settings = folder / "control.sock", folder / "config.toml"
    checked = await bubbled("--socket", socket, "doctor", "--config", settings, "--json")
    verdicts = {check["name"]: check["verdict"] for check in json.loads(checked.out)["checks"]}
    assert {"Settings", "Daemon", "PBX", "Rights", "Phones", "Popups", "Directory Customers"} <= set(verdicts)
    lacking = {name: verdict for name, verdict in verdicts.items() if verdict != "ok"}
    assert lacking == {"Tray": "warning", "Buttons": "warning"}, (
        "there is no desktop, and nothing else is wrong"
    )
    calls = (await bubbled("--socket", socket, "calls", "--json")).out.splitlines()
    assert json.loads(calls[-1])["contact"]["name"] == "Sanne de Vries"


@pytest.mark.desktop
async def test_on_a_desktop_the_popups_are_notifications(
    environment: dict[str, str], temporary: Path, session_bus: SessionBus, server: FakeServer
) -> None:
    assert temporary
    environment |= {"DISPLAY": ":99", "DBUS_SESSION_BUS_ADDRESS": session_bus.address}
    program = await OnTerminal.start(environment, "demo")
    try:
        await server.shows("Sanne de Vries")
        assert "on your desktop" in program.text()
        assert "╭" not in program.text()
        assert await program.press_ctrl_c() == 0
        assert not server.up, "a popup was left on the desktop"
    finally:
        await program.dispose()


@pytest.mark.desktop
async def test_a_desktop_that_shows_nothing_is_no_obstacle(
    environment: dict[str, str], temporary: Path, session_bus: SessionBus
) -> None:
    assert temporary
    environment |= {"DISPLAY": ":99", "DBUS_SESSION_BUS_ADDRESS": session_bus.address}
    program = await OnTerminal.start(environment, "demo")
    try:
        await program.shows("No notification server is running", "│ Sanne de Vries")
    finally:
        await program.dispose()


@pytest.mark.desktop
async def test_a_wish_for_the_desktop_that_cannot_be_met_is_told(
    bubbled: Bubbled, session_bus: SessionBus
) -> None:
    ended = await bubbled("demo", "--screen", "native", DBUS_SESSION_BUS_ADDRESS=session_bus.address)
    assert ended.status == 1
    assert re.fullmatch(r"bubbled: No notification server is running.*\n", ended.err)


async def test_a_reader_who_has_seen_enough_ends_it(environment: dict[str, str], temporary: Path) -> None:
    head = f'"{sys.executable}" -m bubbled demo | head -n 1'
    program = await InPipe.start(environment, "sh", "-c", head)
    status, out, err = await program.ended()
    assert (status, out.count("\n"), err) == (0, 1, "")
    assert not left_in(temporary)
