from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bubbled.control.status import CallLogState, ConnectionState, DirectoryState, status_json
from bubbled.model import Mute
from tests.control.desk import STATUS, a_call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


async def test_a_person_reads_what_matters_line_by_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.state = replace(
        STATUS, calls=(a_call("1", state="talking", outcome=None),), history_trouble="The disk is full."
    )
    desk.mute_state = Mute(datetime(2999, 11, 22, 14, 0, tzinfo=UTC))

    ended = await bubbled("--socket", served, "status")

    lines = ended.out.splitlines()
    assert lines[0] == "bubbled      0.1.0, running for 2 h 3 min"
    assert lines[1].startswith("PBX          connected: pbx.example.com since ")
    assert lines[2] == "Devices      PJSIP/101"
    assert lines[3] == "Popups       native, muted until 22 Nov 2999 15:00"
    assert lines[4] == "Calls        talking  Jan Jansen, Bakkerij De Vries  +31612345678  PJSIP/101"
    assert lines[5] == "Directories  Customers (csv, 1,234 contacts): ready"
    assert lines[6] == "History      The disk is full."
    assert lines[7] == "Settings     /home/alice/.config/bubbled/config.toml"


async def test_why_it_is_quiet_is_told_beside_the_popups(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.state = replace(STATUS, quiet=("do not disturb is on", "full screen on this display"))
    lines = (await bubbled("--socket", served, "status")).out.splitlines()
    assert lines[3] == "Popups       native, do not disturb is on, full screen on this display"


async def test_calls_that_are_not_in_the_crm_are_told(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    began = datetime(2024, 11, 22, 9, 0, tzinfo=UTC)
    states = (
        CallLogState(directory="A", waiting=2, reason="a.example is away"),
        CallLogState(directory="B", unsure=(began,)),
        CallLogState(directory="C", failed=(began,) * 5),
        CallLogState(directory="D"),
    )
    desk.state = replace(STATUS, call_log=states, call_log_trouble="The disk is full.")
    lines = (await bubbled("--socket", served, "status")).out.splitlines()
    when = "22 Nov 2024 10:00"
    assert lines[6:11] == [
        "Call log     The disk is full.",
        "             A: 2 calls to be written (a.example is away)",
        f"             B: 1 call perhaps not written ({when}): look there",
        f"             C: 5 calls not written (..., {when}, {when}, {when})",
        "             D: nothing waits",
    ]


async def test_trouble_is_told_and_coloured_on_a_terminal(
    terminal: Terminal, served: Path, desk: Desk
) -> None:
    refused = replace(STATUS.pbx, state=ConnectionState.REFUSED, detail="wrong secret")
    broken = (
        DirectoryState(name="A", kind="csv", state="failed: the file is gone"),
        DirectoryState(name="B", kind="vcard", state="indexing 37 %"),
    )
    desk.state = replace(STATUS, pbx=refused, devices=(), screen=None, directories=broken)

    seen = await terminal("--socket", served, "status")

    assert "refused: pbx.example.com" in seen.screen
    assert "(wrong secret)" in seen.screen
    assert "nothing can show them" in seen.screen
    assert (
        "Directories  A (csv): failed: the file is gone\n             B (vcard): indexing 37 %" in seen.screen
    )
    assert "\x1b[31mrefused" in seen.written


async def test_colours_can_be_refused(terminal: Terminal, served: Path) -> None:
    assert "\x1b[" in (await terminal("--socket", served, "status")).written
    assert "\x1b[" not in (await terminal("--socket", served, "status", NO_COLOR="1")).written
    assert "\x1b[" not in (await terminal("--socket", served, "status", TERM="dumb")).written


async def test_a_hostile_name_is_only_text(terminal: Terminal, served: Path, desk: Desk) -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J[red]\u202egnp.exe"
    desk.state = replace(STATUS, calls=(a_call("1", contact=None, name=hostile),))

    seen = await terminal("--socket", served, "status", NO_COLOR="1")

    assert "\x1b" not in seen.written
    assert "[red]" in seen.screen


async def test_a_program_reads_json(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "status", "--json")
    assert json.loads(ended.out) == status_json(STATUS)
    assert ended.out.count("\n") == 1


async def test_changes_can_be_followed(served: Path, desk: Desk, environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bubbled",
        "--socket",
        str(served),
        "status",
        "--follow",
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    async with asyncio.timeout(20):
        await desk.followed.wait()
        desk.feed.publish(
            {"at": None, "change": "started", "call": a_call("1", state="ringing", outcome=None)}
        )
        desk.feed.close()
        out, _ = await process.communicate()
    assert await process.wait() == 0
    assert (
        out.decode().splitlines()[-1] == "started  from  Jan Jansen, Bakkerij De Vries  +31612345678  ringing"
    )
