from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import Check, Verdict
from bubbled.error import ControlError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


@pytest.fixture
def config(tmp_path: Path, desk: Desk) -> Path:
    path = tmp_path / "config.toml"
    desk.state = replace(desk.state, settings_path=str(path))
    path.write_text(
        '[me]\nextension = "101"\nregion = "NL"\n'
        '[pbx]\nhost = "127.0.0.1"\nusername = "cti"\nsecret = { env = "AMI_SECRET" }\n'
    )
    return path


async def test_a_running_daemon_is_asked(bubbled: Bubbled, served: Path, config: Path) -> None:
    ended = await bubbled("--socket", served, "doctor", "--config", config)
    assert ended.status == 0
    assert [line.split("\t")[:2] for line in ended.out.splitlines()[:2]] == [
        ["Settings", "ok"],
        ["PBX", "ok"],
    ]
    assert "\n[cti]\n" in ended.out


async def test_other_settings_than_those_of_the_daemon_are_tried_here(
    bubbled: Bubbled, served: Path, config: Path, desk: Desk
) -> None:
    desk.checks = (Check("Daemon", Verdict.OK, "follows 101 with the settings that it has"),)
    trial = config.with_name("trial.toml")
    trial.write_text(config.read_text())  # noqa: ASYNC240 - a small file of the test's own
    ended = await bubbled("--socket", served, "doctor", "--config", trial)
    assert "follows 101" not in ended.out
    assert "\nPBX\tfailed" in ended.out


async def test_a_failed_check_fails_the_command(
    bubbled: Bubbled, served: Path, config: Path, desk: Desk
) -> None:
    desk.checks = (Check("PBX", Verdict.FAILED, "no right to ask Status", "Ask for write=call."),)
    ended = await bubbled("--socket", served, "doctor", "--config", config)
    assert (ended.status, ended.err) == (1, "")
    assert "PBX\tfailed\tno right to ask Status\n" in ended.out
    assert "\nPBX: Ask for write=call.\n" in ended.out


async def test_without_a_daemon_the_rest_is_still_checked(bubbled: Bubbled, config: Path) -> None:
    ended = await bubbled("doctor", "--config", config, "--json")
    checks = json.loads(ended.out)["checks"]
    assert [(check["name"], check["verdict"]) for check in checks[:2]] == [
        ("Settings", "ok"),
        ("Daemon", "warning"),
    ]
    assert "systemctl --user start bubbled" in checks[1]["advice"]


async def test_without_settings_the_doctor_says_what_to_do(bubbled: Bubbled, tmp_path: Path) -> None:
    ended = await bubbled("doctor")
    assert (ended.status, ended.err) == (1, "")
    assert str(tmp_path / "config" / "bubbled" / "config.toml") in ended.out


async def test_a_daemon_that_refuses_is_a_finding(
    bubbled: Bubbled, served: Path, config: Path, desk: Desk
) -> None:
    desk.refusal = ControlError("Not now.")
    ended = await bubbled("--socket", served, "doctor", "--config", config)
    assert ended.status == 1
    assert "Daemon\tfailed\tNot now." in ended.out


async def test_a_terminal_shows_advice_and_what_the_pbx_administrator_adds(
    terminal: Terminal, served: Path, config: Path, desk: Desk
) -> None:
    desk.checks = (Check("PBX", Verdict.WARNING, "no right [red]", "Ask for write=call."),)
    seen = await terminal("--socket", served, "doctor", "--config", config)
    assert "no right [red]" in seen.screen
    assert "PBX: Ask for write=call." in seen.screen
    assert "[cti]\nsecret = CHOOSE-A-LONG-ONE" in seen.screen
    assert "permit = 127.0.0.1/32" in seen.screen
    assert "eventfilter = ^Event: (" in seen.screen


async def test_a_program_gets_the_stanza_too(bubbled: Bubbled, served: Path, config: Path) -> None:
    ended = await bubbled("--socket", served, "doctor", "--config", config, "--json")
    assert json.loads(ended.out)["stanza"].startswith("[cti]\n")
