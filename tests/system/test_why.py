"""Why a real call had a popup or none, and why none came at a time: asked as a user asks."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.lab.stage import CALLER
from tests.system.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.real_server import RealServer
    from tests.system.bubbled import Bubbled, Home, Json

IN_THE_TERMINAL = '[popup]\nscreen = "terminal"\n'


async def why(daemon: Bubbled, *arguments: str) -> Json:
    status, said = await daemon.ask("why", "--json", *arguments)
    assert status == 0, said
    told: Json = json.loads(said)
    return told


async def why_now(daemon: Bubbled) -> Json:
    return await why(daemon, "--at", f"{datetime.now().astimezone():%H:%M}")


def kinds(told: Json) -> list[str]:
    return [step["kind"] for step in told["story"]]


async def missed(daemon: Bubbled, stage: Stage) -> Json:
    outer = await stage.inbound()
    await stage.alice.rings()
    await daemon.call(state="ringing")
    await outer.hang_up()
    return await daemon.call(outcome="missed")


async def test_a_muted_call_and_one_outside_the_hours_say_so(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    home.configure(asterisk.ami, more=IN_THE_TERMINAL)
    daemon = await (await start().ready()).is_connected()
    await daemon.ask("mute")
    await missed(daemon, stage)
    told = await why(daemon)
    assert (told["story"][0]["device"], told["story"][0]["number"]) == ("PJSIP/101", CALLER)
    assert "No popup: muted." in [step["text"] for step in told["story"]]
    (reason,) = (await why_now(daemon))["reasons"]
    assert (reason["kind"], reason["call"]) == ("kept_back", told["call"]["id"])
    await daemon.ask("unmute")
    another_day = f"{datetime.now().astimezone() + timedelta(days=2):%a} 08:00-08:01"
    home.configure(asterisk.ami, more=f'{IN_THE_TERMINAL}hours = ["{another_day}"]')
    assert (await daemon.ask("reload"))[0] == 0
    late = await missed(daemon, stage)
    text = f"No popup: outside the hours {another_day} (popup.hours)."
    assert text in [step["text"] for step in (await why(daemon))["story"]]
    reasons = (await why_now(daemon))["reasons"]
    assert [each["setting"] for each in reasons if each["call"] == late["id"]] == ["popup.hours"]
    assert f"No popup: outside the hours {another_day}" in (await daemon.ask("why"))[1]
    await daemon.stop()


async def test_a_call_to_a_colleague_is_told_without_its_number(daemon: Bubbled, stage: Stage) -> None:
    outer, bobs = await stage.conversation(stage.bob)
    told = await why_now(daemon)
    assert "PJSIP/102, which is not one of your devices (PJSIP/101)" in told["summary"]
    assert CALLER[-8:] not in json.dumps(told)
    assert (told["calls"], told["reasons"][0]["kind"]) == ([], "others_rang")
    await outer.hang_up()
    await bobs.is_over()


async def test_while_the_pbx_is_cut_off_that_is_the_reason(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    async with Gate.to(asterisk.ami) as gate:
        home.configure(gate.address, more=IN_THE_TERMINAL)
        daemon = await (await start().ready()).is_connected()
        gate.swallow()
        outer = await stage.inbound()
        inner = await stage.alice.rings()
        await daemon.status(lambda it: it["pbx"]["state"] == "waiting")
        told = await why_now(daemon)
        lost = [reason for reason in told["reasons"] if "cut_off" in reason["kind"]]
        assert lost, told["reasons"]
        assert "silent" in lost[0]["text"]
        assert "disconnected" in [step["kind"] for step in told["events"]]
        await outer.hang_up()
        await inner.is_over()
        await daemon.stop()


async def test_the_story_of_a_call_outlives_the_sudden_end_of_the_daemon(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    home.configure(asterisk.ami, more=IN_THE_TERMINAL)
    daemon = await (await start().ready()).is_connected()
    outer, inner = await stage.conversation()
    await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
    await outer.hang_up()
    await inner.is_over()
    call = await daemon.call(outcome="answered")
    before = await why(daemon)
    assert {"seen", "decided", "asked", "found", "on_screen", "answered", "ended"} <= set(kinds(before))
    await daemon.kill()
    again = await (await start().ready()).is_connected()
    told = await why(again, call["id"])
    assert [step for step in told["story"] if step["kind"] != "stopped"][: len(kinds(before))] == before[
        "story"
    ]
    assert (told["screen"], told["reason"]) == ("terminal", None)
    assert [each["directory"] for each in told["asked"]] == ["Customers"]
    moment = await why_now(again)
    assert [step["kind"] for step in moment["events"]].count("began") == 2
    assert moment["reasons"][0]["kind"] in {"was_shown", "cut_off", "not_running"}
    assert (await again.ask("forget", CALLER))[0] == 0
    assert (await again.ask("why", call["id"]))[0] == 1
    await again.stop()


@pytest.mark.desktop
async def test_what_the_notification_server_answered_is_told(  # noqa: PLR0913, PLR0917 - all that a desktop has
    asterisk: Asterisk,
    stage: Stage,
    dunst: RealServer,
    session_bus: SessionBus,
    home: Home,
    start: Callable[..., Bubbled],
) -> None:
    home.configure(asterisk.ami)
    daemon = start(DBUS_SESSION_BUS_ADDRESS=session_bus.address, DISPLAY=os.environ["DISPLAY"])
    await (await daemon.ready()).is_connected()
    await missed(daemon, stage)
    (shown,) = (step for step in (await why(daemon))["story"] if step["kind"] == "on_screen")
    assert (shown["screen"], shown["server"].split()[0]) == ("native", "dunst")
    assert shown["answer"].startswith("notification ")
    assert shown["ms"] < 20_000
    dunst.kill()
    await daemon.status(lambda it: it["screen"] is None)
    await missed(daemon, stage)
    refused = [step for step in (await why(daemon))["story"] if step["kind"] == "not_on_screen"]
    assert "No notification server is running" in refused[0]["text"]
    moment = await why_now(daemon)
    assert "not_shown" in [reason["kind"] for reason in moment["reasons"]]
    assert "screen_lost" in [step["kind"] for step in moment["events"]]
    await daemon.stop()
