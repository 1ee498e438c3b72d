from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.control.client import Client
from bubbled.control.dialling import Answer, From, Wish
from bubbled.control.search import Search
from bubbled.control.status import ConnectionState
from bubbled.daemon.daemon import Daemon
from bubbled.daemon.placement import NotDialledError
from bubbled.daemon.port import DaemonPort
from bubbled.error import ConfigError, ControlError
from bubbled.model import CallId, Mute
from bubbled.settings.loading import load
from tests.directory.fakes.base import Person
from tests.directory.fakes.hubspot import HubSpot

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.control.port import ControlPort
    from bubbled.pbx.demo import DemoPbx

    Run = Callable[[Path], AbstractAsyncContextManager[Daemon]]

FAST = 50.0


def rewrite(file: Path, change: Callable[[str], str]) -> None:
    """Change the settings as the user does."""
    file.write_text(change(file.read_text()))


@pytest.fixture
async def after_a_call(port: DaemonPort, pbx: DemoPbx) -> str:
    """The id of a call that was answered and is over."""
    await port.lookup("+31612345678")  # waits for the address book
    following = port.subscribe()
    await pbx.play("answered", speed=FAST)
    async with asyncio.timeout(10):
        while (change := await anext(following))["change"] != "ended":
            pass
    return str(change["call"]["id"])


async def test_it_is_what_the_control_api_needs(port: DaemonPort) -> None:
    needed: ControlPort = port
    assert (await needed.status()).version


async def test_the_status_tells_all_rooms(port: DaemonPort, settings_file: Path) -> None:
    await port.lookup("+31612345678")  # waits for the address book
    status = await port.status()
    assert status.pbx.state is ConnectionState.CONNECTED
    assert (status.settings_path, status.devices) == (str(settings_file), ("PJSIP/101",))
    assert [(each.name, each.kind, each.state, each.count) for each in status.directories] == [
        ("Customers", "csv", "ready", 10)
    ]
    assert (status.screen, status.mute, status.calls, status.history_trouble) == ("terminal", None, (), None)


async def test_the_same_is_told_over_the_socket(daemon: Daemon, settings_file: Path) -> None:
    assert daemon.is_up
    client = Client(settings_file.with_name("control.sock"))
    answer = await asyncio.to_thread(client.get, "/v1/status")
    assert answer["pbx"]["state"] == "connected"


async def test_a_running_call_is_in_the_status(port: DaemonPort, pbx: DemoPbx) -> None:
    following = port.subscribe()
    playing = asyncio.create_task(pbx.play("answered", speed=5))
    started = await anext(following)
    assert [call["id"] for call in (await port.status()).calls] == [started["call"]["id"]]
    await playing


async def test_calls_are_listed_newest_last(port: DaemonPort, pbx: DemoPbx, after_a_call: str) -> None:
    await pbx.play("missed", speed=FAST)
    first, second = await port.calls(10)
    assert (first["id"], first["outcome"], second["outcome"]) == (after_a_call, "answered", "missed")
    assert await port.calls(1) == [second]


async def test_as_many_calls_are_listed_as_the_settings_say(
    port: DaemonPort, settings_file: Path, pbx: DemoPbx, after_a_call: str
) -> None:
    assert after_a_call
    await pbx.play("missed", speed=FAST)
    assert len(await port.calls(None)) == 2
    rewrite(settings_file, lambda text: f"{text}[history]\nlast_calls = 1\n")
    await port.reload()
    assert len(await port.calls(None)) == 1


async def test_the_calls_of_a_day_are_those_that_began_on_it(port: DaemonPort, after_a_call: str) -> None:
    today = datetime.now().astimezone().date()
    (call,) = await port.calls(None, today)
    assert call["id"] == after_a_call
    assert await port.calls(5, today - timedelta(days=1)) == []


async def test_a_note_is_told_with_its_call(port: DaemonPort, after_a_call: str) -> None:
    noted = await port.note(None, "Wants 20 more")
    assert noted is not None
    assert (noted.call_id, noted.directory, noted.remark) == (after_a_call, None, None)
    assert (await port.call(CallId(after_a_call)) or {})["note"] == "Wants 20 more"
    assert await port.note(CallId("nobody"), "Hello") is None


