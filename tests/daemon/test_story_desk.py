"""Stories out of a whole daemon, with the PBX of the demo."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.control.question import why_json
from bubbled.daemon.port import DaemonPort
from bubbled.error import ConfigError
from bubbled.model import CallId
from bubbled.story.circumstance import Began, Connected, Disconnected, Heard, Muted, SettingsRefused, Stopped
from bubbled.story.explanation import explain
from bubbled.story.fact import Found, OnScreen, Seen
from bubbled.story.reason import CutOff, KeptBack, NothingRang, NotRemembered, ToCome, WasShown

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx

FAST = 50.0


async def is_read(port: DaemonPort) -> None:
    """Wait until the address book has been read."""
    async with asyncio.timeout(20):
        while (await port.lookup("+31612345678")).asked[0].outcome != "hit":
            pass


@pytest.fixture
async def played(port: DaemonPort, pbx: DemoPbx) -> CallId:
    """A call that was answered, with the popup that it had."""
    await is_read(port)
    await pbx.play("answered", speed=FAST)
    (call,) = await port.calls(1)
    return CallId(call["id"])


async def test_the_story_goes_from_the_pbx_to_the_screen_and_to_the_end(
    port: DaemonPort, played: CallId
) -> None:
    told = await port.why(played)
    assert told is not None
    kinds = [step.kind for step in told.story]
    assert kinds[:2] == ["seen", "decided"]
    assert {"asked", "found", "on_screen", "answered", "ended"} <= set(kinds)
    assert kinds.index("on_screen") < kinds.index("ended")
    facts = {type(step.fact): step.fact for step in told.story}
    seen, shown, found = facts[Seen], facts[OnScreen], facts[Found]
    assert isinstance(seen, Seen)
    assert (seen.device, seen.pbx) == ("PJSIP/101", "ami")
    assert isinstance(shown, OnScreen)
    assert shown.screen == told.screen == "terminal"
    assert isinstance(found, Found)
    assert found.directory == "Customers"
    assert all(step.at.utcoffset() is not None for step in told.story)
    assert [step.at for step in told.story] == sorted(step.at for step in told.story)
    shape = why_json(told)
    assert shape.keys() == {"call", "reason", "provisional", "screen", "asked", "story"}
    assert all(step["text"] for step in shape["story"])


async def test_after_a_restart_all_is_still_known(
    settings_file: Path, run: Callable[[Path], AbstractAsyncContextManager[Daemon]], pbx: DemoPbx
) -> None:
    async with run(settings_file) as daemon:
        await pbx.wait_for_client()
        port = DaemonPort(daemon)
        await is_read(port)
        await pbx.play("answered", speed=FAST)
        before = await port.why(None)
        assert before is not None
    async with run(settings_file) as daemon:
        after = await DaemonPort(daemon).why(None)
        assert after is not None
        assert (after.screen, after.reason) == (before.screen, before.reason)
        assert [(each.directory, each.outcome) for each in after.asked] == [
            (each.directory, each.outcome) for each in before.asked
        ]
        first = [step for step in before.story if step.at <= after.story[-1].at]
        assert list(after.story)[: len(first)] == first
        assert await daemon.history.forget("+31612345678") == 1
        assert await daemon.history.annals.story(CallId(before.call["id"])) == []


async def test_a_call_of_before_stories_were_kept_is_told_as_far_as_it_is_known(
    daemon: Daemon, port: DaemonPort, played: CallId
) -> None:
    await daemon.history.settled()
    await daemon.history.prune_stories(datetime.now(UTC) + timedelta(days=1))
    told = await port.why(played)
    assert told is not None
    assert (told.story, told.call["popup"]) == ((), "shown")
    assert await port.why(CallId("nobody")) is None


async def test_what_concerned_all_calls_meanwhile_is_part_of_the_story(
    daemon: Daemon, port: DaemonPort, played: CallId
) -> None:
    past = await daemon.history.call(played)
    assert past is not None
    annals, middle = daemon.history.annals, past.started_at + timedelta(microseconds=1)
    annals.happened(Muted(), middle)
    annals.happened(Heard(rang=("PJSIP/102",)), middle)
    annals.happened(Muted(), past.started_at - timedelta(minutes=1))
    told = await port.why(played)
    assert told is not None
    assert [step.kind for step in told.story].count("muted") == 1
    assert all(step.kind != "heard" for step in told.story)


async def test_why_no_popup_came_now(port: DaemonPort, pbx: DemoPbx) -> None:
    await port.mute(None)
    await pbx.play("missed", speed=FAST)
    now = datetime.now(UTC)
    told = await port.why_at(now)
    (reason,) = told.reasons
    assert isinstance(reason, KeptBack)
    assert (reason.popup, reason.call) == ("muted", told.calls[0]["id"])
    assert reason.who in {told.calls[0]["number"], (told.calls[0]["contact"] or {}).get("name")}
    assert told.until - told.since == timedelta(minutes=20)
    facts = [type(step.fact) for step in told.events]
    assert {Began, Connected, Muted, Heard} <= set(facts)
    (heard,) = (step.fact for step in told.events if isinstance(step.fact, Heard))
    assert "PJSIP/101" in heard.rang


async def test_a_popup_that_came_is_told_with_its_screen(port: DaemonPort, played: CallId) -> None:
    told = await port.why_at(datetime.now(UTC))
    reason = told.reasons[0]
    assert isinstance(reason, WasShown)
    assert (reason.call, reason.screen) == (played, "terminal")


async def test_a_moment_before_all_and_one_to_come(daemon: Daemon, port: DaemonPort) -> None:
    now = datetime.now(UTC)
    (before,) = (await port.why_at(now - timedelta(days=3))).reasons
    assert isinstance(before, NotRemembered)
    assert before.since is not None
    assert abs(before.since - daemon.started_at) < timedelta(minutes=1)
    assert (await port.why_at(now + timedelta(hours=1))).reasons == (ToCome(),)
    nothing = (await port.why_at(now)).reasons
    assert [type(reason) for reason in nothing] == [NothingRang]


def spoil(settings_file: Path) -> None:
    settings_file.write_text("nonsense")


async def test_a_line_that_is_lost_and_settings_that_are_refused_are_told(
    daemon: Daemon, port: DaemonPort, settings_file: Path
) -> None:
    spoil(settings_file)
    with pytest.raises(ConfigError):
        await port.reload()
    daemon.vigil.connection_changed(
        replace(
            daemon.line.connection, state=type(daemon.line.connection.state).WAITING, detail="It is gone."
        )
    )
    told = await port.why_at(datetime.now(UTC))
    facts = [step.fact for step in told.events]
    assert any(isinstance(fact, SettingsRefused) for fact in facts)
    assert isinstance(facts[-1], Disconnected | Heard)
    assert isinstance(told.reasons[0], CutOff)
    assert "It is gone." in explain(told.reasons[0], told.at)


async def test_the_end_of_a_daemon_is_told_by_the_next(
    settings_file: Path, run: Callable[[Path], AbstractAsyncContextManager[Daemon]], pbx: DemoPbx
) -> None:
    async with run(settings_file):
        await pbx.wait_for_client()
    async with run(settings_file) as daemon:
        told = await DaemonPort(daemon).why_at(datetime.now(UTC))
        kinds = [type(step.fact) for step in told.events]
        assert kinds.index(Began) < kinds.index(Stopped) < len(kinds) - 1
        assert kinds.count(Began) == 2
