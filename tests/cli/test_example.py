from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.cli.main import FAILED, OK, run
from bubbled.settings.loading import load

if TYPE_CHECKING:
    import pytest

PROJECT = Path(__file__).parents[2]


def test_the_commented_settings_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["example"]) == OK
    assert capsys.readouterr().out == (PROJECT / "config" / "bubbled.toml").read_text()


def test_the_unit_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["example", "--service"]) == OK
    assert capsys.readouterr().out == (PROJECT / "systemd" / "bubbled.service").read_text()


def test_a_file_is_made_that_loads_and_that_nobody_else_reads(tmp_path: Path) -> None:
    file = tmp_path / "config" / "bubbled" / "config.toml"
    assert run(["example", str(file)]) == OK
    assert load(file).warnings == ()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_exists_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mine")
    assert run(["example", str(file)]) == FAILED
    assert file.read_text() == "mine"
    assert "exists already" in capsys.readouterr().err