async def test_one_call_is_told_with_who_it_was(port: DaemonPort, after_a_call: str) -> None:
    call = await port.call(CallId(after_a_call))
    assert call is not None
    assert call["contact"]["directory"] == "Customers"
    assert call["popup"] == "shown"
    assert await port.call(CallId("nobody")) is None


async def test_a_popup_is_shown_again(port: DaemonPort, after_a_call: str) -> None:
    assert (await port.show(None) or {})["id"] == after_a_call
    assert (await port.show(CallId(after_a_call)) or {})["id"] == after_a_call
    assert await port.show(CallId("nobody")) is None


async def test_without_calls_there_is_none_to_show(port: DaemonPort) -> None:
    assert await port.show(None) is None


async def test_muting_is_told_until_it_is_over(port: DaemonPort) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    await port.mute(later)
    assert replace((await port.status()).mute or Mute(), since=None) == Mute(later)
    await port.mute(datetime.now(UTC) - timedelta(seconds=1))
    assert (await port.status()).mute is None
    await port.mute(None)
    muted = (await port.status()).mute
    assert muted is not None
    assert muted.until is None
    await port.unmute()
    assert (await port.status()).mute is None


async def test_muting_is_toggled(port: DaemonPort) -> None:
    assert await port.toggle_mute() == (await port.status()).mute
    assert await port.toggle_mute() is None
    assert (await port.status()).mute is None


async def test_muting_survives_the_daemon(settings_file: Path, run: Run) -> None:
    async with run(settings_file) as first:
        await DaemonPort(first).mute(None)
        muted = (await DaemonPort(first).status()).mute
        assert muted is not None
    async with run(settings_file) as second:
        assert (await DaemonPort(second).status()).mute == muted


async def test_a_number_is_forgotten_in_any_notation(port: DaemonPort, after_a_call: str) -> None:
    call = await port.call(CallId(after_a_call))
    assert call is not None
    assert await port.forget(call["number"].replace("+31", "0")) == 1
    assert await port.calls(10) == []


async def test_a_reload_applies_what_changed_and_keeps_the_connection(
    port: DaemonPort, daemon: Daemon, settings_file: Path
) -> None:
    since = daemon.line.connection.since
    rewrite(
        settings_file, lambda text: text.replace("Customers", "Clients") + "[history]\npath = '/elsewhere'\n"
    )
    warnings = await port.reload()
    assert any("history.path" in warning for warning in warnings)
    status = await port.status()
    assert [each.name for each in status.directories] == ["Clients"]
    assert (status.pbx.state, status.pbx.since) == (ConnectionState.CONNECTED, since)


async def test_a_broken_file_changes_nothing(port: DaemonPort, settings_file: Path) -> None:
    rewrite(settings_file, lambda _text: "[me]\nextension = 101\n")
    with pytest.raises(ConfigError):
        await port.reload()
    status = await port.status()
    assert [each.name for each in status.directories] == ["Customers"]
    assert status.pbx.state is ConnectionState.CONNECTED


async def test_a_daemon_that_is_not_up_says_so(settings_file: Path) -> None:
    port = DaemonPort(Daemon(settings_file, load(settings_file).settings))
    with pytest.raises(ControlError, match="just starting or stopping"):
        await port.status()


async def test_those_who_follow_are_let_go_at_the_end(settings_file: Path, run: Run) -> None:
    async with run(settings_file) as daemon:
        following = DaemonPort(daemon).subscribe()
    assert [change async for change in following] == []


async def test_somebody_is_called_from_the_wish_to_the_end(port: DaemonPort, pbx: DemoPbx) -> None:
    pbx.click_step_s = 0.02
    await port.lookup("+31612345678")  # waits for the address book
    following = port.subscribe()
    dialling = await port.dial(Wish(source=From.TYPED, text="06-12345678"))
    assert (dialling.answer, dialling.device) == (Answer.DIALLED, "PJSIP/101")
    changes = []
    async for change in following:
        assert change["call"]["id"] == dialling.call
        assert change["call"]["e164"] == "+31612345678"
        changes.append((change["change"], change["call"]["state"]))
        if change["change"] == "ended":
            break
    assert changes[0] == ("started", "ringing")
    assert changes[-2:] == [("answered", "talking"), ("ended", "ended")]
    assert ("updated", "dialling") in changes
    (kept,) = await port.calls(10)
    assert (kept["id"], kept["outcome"], kept["contact"]["name"]) == (
        dialling.call,
        "answered",
        "Sanne de Vries",
    )


