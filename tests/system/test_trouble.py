"""What goes wrong around the daemon: the PBX, the network, the account, the disk, its own sudden end."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.lab.stage import CALLER, OTHER_CALLER
from tests.system.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled, Home


async def test_the_pbx_restarts_in_the_middle_of_a_call(daemon: Bubbled, stage: Stage) -> None:
    await stage.conversation()
    first = await daemon.call(state="talking")
    await stage.restart_pbx()
    await daemon.call(id=first["id"], state="ended")
    await daemon.is_connected()
    assert (await daemon.status())["calls"] == []
    outer, inner = await stage.conversation()
    again = await daemon.call(state="talking")
    assert again["id"] != first["id"]
    await outer.hang_up()
    await inner.is_over()
    await daemon.call(id=again["id"], outcome="answered")


async def test_a_network_that_dies_without_a_word_is_noticed(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    async with Gate.to(asterisk.ami) as gate:
        home.configure(gate.address)
        daemon = await (await start().ready()).is_connected()
        outer, inner = await stage.conversation()
        first = await daemon.call(state="talking")
        gate.swallow()
        await outer.hang_up()
        await inner.is_over()
        other = await stage.inbound(number=OTHER_CALLER)
        await stage.alice.rings()
        lost = await daemon.status(lambda it: it["pbx"]["state"] == "waiting")
        assert "silent" in lost["pbx"]["detail"]
        await daemon.status(lambda it: it["pbx"]["state"] == "connected" and not it["calls"])
        await other.is_over(within_s=15)
        calls = await daemon.calls(lambda calls: all(call["state"] == "ended" for call in calls))
        assert calls[0]["id"] == first["id"]
        await daemon.stop()


async def test_a_wrong_password_is_tried_once_and_a_reload_mends_it(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    async with Gate.to(asterisk.ami) as gate:
        home.configure(gate.address, account=("cti", "wrong"))
        daemon = await start().ready()
        refused = await daemon.status(lambda it: it["pbx"]["state"] == "refused")
        assert "wrong" not in refused["pbx"]["detail"]
        assert gate.passed == 1
        home.configure(gate.address)
        status, said = await daemon.ask("reload")
        assert status == 0, said
        await daemon.is_connected()
        assert gate.passed == 2
        await stage.inbound()
        await stage.alice.rings()
        await daemon.call(state="ringing")
        await daemon.stop()
    assert "ctisecret" not in daemon.log()


async def test_an_account_that_is_mended_on_the_pbx_is_tried_at_once_on_reload(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled]
) -> None:
    home.configure(asterisk.ami, account=("newcomer", "x"))
    daemon = await start().ready()
    await daemon.status(lambda it: it["pbx"]["state"] == "refused")
    await asterisk.admit("[newcomer]\nsecret = x\nread = call\nwrite = call,originate")
    daemon.signal(signal.SIGHUP)
    await daemon.is_connected()


async def test_without_the_right_to_ask_it_goes_on_and_says_so(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    await asterisk.admit("[blind]\nsecret = x\nread = call\nwrite = originate")
    home.configure(asterisk.ami, account=("blind", "x"))
    outer, inner = await stage.conversation()
    daemon = await (await start().ready()).is_connected()
    assert (await daemon.status())["calls"] == []
    await outer.hang_up()
    await inner.is_over()
    second, _ = await stage.conversation(number=OTHER_CALLER)
    await daemon.call(state="talking", number=OTHER_CALLER)
    status, said = await daemon.ask("doctor", "--config", str(home.settings))
    assert "may not Status" in said, said
    assert status == 0 or "failed" in said
    await second.hang_up()
    await daemon.call(outcome="answered")


@pytest.mark.parametrize("answered", [False, True], ids=["ringing", "talking"])
async def test_a_call_that_began_before_the_daemon_is_picked_up(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled], *, answered: bool
) -> None:
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    if answered:
        await inner.answer()
        await outer.is_up()
    home.configure(asterisk.ami)
    daemon = await start().ready()
    call = await daemon.call(state="talking" if answered else "ringing", number=CALLER)
    assert call["popup"] == "shown"
    await outer.hang_up()
    await daemon.call(id=call["id"], outcome="answered" if answered else "missed")


async def test_a_daemon_that_was_killed_goes_on_with_the_same_call(
    daemon: Bubbled, stage: Stage, start: Callable[..., Bubbled]
) -> None:
    outer, _ = await stage.conversation()
    before = await daemon.call(state="talking")
    await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
    await daemon.kill()
    again = await start().ready()
    call = await again.call(state="talking")
    assert (call["id"], call["started_at"]) == (before["id"], before["started_at"])
    await outer.hang_up()
    ended = await again.call(outcome="answered")
    assert (ended["id"], ended["ended_at"] is None) == (before["id"], False)
    assert len(await again.calls(lambda _: True)) == 1


async def test_it_stops_within_two_seconds_in_the_middle_of_a_call(daemon: Bubbled, stage: Stage) -> None:
    await stage.conversation()
    await daemon.call(state="talking")
    async with daemon.changes(), asyncio.timeout(2):
        assert await daemon.stop() == 0
    assert not daemon.home.control.exists()


async def test_a_second_daemon_is_refused_with_one_line(daemon: Bubbled, stage: Stage) -> None:
    status, said = await daemon.ask("run", "--config", str(daemon.home.settings))
    assert status == 1
    complaints = [line for line in said.splitlines() if "warning" not in line and "plain" not in line]
    assert len(complaints) == 1, said
    await stage.inbound()
    await stage.alice.rings()
    await daemon.call(state="ringing")


async def test_a_reload_keeps_connection_and_call_and_applies_the_rest(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    async with Gate.to(asterisk.ami) as gate:
        home.configure(gate.address)
        daemon = await (await start().ready()).is_connected()
        outer, _ = await stage.conversation()
        before = await daemon.calls(lambda calls: bool(calls and calls[-1]["contact"]))
        other = home.folder / "others.csv"
        other.write_text("Name,Phone\nJan of Sales,0612345678\n")
        home.settings.write_text(home.settings.read_text().replace("customers.csv", "others.csv"))
        daemon.signal(signal.SIGHUP)
        after = await daemon.calls(
            lambda calls: bool(calls[-1]["contact"] and calls[-1]["contact"]["name"] == "Jan of Sales")
        )
        assert (after[-1]["id"], after[-1]["state"]) == (before[-1]["id"], "talking")
        assert gate.passed == 1
        await outer.hang_up()
        await daemon.call(outcome="answered", id=before[-1]["id"])
        await daemon.stop()


async def test_a_broken_file_is_refused_and_the_old_settings_stay(daemon: Bubbled, stage: Stage) -> None:
    outer, _ = await stage.conversation()
    await daemon.call(state="talking")
    good = daemon.home.settings.read_text()
    daemon.home.settings.write_text(good.replace("region", "regoin"))
    status, said = await daemon.ask("reload")
    assert (status, said.count("\n")) == (1, 1), said
    assert "regoin" in said
    daemon.signal(signal.SIGHUP)
    refused = await daemon.logs("the changed settings are refused, the old ones stay")
    assert "regoin" in refused["reason"]
    daemon.home.settings.write_text(good.replace("[popup]\n", "[popup]\ninbound = false\n"))
    assert (await daemon.ask("reload"))[0] == 0
    await outer.hang_up()
    await daemon.call(outcome="answered")
    await stage.inbound()
    await stage.alice.rings()
    call = await daemon.call(state="ringing")
    assert call["popup"] == "inbound popups are switched off"


async def test_a_call_survives_a_reload_that_changes_the_account(
    daemon: Bubbled, asterisk: Asterisk, stage: Stage
) -> None:
    outer, _ = await stage.conversation()
    before = await daemon.call(state="talking")
    daemon.home.configure(asterisk.ami, account=("ctisync", "ctisecret"))
    assert (await daemon.ask("reload"))[0] == 0
    await daemon.is_connected()
    assert [call["id"] for call in (await daemon.status())["calls"]] == [before["id"]]
    await outer.hang_up()
    ended = await daemon.call(outcome="answered")
    assert ended["id"] == before["id"]


async def test_muting_survives_a_restart(daemon: Bubbled, start: Callable[..., Bubbled]) -> None:
    assert (await daemon.ask("mute"))[0] == 0
    await daemon.stop()
    again = await start().ready()
    assert (await again.status())["mute"] == {"until": None}


@pytest.fixture
def small_disk(home: Home) -> Iterator[None]:
    """The history's folder on a disk of its own."""
    folder = str(home.history.parent)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], check=True)  # noqa: S603, S607 - fixed words
    yield
    subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607 - the same


async def test_calls_pop_up_while_the_disk_is_full_and_are_kept_afterwards(
    small_disk: None, daemon: Bubbled, stage: Stage, start: Callable[..., Bubbled]
) -> None:
    assert small_disk is None
    filler = daemon.home.history.parent / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(filler.parent).free)
    outer = await stage.inbound()
    await stage.alice.rings()
    call = await daemon.call(state="ringing")
    assert call["popup"] == "shown"
    await outer.hang_up()
    await daemon.call(outcome="missed")
    told = await daemon.status(lambda it: it["history_trouble"] is not None)
    assert "full" in told["history_trouble"]
    filler.unlink()
    await daemon.status(lambda it: it["history_trouble"] is None)
    await daemon.kill()
    again = await start().ready()
    assert (await again.call(outcome="missed"))["id"] == call["id"]
