from __future__ import annotations

import asyncio
import json
import math
import re
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.model import ME
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.ami.source import AmiSource
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.demo import SCENES, DemoPbx
from bubbled.wire import change_json
from tests.cli.programs import InPipe, OnTerminal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bubbled.model import Device, Owner
    from tests.cli.shell import Bubbled

pytestmark = pytest.mark.program

SECRET = "a-secret-that-nobody-records"
RUN = (sys.executable, "-m", "bubbled")

Json = dict[str, Any]


@pytest.fixture
async def pbx(environment: dict[str, str]) -> AsyncIterator[DemoPbx]:
    environment["AMI_SECRET"] = SECRET
    async with DemoPbx(secret=SECRET) as pbx:
        yield pbx


@pytest.fixture
def settings(pbx: DemoPbx, tmp_path: Path) -> Path:
    return configured(tmp_path, pbx.port)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "call.ami"


def configured(folder: Path, port: int) -> Path:
    path = folder / "config.toml"
    path.write_text(
        f"""
[me]
extension = "101"
region = "NL"
[pbx]
host = "127.0.0.1"
port = {port}
username = "bubbled"
secret = {{ env = "AMI_SECRET" }}
[team]
devices = ["PJSIP/1??"]
"""
    )
    return path


@asynccontextmanager
async def recording(environment: dict[str, str], *command: str | Path) -> AsyncIterator[InPipe]:
    program = await InPipe.start(environment, *command)
    try:
        await program.says("Recording.")
        yield program
    finally:
        await program.dispose()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nobody tells of."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


def is_there(path: Path) -> bool:
    return path.exists()


def content(path: Path) -> bytes:
    return path.read_bytes()


_EVENT = re.compile(rb"^Event: .*?\r\n\r\n", re.DOTALL | re.MULTILINE)


async def written(file: Path, *scenes: str, connections: int = 1) -> None:
    """Wait until the recording holds these scenes to their end; each connection adds one event."""
    events = sum(len(SCENES[scene].events()) for scene in scenes) + connections
    await until(lambda: len(_EVENT.findall(content(file))) >= events)


async def replayed(bubbled: Bubbled, file: Path) -> list[Json]:
    ended = await bubbled("replay", file, "--device", "PJSIP/101", "--json")
    assert (ended.status, ended.err) == (0, "")
    return [json.loads(line) | {"at": None} for line in ended.out.splitlines()]


def mine(device: Device) -> Owner | None:
    return ME if device == "PJSIP/101" else None


@asynccontextmanager
async def followed(pbx: DemoPbx) -> AsyncIterator[list[Json]]:
    """What the daemon's source tells of the same calls."""
    told: list[Json] = []
    source = AmiSource(
        Access(address=Address("127.0.0.1", pbx.port), credentials=Credentials("bubbled", SECRET)),
        Tracker(mine, "NL"),
        on_changes=lambda changes: told.extend(change_json(change, None) for change in changes),
        on_state=lambda _state: None,
    )
    following = asyncio.create_task(source.run())
    await until(lambda: source.may_resync is not None)
    try:
        yield told
    finally:
        following.cancel()
        await asyncio.wait([following])


async def test_replaying_tells_what_the_daemon_saw(
    environment: dict[str, str], pbx: DemoPbx, settings: Path, file: Path, bubbled: Bubbled
) -> None:
    async with (
        followed(pbx) as told,
        recording(environment, *RUN, "record", file, "--config", settings) as program,
    ):
        await pbx.play_all(speed=math.inf)
        await written(file, *SCENES)
        status, out, err = await program.interrupt()
    assert (status, err) == (0, "")
    assert "8 calls of yours" in out
    assert "bubbled replay" in out
    assert await replayed(bubbled, file) == told
    assert SECRET.encode() not in content(file)


async def test_calls_in_progress_are_in_the_recording(
    environment: dict[str, str], pbx: DemoPbx, settings: Path, file: Path, bubbled: Bubbled
) -> None:
    playing = asyncio.create_task(pbx.play("answered", speed=0.05))
    async with followed(pbx) as told:
        await until(lambda: bool(told))
    async with recording(environment, *RUN, "record", file, "--config", settings) as program:
        status, out, _ = await program.interrupt()
    playing.cancel()
    await asyncio.wait([playing])
    assert status == 0
    assert "1 call of yours" in out
    [started] = await replayed(bubbled, file)
    assert (started["change"], started["call"]["state"]) == ("started", "ringing")
    assert started["call"]["number"] == "+31612345678"


async def test_anonymised_nothing_of_the_people_is_left(
    environment: dict[str, str], pbx: DemoPbx, settings: Path, file: Path, bubbled: Bubbled
) -> None:
    command = ("record", file, "--config", settings, "--anonymise")
    async with followed(pbx) as told, recording(environment, *RUN, *command) as program:
        await pbx.play_all(speed=math.inf)
        await written(file, *SCENES)
        status, out, _ = await program.interrupt()
    assert status == 0
    assert "blanked" in out
    text = content(file).decode()
    numbers = {change["call"]["number"] for change in told} - {"102"}
    assert len(numbers) == 6
    assert not [number for number in numbers if number[-8:] in text]
    assert not re.search(r"Alice|Bob|Carol", text)
    assert shape(await replayed(bubbled, file)) == shape(told)