async def test_what_is_selected_nowhere_is_not_called(port: DaemonPort) -> None:
    with pytest.raises(NotDialledError, match="display :7777"):
        await port.dial(Wish(source=From.SELECTION, display={"x11": ":7777"}))


async def test_a_key_that_is_held_down_is_one_press_also_where_each_runs_a_command(port: DaemonPort) -> None:
    wish = Wish(source=From.SELECTION, display={"x11": ":7777"})
    with pytest.raises(NotDialledError, match="display :7777"):
        await port.dial(wish)
    for _ in range(3):
        with pytest.raises(NotDialledError, match="pressed a moment ago"):
            await port.dial(wish)


async def test_a_display_that_is_none_is_refused(port: DaemonPort) -> None:
    with pytest.raises(ControlError, match="not read"):
        await port.dial(Wish(source=From.SELECTION, display={"y11": ":0"}))


async def test_the_phones_are_told_and_another_is_chosen(port: DaemonPort) -> None:
    (phone,) = await port.devices()
    assert (phone.device, phone.state, phone.is_default) == ("PJSIP/101", "ready", True)
    with pytest.raises(ControlError, match="no phone of yours"):
        await port.prefer_device("fax")
    assert await port.prefer_device("101") == [phone]


async def test_a_password_that_was_mended_counts_as_soon_as_the_settings_are_read_again(
    port: DaemonPort, settings_file: Path
) -> None:
    fake = HubSpot(people=[Person("1", "Jan of the CRM", mobile="0612345678")])
    secret = settings_file.with_name("hubspot-key")
    write_secret(secret, "wrong")
    async with fake.serve() as url:
        crm = (
            '[[directory]]\nname = "CRM"\nkind = "rest"\npreset = "hubspot"\n'
            f'variables = {{ portal = "1", base_url = "{url}" }}\n'
            f'secrets = {{ key = {{ file = "{secret}" }} }}\n'
        )
        rewrite(settings_file, lambda text: text + crm)
        await port.reload()
        assert [each.outcome for each in (await port.lookup("0612345678")).asked][-1] == "refused"
        (failed,) = [each for each in (await port.status()).directories if each.name == "CRM"]
        assert failed.state.startswith("failed")
        assert "wrong" not in failed.state
        write_secret(secret, fake.credentials["token"])
        await port.reload()
        assert [each.outcome for each in (await port.lookup("0612345678")).asked][-1] == "hit"


def write_secret(path: Path, secret: str) -> None:
    path.write_text(secret)
    path.chmod(0o600)


async def test_colleagues_are_told_without_the_user(port: DaemonPort, settings_file: Path) -> None:
    rewrite(settings_file, lambda text: f'{text}[team]\nnames = {{ 101 = "Alice", 102 = "Bob" }}\n')
    await port.reload()
    workplace = await port.workplace()
    assert (workplace.extension, workplace.region) == ("101", "NL")
    assert workplace.colleagues == {"102": "Bob"}


async def test_the_history_is_searched_and_told_of(port: DaemonPort, after_a_call: str, pbx: DemoPbx) -> None:
    await pbx.play("missed", speed=FAST)
    await port.note(CallId(after_a_call), "Wants 20 more")
    found = await port.search(Search(text="sanne 06-1234"))
    assert [call["id"] for call in found.calls] == [after_a_call]
    assert [call["outcome"] for call in (await port.search(Search(missed=True))).calls] == ["missed"]
    assert [call["times"] for call in await port.to_call_back()] == [1]
    person = await port.person("06-12345678")
    assert person is not None
    assert (person.note, person.calls) == ("Wants 20 more", 1)
    table = b"".join([piece async for piece in await port.calls_csv(Search(noted=True))])
    assert table.count(b"\r\n") == 2
    assert b'"Sanne de Vries"' in table
