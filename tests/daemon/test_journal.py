from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest
import structlog

from bubbled.daemon import journal
from bubbled.settings.schema import Log, LogFormat, LogLevel

if TYPE_CHECKING:
    from pathlib import Path


def fail_with(secret: str) -> None:
    """A defect beside a secret."""
    try:
        secret.index("\0")
    except ValueError:
        structlog.get_logger().exception("it failed")


def test_a_program_reads_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    journal.configure(Log(format=LogFormat.JSON))
    structlog.get_logger().info("call", number="+3161234****", name="Zoë\nEve")
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    entry = json.loads(line)
    assert (entry["event"], entry["level"], entry["name"]) == ("call", "info", "Zoë\nEve")


def test_what_is_less_important_than_asked_for_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    journal.configure(Log(format=LogFormat.JSON, level=LogLevel.WARNING))
    structlog.get_logger().info("call")
    structlog.get_logger().warning("trouble")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["trouble"]


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
def test_a_traceback_shows_no_values(form: LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    journal.configure(Log(format=form))
    fail_with("hunter2")
    written = capsys.readouterr().err
    assert "fail_with" in written
    assert "hunter2" not in written


def test_without_a_terminal_it_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    journal.configure(Log())
    structlog.get_logger().info("call")
    assert json.loads(capsys.readouterr().err)["event"] == "call"


def test_the_journal_is_told_the_priority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    with path.open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        known = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{known.st_dev}:{known.st_ino}")
        journal.configure(Log())
        structlog.get_logger().warning("trouble")
        structlog.get_logger().info("call")
    lines = path.read_text().splitlines()
    assert [line[:3] for line in lines] == ["<4>", "<6>"]
    assert json.loads(lines[0][3:])["event"] == "trouble"
