"""On a real sway, its own shortcut has the phone ring for what is selected: the whole way on Wayland."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.dialing.wayland_sway import Sway, program
from tests.lab.stage import DESTINATION, DESTINATION_E164
from tests.system.test_dialling import DIAL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled, Home

# Who may not mount may not make a namespace either.
pytestmark = [pytest.mark.desktop, pytest.mark.mount]

RUNS = "sway runs"
CONFIG = f"exec echo {RUNS}\nxwayland disable\n"

# sway does not run as root. In a user namespace the root of these tests is an ordinary user, and to everybody
# else still root: so the daemon answers what sway's programs ask, and they may read what the tests may.
AS_A_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
HEADLESS = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}


@pytest.fixture
def sway(home: Home) -> Iterator[Sway]:
    """The session of the user whose home that is."""
    config, log = home.folder / "config" / "sway" / "config", home.folder / "sway.log"
    config.parent.mkdir(parents=True)
    config.write_text(CONFIG)
    with (
        log.open("wb") as errors,
        subprocess.Popen(  # noqa: S603 - fixed words of the tests
            [*AS_A_USER, program("sway")],
            env={**home.environment(XDG_CONFIG_HOME=str(home.folder / "config")), **HEADLESS},
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        desktop = Sway(home.folder, process)
        try:
            assert process.stdout
            assert process.stdout.readline().decode().strip() == RUNS, log.read_text()
            yield desktop
        finally:
            for each in (*desktop.owners, process):
                each.kill()
                each.wait()


@pytest.fixture
async def follow(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled]
) -> Callable[..., Awaitable[Bubbled]]:
    """Starts a daemon that follows Alice and may dial for her."""

    async def followed(**environment: str) -> Bubbled:
        home.configure(asterisk.ami, more=DIAL)
        return await (await start(**environment).ready()).is_connected()

    return followed


async def install(sway: Sway) -> None:
    """Set up sway's own shortcut, as a user does in a terminal there."""
    command = [sys.executable, "-m", "bubbled", "hotkey", "install", "--yes"]
    done = await asyncio.to_thread(
        subprocess.run, command, env=sway.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "dial --selection" in done.stdout


async def test_what_is_selected_is_called_by_f7(
    sway: Sway, follow: Callable[..., Awaitable[Bubbled]], stage: Stage
) -> None:
    daemon = await follow()  # as a service that knows of no desktop
    await install(sway)
    sway.select("Tel.: 030-1234567 tst 12")
    sway.press("-k", "F7")
    own = await stage.alice.rings()
    assert own.number == DESTINATION
    await own.answer()
    outer = await stage.outside.rings()
    assert outer.dialled == DESTINATION_E164
    await outer.answer()
    await daemon.call(state="talking", via={"kind": "click_to_call", "name": None})
    await outer.hang_up()
    await daemon.call(outcome="answered", e164=DESTINATION_E164)
    assert len(await daemon.calls(bool)) == 1


async def test_a_daemon_in_the_session_is_content_with_the_shortcut(
    sway: Sway, follow: Callable[..., Awaitable[Bubbled]], stage: Stage
) -> None:
    await install(sway)
    daemon = await follow(**sway.environment)
    await daemon.status(lambda it: it["hotkey"] == {"key": "F7", "way": "shortcut", "trouble": None})
    sway.select("+31 30 123 45 67")
    sway.press("-k", "F7")
    own = await stage.alice.rings()
    assert own.number == DESTINATION
    await own.hang_up()
    await daemon.calls(lambda calls: [call["state"] for call in calls] == ["ended"])


async def test_a_daemon_in_the_session_notices_that_the_shortcut_is_set_up(
    sway: Sway, follow: Callable[..., Awaitable[Bubbled]]
) -> None:
    daemon = await follow(**sway.environment)
    await daemon.status(lambda it: it["hotkey"]["trouble"] is not None)
    await install(sway)
    await daemon.status(lambda it: it["hotkey"] == {"key": "F7", "way": "shortcut", "trouble": None})
