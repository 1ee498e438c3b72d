"""The README's first command, as on a machine that has never seen bubbled."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.programs import OnTerminal
from tests.popup.screens.conftest import FakeServer, SessionBus, server, services, session_bus

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["server", "services", "session_bus"]

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh one, in a folder with a blank in its name."""
    folder = tmp_path / "my checkout"
    shutil.copytree(ROOT / "bubbled", folder / "bubbled", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "scripts").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "scripts/demo"):
        shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with what every system has, and no Python."""
    folder = tmp_path / "programs"
    folder.mkdir()
    basic = ("cat", "cksum", "dirname", "ln", "mkdir", "readlink", "rm", "sh", "touch")
    for name in (*basic, "awk", "grep", "sed"):
        (folder / name).symlink_to(shutil.which(name) or pytest.fail(f"{name} is missing"))
    return folder


def write_program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run(checkout: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script from another folder."""
    return subprocess.run(  # noqa: S603 - our own script
        [checkout / "scripts/demo", *arguments],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_it_says_how_to_get_it(checkout: Path, programs: Path) -> None:
    ended = run(checkout, {"PATH": str(programs)})
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "scripts/demo: python3 is missing. Install it: sudo apt install python3 python3-venv\n"
    )


def test_an_old_python_is_named(checkout: Path, programs: Path) -> None:
    write_program(programs / "python3", 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    ended = run(checkout, {"PATH": str(programs)})
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("scripts/demo: Python 3.9.2 is too old; bubbled needs Python 3.11")
    assert ended.stderr.count("\n") == 1


def test_without_venv_it_says_how_to_get_it(checkout: Path, programs: Path) -> None:
    lacks_venv = f'case "$2" in *ensurepip*) exit 1 ;; esac; exec "{sys.executable}" "$@"'
    write_program(programs / "python3", lacks_venv)
    ended = run(checkout, {"PATH": str(programs)})
    assert ended.returncode == 1
    assert ended.stderr == ("scripts/demo: python3 has no venv. Install it: sudo apt install python3-venv\n")


def test_a_failed_installation_is_one_line_and_tried_again(checkout: Path, programs: Path) -> None:
    # A `python -m venv` that makes an environment whose pip finds no network.
    write_program(
        programs / "pip-of-no-network", 'echo "WARNING: Retrying after connection broken" >&2; exit 1'
    )
    make_venv = f'mkdir -p "$3/bin" && ln -s "{programs}/pip-of-no-network" "$3/bin/python"'
    write_program(
        programs / "python3",
        f'if [ "$1 $2" = "-m venv" ]; then {make_venv}; else exec "{sys.executable}" "$@"; fi',
    )
    for _ in range(2):
        ended = run(checkout, {"PATH": str(programs)})
        assert ended.returncode == 1
        assert ended.stdout.startswith("Setting up bubbled in ")
        assert ended.stderr.startswith("scripts/demo: the packages that bubbled needs cannot be fetched.")
        assert ended.stderr.count("\n") == 1


@pytest.mark.desktop
@pytest.mark.package
@pytest.mark.timeout(300)
async def test_a_fresh_checkout_shows_popups(
    checkout: Path, session_bus: SessionBus, server: FakeServer
) -> None:
    first = await asyncio.to_thread(run, checkout, os.environ, "--help")
    assert first.returncode == 0, first.stderr
    assert "Setting up bubbled" in first.stdout
    bare = {"PATH": os.environ["PATH"], "DISPLAY": ":99", "DBUS_SESSION_BUS_ADDRESS": session_bus.address}
    again = await OnTerminal.start(bare, program=(checkout / "scripts/demo",))
    try:
        await server.shows("Sanne de Vries")
        assert await again.press_ctrl_c() == 0
        assert "Setting up" not in again.text()
    finally:
        await again.dispose()
