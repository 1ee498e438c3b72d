"""What `pip install` of the built package gives its user."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = [pytest.mark.package, pytest.mark.timeout(300)]

PROJECT = Path(__file__).parents[1]
RECORDING = PROJECT / "tests" / "recordings" / "in-ringgroup" / "call.ami"

# Loaded only by who has the extra that it is made of: which package it may miss.
OF_AN_EXTRA = {
    "bubbled.directory.kinds.sql.mysql_protocol": "aiomysql",
    "bubbled.directory.kinds.sql.postgresql_protocol": "asyncpg",
    "bubbled.popup.window.": "PySide6",
}

IMPORT_ALL = f"""
import bubbled, importlib, pkgutil
for module in pkgutil.walk_packages(bubbled.__path__, "bubbled."):
    if module.name.endswith("__main__"):
        continue
    may_miss = [package for name, package in {OF_AN_EXTRA}.items() if module.name.startswith(name)]
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as missing:
        if missing.name not in may_miss:
            raise
"""


def run(*command: str | Path) -> str:
    # Elsewhere than in the checkout, which Python would take the package from.
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Distribution:
    """The two files that would be published."""

    source: Path
    wheel: Path


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, PROJECT)
    return Distribution(next(folder.glob("*.tar.gz")), next(folder.glob("*.whl")))


@pytest.fixture(scope="module")
def installed(distribution: Distribution, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment in which only the wheel was installed."""
    environment = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", environment)
    run(environment / "bin" / "python", "-m", "pip", "install", "--quiet", distribution.wheel)
    return environment / "bin"


def test_the_wheel_holds_all_of_the_package(distribution: Distribution) -> None:
    there = {path for path in (PROJECT / "bubbled").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    with ZipFile(distribution.wheel) as wheel:
        packed = set(wheel.namelist())
    assert {str(path.relative_to(PROJECT)) for path in there} <= packed
    assert {"bubbled/py.typed", "bubbled/locale/nl/LC_MESSAGES/bubbled.mo"} <= packed


def test_the_wheel_holds_the_examples_themselves(distribution: Distribution) -> None:
    with ZipFile(distribution.wheel) as wheel:
        settings = wheel.read("bubbled/examples/config.toml")
        unit = wheel.read("bubbled/examples/bubbled.service")
    assert settings == (PROJECT / "config" / "bubbled.toml").read_bytes()
    assert unit == (PROJECT / "systemd" / "bubbled.service").read_bytes()


def test_the_source_distribution_can_be_tested(distribution: Distribution) -> None:
    with tarfile.open(distribution.source) as source:
        packed = {name.partition("/")[2] for name in source.getnames()}
    assert {"LICENSE", "README.md", "scripts/test", "tests/conftest.py", "config/bubbled.toml"} <= packed


def test_nothing_is_imported_that_is_not_declared(installed: Path) -> None:
    run(installed / "python", "-c", IMPORT_ALL)


def test_the_command_tells_its_version(installed: Path) -> None:
    assert run(installed / "bubbled", "--version").startswith("bubbled ")


def test_a_recording_can_be_replayed(installed: Path) -> None:
    replayed = run(installed / "bubbled", "replay", RECORDING, "--device", "PJSIP/101", "--json")
    assert '"change": "started"' in replayed.replace('"change":"', '"change": "')


def test_the_demo_explains_itself(installed: Path) -> None:
    assert "Usage: bubbled demo" in run(installed / "bubbled", "demo", "--help")


def test_the_examples_can_be_had(installed: Path) -> None:
    assert "[pbx]" in run(installed / "bubbled", "example")
    assert "[Service]" in run(installed / "bubbled", "example", "--service")
