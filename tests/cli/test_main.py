from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from bubbled import __version__
from bubbled.cli.main import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk

HEAVY = ("aiohttp", "aiosqlite", "dbus_fast", "phonenumbers", "pydantic", "rich", "structlog")


async def test_the_version_is_told(bubbled: Bubbled) -> None:
    assert (await bubbled("--version")).out == f"bubbled {__version__}\n"


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",)])
async def test_help_lists_every_command(bubbled: Bubbled, arguments: tuple[str, ...]) -> None:
    ended = await bubbled(*arguments)
    assert ended.status == 0
    assert all(f"  {command.name} " in ended.out for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats",),
        ("--colour",),
        ("status", "extra"),
        ("calls", "-n"),
        ("calls", "-n", "0"),
        ("calls", "-n", "x"),
        ("lookup",),
        ("forget",),
        ("mute", "soon"),
        ("completion", "csh"),
        ("status", "--\x1b[31m"),
    ],
)
async def test_wrong_usage_is_one_line_that_says_where_help_is(
    bubbled: Bubbled, arguments: tuple[str, ...]
) -> None:
    ended = await bubbled(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "--help" in ended.err
    assert "\x1b" not in ended.err


async def test_a_misspelt_command_gets_a_hint(bubbled: Bubbled) -> None:
    assert "Did you mean 'status'?" in (await bubbled("stauts")).err


async def test_without_a_daemon_a_command_says_how_to_start_it(bubbled: Bubbled) -> None:
    ended = await bubbled("status")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        "bubbled: bubbled is not running; start it with `systemctl --user start bubbled` or `bubbled run`.\n"
    )


async def test_the_socket_can_be_named(bubbled: Bubbled, served: Path) -> None:
    assert (await bubbled("--socket", served, "status")).status == 0
    assert (await bubbled("status", BUBBLED_SOCKET=str(served))).status == 0


async def test_debugging_shows_where_a_failure_came_from(bubbled: Bubbled) -> None:
    assert "Traceback" in (await bubbled("status", BUBBLED_DEBUG="1")).err
    assert "Traceback" not in (await bubbled("status")).err


async def test_a_client_command_loads_nothing_heavy(served: Path, environment: dict[str, str]) -> None:
    program = f"""
import sys
from bubbled.cli.main import run
status = run(["--socket", {str(served)!r}, "status"])
print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
sys.exit(status)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    _, loaded = await process.communicate()
    assert (await process.wait(), loaded) == (0, b"\n")


async def test_a_reader_that_has_seen_enough_is_no_failure_to_talk_about(
    served: Path, desk: Desk, environment: dict[str, str]
) -> None:
    desk.kept *= 400
    read, write = os.pipe()
    os.close(read)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bubbled",
        "--socket",
        str(served),
        "calls",
        "-n",
        "800",
        stdout=write,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    os.close(write)
    _, complaints = await process.communicate()
    assert (await process.wait(), complaints) == (1, b"")


async def test_output_that_cannot_be_written_is_one_line(served: Path, environment: dict[str, str]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bubbled",
        "--socket",
        str(served),
        "status",
        stdout=full,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    os.close(full)
    _, complaints = await process.communicate()
    assert await process.wait() == 1
    assert complaints.count(b"\n") == 1
    assert b"No space left" in complaints


async def test_ctrl_c_ends_quietly(served: Path, desk: Desk, environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bubbled",
        "--socket",
        str(served),
        "status",
        "--follow",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    await asyncio.wait_for(desk.followed.wait(), 10)
    process.send_signal(signal.SIGINT)
    _, complaints = await asyncio.wait_for(process.communicate(), 10)
    assert (await process.wait(), complaints.strip()) == (130, b"")


async def test_a_terminal_without_the_letters_of_a_name_shows_the_rest(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    desk.kept[0]["contact"]["name"] = "Eve 李"
    ended = await bubbled("--socket", served, "calls", PYTHONIOENCODING="latin-1")
    assert ended.status == 0
    assert "Eve ?, Bakkerij" in ended.out