def shape(changes: list[Json]) -> list[tuple[str, str | None]]:
    return [(change["change"], change["call"]["outcome"]) for change in changes]


async def test_killed_in_the_middle_it_leaves_what_it_heard(
    environment: dict[str, str], pbx: DemoPbx, settings: Path, file: Path, bubbled: Bubbled
) -> None:
    async with (
        followed(pbx) as told,
        recording(environment, *RUN, "record", file, "--config", settings) as program,
    ):
        await pbx.play("answered", speed=math.inf)
        await written(file, "answered")
        playing = asyncio.create_task(pbx.play("missed", speed=0.001))
        program.process.kill()
        assert (await program.ended())[0] == -9
        playing.cancel()
        await asyncio.wait([playing])
    assert (await replayed(bubbled, file))[:3] == told[:3]


async def test_a_lost_connection_is_told_and_the_recording_goes_on(
    environment: dict[str, str], tmp_path: Path, file: Path, bubbled: Bubbled
) -> None:
    environment["AMI_SECRET"] = SECRET
    async with DemoPbx(secret=SECRET) as pbx:
        settings = configured(tmp_path, pbx.port)
        program = await InPipe.start(environment, *RUN, "record", file, "--config", settings)
        await program.says("Recording.")
        await pbx.play("answered", speed=math.inf)
    try:
        await program.says("bubbled keeps trying.")
        async with DemoPbx(secret=SECRET, port=pbx.port) as pbx:
            await program.says("Connected again")
            await pbx.play("missed", speed=math.inf)
            await written(file, "answered", "missed", connections=2)
            status, out, err = await program.interrupt()
    finally:
        await program.dispose()
    assert (status, err) == (0, "")
    assert "2 calls of yours" in out
    outcomes = [change["call"]["outcome"] for change in await replayed(bubbled, file)]
    assert [outcome for outcome in outcomes if outcome] == ["answered", "missed"]


async def test_it_stops_after_the_time_given(environment: dict[str, str], settings: Path, file: Path) -> None:
    command = ("record", file, "--config", settings, "--for", "1s")
    async with recording(environment, *RUN, *command) as program:
        status, out, err = await program.ended()
    assert (status, err) == (0, "")
    assert "0 calls of yours" in out


async def test_a_terminal_shows_how_it_grows(
    environment: dict[str, str], pbx: DemoPbx, settings: Path, file: Path
) -> None:
    program = await OnTerminal.start(environment, "record", file, "--config", settings)
    try:
        await program.shows("Recording.", "0 calls of yours, 0 events")
        await pbx.play("answered", speed=math.inf)
        await program.shows("1 call of yours")
        assert await program.press_ctrl_c() == 0
        text = await program.shows("Recorded 1 call of yours")
        assert text.count("of yours") == 1
    finally:
        await program.dispose()


@pytest.mark.parametrize("text", ["", "5", "0s", "x", "-5m", "1h 5"])
async def test_an_unreadable_duration_is_wrong_usage(
    bubbled: Bubbled, settings: Path, file: Path, text: str
) -> None:
    ended = await bubbled("record", file, "--config", settings, f"--for={text}")
    assert ended.status == 2
    assert "write it as 90s, 5m or 1h30m" in ended.err
    assert not is_there(file)


async def test_a_wrong_secret_leaves_no_file(bubbled: Bubbled, settings: Path, file: Path) -> None:
    ended = await bubbled("record", file, "--config", settings, AMI_SECRET="wrong")
    assert (ended.status, ended.out) == (1, "")
    assert re.fullmatch(r"bubbled: The PBX refuses user 'bubbled' .*\n", ended.err)
    assert not is_there(file)
    assert not is_there(file.with_suffix(".timing.jsonl"))


async def test_no_pbx_leaves_no_file(bubbled: Bubbled, tmp_path: Path, file: Path) -> None:
    async with DemoPbx() as gone:
        port = gone.port
    ended = await bubbled("record", file, "--config", configured(tmp_path, port), AMI_SECRET="any")
    assert (ended.status, ended.out) == (1, "")
    assert re.fullmatch(r"bubbled: The PBX at 127.0.0.1:\d+ refuses connections: .*\n", ended.err)
    assert not is_there(file)


@pytest.fixture
def precious(file: Path) -> Path:
    file.write_bytes(b"precious")
    return file


async def test_a_file_that_is_there_is_not_touched(bubbled: Bubbled, settings: Path, precious: Path) -> None:
    ended = await bubbled("record", precious, "--config", settings)
    assert ended.status == 1
    assert "File exists" in ended.err
    assert ended.err.count("\n") == 1
    assert content(precious) == b"precious"


async def test_a_full_disk_ends_it_with_what_it_has(
    environment: dict[str, str], pbx: DemoPbx, settings: Path, file: Path
) -> None:
    # A limit on the size of files fails as a full disk does, in the middle of a write.
    limited = ("sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *RUN)
    async with recording(environment, *limited, "record", file, "--config", settings) as program:
        await pbx.play_all(speed=math.inf)
        status, _, err = await program.ended()
    assert status == 1
    assert re.fullmatch(r"bubbled: The recording .* stops here \(File too large\).*\n", err)
    assert content(file)
