from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.cli import checkup
from bubbled.cli.checkup import check_settings, run_checks
from bubbled.control.check import Check, Verdict
from bubbled.error import PbxError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bubbled.settings.schema import Settings

SETTINGS = """
[me]
extension = "101"
region = "NL"
[pbx]
host = "127.0.0.1"
username = "cti"
secret = { env = "AMI_SECRET" }
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(SETTINGS)
    found, _ = check_settings(path)
    assert found is not None
    return found


def test_good_settings_are_given_and_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SETTINGS)
    settings, checks = check_settings(path)
    assert settings is not None
    assert settings.pbx.username == "cti"
    assert checks == [Check("Settings", Verdict.OK, str(path))]


def test_a_warning_is_told_beside_good_settings(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SETTINGS.replace('{ env = "AMI_SECRET" }', '"hunter2"'))
    _, (fine, warning) = check_settings(path)
    assert (fine.verdict, warning.verdict) == (Verdict.OK, Verdict.WARNING)
    assert "hunter2" not in warning.text


def test_each_mistake_is_told_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(SETTINGS.replace("region", "regio").replace("username", "usrname"))
    settings, checks = check_settings(path)
    assert settings is None
    assert {check.verdict for check in checks} == {Verdict.FAILED}
    assert any("line 4" in check.text for check in checks)
    assert any("usrname" in check.text for check in checks)


def test_what_fails_does_not_hide_what_works(settings: Settings) -> None:
    async def works(given: Settings) -> Sequence[Check]:
        return [Check("Devices", Verdict.OK, given.pbx.username)]

    async def fails(_: Settings) -> Sequence[Check]:
        raise PbxError("The PBX refuses the account.")

    checks = run_checks(settings, {"PBX": fails, "Devices": works})

    assert checks == [
        Check("PBX", Verdict.FAILED, "The PBX refuses the account."),
        Check("Devices", Verdict.OK, "cti"),
    ]


def test_what_hangs_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(_: Settings) -> Sequence[Check]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(checkup, "_LOOK_LIMIT_S", 0.01)
    (check,) = run_checks(settings, {"Screen": hangs})
    assert (check.name, check.verdict) == ("Screen", Verdict.FAILED)
