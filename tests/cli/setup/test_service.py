"""`bubbled setup` with a real user manager of systemd, a real Asterisk and a real phone."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.setup.conftest import Sit
    from tests.cli.setup.manager import Manager
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import FakeServer

pytestmark = [pytest.mark.systemd, pytest.mark.desktop, pytest.mark.program]


def unit_of(home: Path) -> Path:
    return home / ".config" / "systemd" / "user" / "bubbled.service"


async def test_from_a_fresh_install_to_the_popup_of_a_real_call(
    stage: Stage, sit: Sit, manager: Manager, server: FakeServer
) -> None:
    terminal = await sit(before=manager.inside, **manager.environment)
    await terminal.answers("Your choice [ami]:", "")
    await terminal.answers("Name or address of the PBX", stage.pbx.ami[0])
    await terminal.answers("Name of the manager account", "cti")
    await terminal.answers("Its secret", "ctisecret")
    await terminal.answers("Your extension:", "101")
    await terminal.answers("Your country [NL]:", "")
    await terminal.answers("Your choice [file]:", "file")
    await terminal.answers("Path of the file:", "our customers.csv")
    await terminal.answers("What shall it be called?", "")
    await terminal.answers("A phone number that is in it", "0612345678")
    await terminal.answers("Show an example of a popup now?", "y")
    await server.until(lambda: bool(server.up))
    await terminal.answers("Did you see it?", "y")
    await terminal.answers("Write the settings into", "")
    await terminal.answers("Let bubbled run now", "")
    await terminal.answers("Let telephone links", "")
    await terminal.answers("Ring your phone PJSIP/101 now", "y")
    ringing = await stage.alice.rings()
    await terminal.shows("✓ Popup: there it is, of a real call")
    await server.until(lambda: any("bubbled test" in popup.summary for popup in server.up.values()))
    ringing.reject()
    await terminal.answers("Did you see the popup?", "y")
    await terminal.shows("✓ Test call: PJSIP/101 rang", "Call yourself from another phone")
    assert await terminal.ended() == 0
    assert manager.systemctl("is-active", "bubbled") == "active"
    assert manager.systemctl("is-enabled", "bubbled") == "enabled"

    caller = await stage.inbound(number="+31612345678")
    await stage.alice.rings()
    await server.until(lambda: any("Jan Jansen" in popup.summary for popup in server.up.values()))
    await caller.hang_up()


async def test_a_unit_that_the_user_has_changed_stays_as_it_is(
    home: Path, sit: Sit, manager: Manager, desktop: dict[str, str]
) -> None:
    unit_of(home).parent.mkdir(parents=True)
    unit_of(home).write_text("[Service]\nExecStart=/bin/sleep 600\n")
    terminal = await sit(*unattended(home), "--no-links", before=manager.inside, **desktop)
    await terminal.shows("! Service: your unit stays as it is; it starts /bin/sleep 600")
    await terminal.ended()
    assert unit_of(home).read_text() == "[Service]\nExecStart=/bin/sleep 600\n"


async def test_a_unit_of_its_own_is_kept_up_to_date_and_a_running_bubbled_reads_the_settings(
    home: Path, sit: Sit, manager: Manager, desktop: dict[str, str]
) -> None:
    first = await sit(*unattended(home), "--no-links", before=manager.inside, **desktop)
    assert await first.ended() == 0, await first.text()
    pid = manager.systemctl("show", "bubbled", "--value", "--property=MainPID")
    await first.close()
    second = await sit(*unattended(home), "--no-links", "--region", "BE", before=manager.inside, **desktop)
    await second.shows("bubbled runs already and has read the settings anew")
    assert await second.ended() == 0
    assert manager.systemctl("show", "bubbled", "--value", "--property=MainPID") == pid


def unattended(home: Path) -> tuple[str, ...]:
    """Answers enough for settings, of a PBX that nobody has."""
    (home / "secret").write_text("swordfish\n")
    answers = ("--host", "127.0.0.1:1", "--extension", "101", "--secret-file", str(home / "secret"))
    return ("--yes", "--keep", "--no-test", *answers)


async def test_from_within_a_bubbled_that_runs_it_is_enabled_and_goes_on_as_it_is(
    home: Path, sit: Sit, manager: Manager, desktop: dict[str, str]
) -> None:
    first = await sit(*unattended(home), "--no-links", before=manager.inside, **desktop)
    assert await first.ended() == 0, await first.text()
    pid = manager.systemctl("show", "bubbled", "--value", "--property=MainPID")
    manager.systemctl("disable", "bubbled")
    enable = (
        "from bubbled.setup import service\n"
        "for check in service.enable(('/moved/bubbled', 'run'), service.unit_path()): print(check.text)"
    )
    told = await asyncio.create_subprocess_exec(
        *manager.inside, sys.executable, "-c", enable, env=desktop, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await told.communicate()
    assert out.decode().splitlines() == [f"its unit is {unit_of(home)}", "bubbled runs after each login"]
    assert manager.systemctl("is-enabled", "bubbled") == "enabled"
    assert "ExecStart=/moved/bubbled run" in unit_of(home).read_text()
    assert manager.systemctl("show", "bubbled", "--value", "--property=MainPID") == pid
