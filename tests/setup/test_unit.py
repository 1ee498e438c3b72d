from __future__ import annotations

import subprocess
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from bubbled.setup.unit import is_untouched, started_by, unit

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = (files("bubbled") / "examples" / "bubbled.service").read_text(encoding="utf-8")


def test_it_starts_the_program_that_really_runs() -> None:
    text = unit(TEMPLATE, ("/home/alice/.venv/bin/bubbled", "run"))
    assert started_by(text) == "/home/alice/.venv/bin/bubbled run"
    assert text.count("ExecStart=") == 1
    assert "pipx" not in text


@pytest.mark.parametrize(
    ("command", "written"),
    [
        (("/opt/my tools/bubbled", "run"), '"/opt/my tools/bubbled" run'),
        (("/opt/100%/bubbled", "run"), '"/opt/100%%/bubbled" run'),
        (("/opt/bubbled", "--config", '/a"b\\c'), '/opt/bubbled --config "/a\\"b\\\\c"'),
        (("/opt/it's/bubbled", "run"), '/usr/bin/env "/opt/it\'s/bubbled" run'),
        (("/opt/bubbled", "--config", "/$HOME"), ':/opt/bubbled --config "/$HOME"'),
        (
            ("/opt/bubbled", "--config", "/a\nExecStart=/bin/evil"),
            '/opt/bubbled --config "/a\\x0aExecStart=/bin/evil"',
        ),
    ],
)
def test_what_systemd_would_read_otherwise_is_quoted(command: tuple[str, ...], written: str) -> None:
    assert started_by(unit(TEMPLATE, command)) == written


def test_it_is_known_again_and_any_change_to_it_is_seen() -> None:
    text = unit(TEMPLATE, ("/usr/bin/bubbled", "run"))
    assert is_untouched(text, TEMPLATE)
    assert not is_untouched(text.replace("RestartSec=5", "RestartSec=6"), TEMPLATE)
    assert not is_untouched(f"{text}\n", TEMPLATE)


def test_what_an_earlier_version_wrote_is_known_again_too() -> None:
    earlier = unit(TEMPLATE.replace("WatchdogSec=30", "WatchdogSec=60"), ("/usr/bin/bubbled", "run"))
    assert is_untouched(earlier, TEMPLATE)


def test_the_unit_that_bubbled_prints_is_nobodys_work() -> None:
    assert is_untouched(TEMPLATE, TEMPLATE)
    assert not is_untouched("", TEMPLATE)


@pytest.mark.systemd
def test_systemd_reads_odd_paths_as_they_are(tmp_path: Path) -> None:
    program = tmp_path / "a b%h$HOME'\"" / "bubbled"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    service = tmp_path / "bubbled.service"
    service.write_text(unit(TEMPLATE, (str(program), "run")))
    verified = subprocess.run(  # noqa: S603 - fixed words
        ["systemd-analyze", "verify", "--user", str(service)],  # noqa: S607 - a program of the system
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")
