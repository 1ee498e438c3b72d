"""The tray of a whole daemon: calls of a PBX come in, a panel on a real bus reads, and its user clicks."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bubbled.control.check import Check, Verdict
from bubbled.daemon.port import DaemonPort
from bubbled.model import CallId, Device, Mute
from bubbled.popup.command import OpenUri
from bubbled.tray.state import LetRing
from tests.popup.screens.conftest import services, session_bus
from tests.tray.panel import MENU, Panel, flat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path
    from typing import Any

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from bubbled.popup.command import Action

    Run = Callable[[Path], AbstractAsyncContextManager[Daemon]]

pytestmark = pytest.mark.desktop

__all__ = ["services", "session_bus"]

FAST = 50.0
PHONES = '\n[dial.names]\n"PJSIP/101" = "Desk phone"\n"PJSIP/201" = "Soft_phone"\n'


@pytest.fixture
async def panel(session_bus: object) -> AsyncIterator[Panel]:
    assert session_bus
    panel = await Panel.start()
    yield panel
    await panel.stop()


@pytest.fixture
def two_phones(settings_file: Path) -> Path:
    settings_file.write_text(settings_file.read_text() + PHONES)
    return settings_file


@pytest.fixture
def guessed_phones(settings_file: Path) -> Path:
    guesses = 'devices = ["PJSIP/101", "SIP/101", "IAX2/101"]'
    settings_file.write_text(settings_file.read_text().replace('devices = ["PJSIP/101"]', guesses))
    return settings_file


@pytest.fixture
async def at_work(panel: Panel, two_phones: Path, run: Run) -> AsyncIterator[Daemon]:
    """A daemon with two phones, whose icon the panel has."""
    async with run(two_phones) as daemon:
        await panel.gets_icon()
        await DaemonPort(daemon).lookup("+31612345678")  # waits for the address book
        yield daemon


async def until(fits: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await fits():  # noqa: ASYNC110 - nothing tells of what a panel could read
            await asyncio.sleep(0.01)


async def icon_is(panel: Panel, name: str) -> None:
    async def fits() -> bool:
        return bool((await panel.properties())["IconName"] == f"bubbled-{name}")

    await until(fits)


async def menu(panel: Panel) -> list[dict[str, Any]]:
    """All entries, as one who opens the menu finds them."""
    await panel.menu("AboutToShow", "i", 0)
    return flat(await panel.layout())


async def labels(panel: Panel) -> list[str]:
    return [str(each["label"]) for each in await menu(panel) if "label" in each]


async def label(panel: Panel, begin: str) -> str:
    return next(each for each in await labels(panel) if each.startswith(begin))


async def choose(panel: Panel, begin: str) -> None:
    await menu(panel)
    await panel.choose(await panel.number(begin))


async def mute_is(daemon: Daemon, fits: Callable[[Mute | None], bool]) -> None:
    async def so() -> bool:
        return fits((await DaemonPort(daemon).status()).mute)

    await until(so)


async def test_the_icon_follows_a_call(at_work: Daemon, panel: Panel, pbx: DemoPbx) -> None:
    assert at_work.is_up
    await icon_is(panel, "connected")
    playing = asyncio.create_task(pbx.play("answered", speed=4))
    await icon_is(panel, "ringing")
    assert any(each.startswith("Calling you: ") for each in await labels(panel))
    await icon_is(panel, "in-call")
    assert any(each.startswith("Talking: Sanne de Vries") for each in await labels(panel))
    await playing
    await icon_is(panel, "connected")
    found = await labels(panel)
    assert not any(each.startswith("Talking") for each in found)
    assert [each.partition("  ↙  ")[2] for each in found if "↙" in each] == [
        "Sanne de Vries, Tulip Cycles · answered"
    ]


async def test_the_phones_are_in_the_menu_before_it_is_opened(at_work: Daemon, panel: Panel) -> None:
    assert at_work.is_up
    found = [each.get("label") for each in flat(await panel.layout())]
    assert "Phone that rings" in found
    assert "Desk phone (PJSIP/101)" in found


async def test_names_that_a_phone_might_have_are_no_phones_to_choose(
    panel: Panel, guessed_phones: Path, run: Run
) -> None:
    async with run(guessed_phones) as daemon:
        assert len(daemon.dialling.phones.rules.devices) == 3
        await panel.gets_icon()

        async def is_left_out() -> bool:
            found = [each.get("label") for each in await menu(panel)]
            return "Connected with 127.0.0.1" in found and "Phone that rings" not in found

        await until(is_left_out)


async def test_missed_calls_are_told_until_the_user_has_looked(
    at_work: Daemon, panel: Panel, pbx: DemoPbx
) -> None:
    assert at_work.is_up
    await pbx.play("missed", speed=FAST)
    await icon_is(panel, "missed")
    assert "1 missed call" in (await panel.properties())["ToolTip"][3]
    await menu(panel)
    await icon_is(panel, "connected")


async def test_a_call_of_the_list_brings_its_popup_back(at_work: Daemon, panel: Panel, pbx: DemoPbx) -> None:
    await pbx.play("answered", speed=FAST)
    await pbx.play("missed", speed=FAST)
    (first, _) = await DaemonPort(at_work).calls(2)
    shown: asyncio.Queue[str] = asyncio.Queue()
    show_again = at_work.desk.show_again

    async def noted(past: Any) -> None:
        await show_again(past)
        shown.put_nowait(past.call.id)

    at_work.desk.show_again = noted  # type: ignore[method-assign]
    begin = next(each for each in await labels(panel) if each.endswith("answered"))
    await panel.choose(await panel.number(begin))
    async with asyncio.timeout(10):
        assert await shown.get() == first["id"]
    await panel.click("Activate", "ii", 0, 0)
    async with asyncio.timeout(10):
        assert await shown.get() == (await DaemonPort(at_work).calls(1))[0]["id"]


async def test_muting_and_unmuting(at_work: Daemon, panel: Panel) -> None:
    await choose(panel, "Mute popups")
    await mute_is(at_work, lambda mute: mute is not None and mute.until is None)
    await icon_is(panel, "muted")
    entry = next(each for each in await menu(panel) if each.get("label") == "Mute popups")
    assert entry["toggle-state"] == 1
    await choose(panel, "Mute popups")
    await mute_is(at_work, lambda mute: mute is None)
    await icon_is(panel, "connected")
    await panel.click("SecondaryActivate", "ii", 0, 0)
    await icon_is(panel, "muted")
    await panel.click("SecondaryActivate", "ii", 0, 0)
    await icon_is(panel, "connected")


async def test_muting_for_a_while(at_work: Daemon, panel: Panel) -> None:
    before = datetime.now(UTC)
    await choose(panel, "30 minutes")
    await mute_is(at_work, lambda mute: mute is not None)
    until_then = (await DaemonPort(at_work).status()).mute
    assert until_then is not None
    assert until_then.until is not None
    assert timedelta(minutes=30) <= until_then.until - before < timedelta(minutes=31)
    clock = f"{until_then.until.astimezone():%H:%M}"
    assert (await label(panel, "Mute popups")).endswith(f"{clock})")
    await choose(panel, "Until tomorrow")
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    await mute_is(
        at_work, lambda mute: mute is not None and mute.until == (midnight + timedelta(days=1)).astimezone()
    )


async def test_the_icon_shows_when_muting_ends_and_who_else_mutes(at_work: Daemon, panel: Panel) -> None:
    port = DaemonPort(at_work)
    await port.mute(datetime.now(UTC) + timedelta(seconds=1))
    await icon_is(panel, "muted")
    await icon_is(panel, "connected")


async def test_choosing_the_phone_that_rings(at_work: Daemon, panel: Panel) -> None:
    async def rings(name: str) -> bool:
        phones = [each for each in await menu(panel) if each.get("toggle-type") == "radio"]
        return [each["label"].partition(" (")[0] for each in phones if each["toggle-state"]] == [name]

    await until(lambda: rings("Desk phone"))
    await choose(panel, "Soft__phone")
    await until(lambda: rings("Soft__phone"))
    assert await at_work.dialling.phones.choose(None) == "PJSIP/201"


async def opened(daemon: Daemon, panel: Panel, label: str) -> str:
    """The address that the desktop is asked to open for an entry."""
    actions: asyncio.Queue[Action] = asyncio.Queue()
    daemon.desk.on_action = actions.put_nowait
    await choose(panel, label)
    async with asyncio.timeout(10):
        action = await actions.get()
    assert isinstance(action, OpenUri)
    return action.uri


@pytest.mark.parametrize(("label", "path"), [("Settings", "/settings"), ("Calls and history", "/history")])
async def test_pages_are_opened_by_an_invitation(
    at_work: Daemon, panel: Panel, label: str, path: str
) -> None:
    invitation = await opened(at_work, panel, label)
    assert invitation.startswith("http://127.0.0.1:")
    async with ClientSession() as http, http.get(invitation, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, path)


async def test_without_pages_the_settings_are_opened_as_a_file(at_work: Daemon, panel: Panel) -> None:
    at_work.settings_path.write_text(at_work.settings_path.read_text() + "[pages]\nenabled = false\n")
    await at_work.reload()

    async def has_no_history() -> bool:
        return "Calls and history…" not in await labels(panel)

    await until(has_no_history)
    assert await opened(at_work, panel, "Settings") == at_work.settings_path.absolute().as_uri()


async def test_pages_whose_port_is_taken_are_told_of_and_the_settings_that_say_so_opened(
    at_work: Daemon, panel: Panel
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        more = f"[pages]\nport = {other.getsockname()[1]}\n"
        at_work.settings_path.write_text(at_work.settings_path.read_text() + more)
        await at_work.reload()
        assert await opened(at_work, panel, "Settings") == at_work.settings_path.absolute().as_uri()


async def test_quitting_stops_the_daemon(at_work: Daemon, panel: Panel) -> None:
    await choose(panel, "Quit")
    async with asyncio.timeout(10):
        await at_work._stopped.wait()


async def test_a_lost_pbx_is_shown(at_work: Daemon, panel: Panel, pbx: DemoPbx) -> None:
    assert at_work.is_up
    await icon_is(panel, "connected")
    await pbx.__aexit__(None, None, None)
    await icon_is(panel, "disconnected")
    assert (await labels(panel))[0].startswith("No connection with 127.0.0.1")


async def test_the_icon_goes_and_comes_with_the_settings(at_work: Daemon, panel: Panel) -> None:
    usual = at_work.settings_path.read_text()
    at_work.settings_path.write_text(usual + "[tray]\nshow = false\n")
    await at_work.reload()
    await until(lambda: _is_gone(panel))
    at_work.settings_path.write_text(usual + "[history]\nlast_calls = 1\n")
    await at_work.reload()
    await panel.gets_icon()
    await icon_is(panel, "connected")


async def _is_gone(panel: Panel) -> bool:
    try:
        await panel.properties(MENU)
    except Exception:  # noqa: BLE001 - the bus says so in several ways
        return True
    return False


async def test_as_many_calls_are_listed_as_the_settings_say(
    at_work: Daemon, panel: Panel, pbx: DemoPbx
) -> None:
    at_work.settings_path.write_text(at_work.settings_path.read_text() + "[history]\nlast_calls = 2\n")
    await at_work.reload()
    for scene in ("answered", "missed", "missed"):
        await pbx.play(scene, speed=FAST)
    listed = [each for each in await labels(panel) if "↙" in each]
    assert [each.rpartition(" · ")[2] for each in listed] == ["missed", "missed"]


async def test_what_cannot_be_done_is_told_and_costs_nothing_else(at_work: Daemon, panel: Panel) -> None:
    at_work.tray.wished(LetRing(Device("PJSIP/999")))
    await until(lambda: _shows(at_work, "This could not be done"))
    await choose(panel, "Mute popups")
    await icon_is(panel, "muted")
    assert await DaemonPort(at_work).show(CallId("nobody")) is None


async def _shows(daemon: Daemon, headline: str) -> bool:
    return any(card.headline == headline for card in daemon.desk._stage._shown.values())


async def test_a_defect_costs_the_icon_and_nothing_else(at_work: Daemon, panel: Panel, pbx: DemoPbx) -> None:
    with capture_logs() as log:
        del at_work.tray._sentences  # the defect
        await pbx.play("answered", speed=FAST)
        await until(lambda: _is_gone(panel))
    assert [each["room"] for each in log if "by a defect" in each["event"]] == ["tray"]
    (call,) = await DaemonPort(at_work).calls(10)
    assert (call["outcome"], call["popup"]) == ("answered", "shown")


async def test_the_doctor_tells_of_the_icon(at_work: Daemon, panel: Panel) -> None:
    async def told() -> Check:
        return next(each for each in await DaemonPort(at_work).doctor() if each.name == "Tray")

    async def warns() -> bool:
        return (await told()).verdict is Verdict.WARNING

    assert await told() == Check("Tray", Verdict.OK, "the icon is shown")
    await panel.stop()
    await until(warns)
    found = await told()
    assert found.text == "nothing on this desktop shows icons, so there is none"
    assert (found.advice or "").startswith("On GNOME install the extension AppIndicator")
    usual = at_work.settings_path.read_text()
    at_work.settings_path.write_text(usual + "[tray]\nshow = false\n")
    await at_work.reload()
    assert await told() == Check("Tray", Verdict.OK, "none is wished")
