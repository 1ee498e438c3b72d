from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.program import own_command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `bubbled` in a folder that is not on the PATH, where there is no other one."""
    path = tmp_path / "bin" / "bubbled"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["pytest"])
    return path


@pytest.mark.parametrize("named", ["bin/bubbled", "./bin/bubbled"])
def test_the_program_that_runs_is_given_by_its_whole_path(
    program: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [named])
    assert own_command() == (str(program),)


def test_a_link_to_the_program_outlives_updates_and_is_kept(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = program.parent.parent / "bubbled"
    link.symlink_to(program)
    monkeypatch.setattr(sys, "argv", [str(link)])
    assert own_command() == (str(link),)


def test_another_program_that_runs_us_is_not_taken_for_it(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    assert own_command() == (str(program),)


@pytest.mark.usefixtures("program")
def test_without_a_program_the_interpreter_runs_the_package() -> None:
    assert own_command() == (sys.executable, "-P", "-m", "bubbled")


def test_a_file_that_cannot_be_run_is_no_program(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program.chmod(0o644)
    monkeypatch.setattr(sys, "argv", [str(program)])
    assert own_command()[0] == sys.executable
