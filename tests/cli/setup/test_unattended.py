"""`bubbled setup` for administrators: everything answered beforehand, in a pipe."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.cli.setup.conftest import PROGRAM, everything, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from tests.lab.pbx import Asterisk

    Setup = Callable[..., Coroutine[None, None, subprocess.CompletedProcess[str]]]

ALONE = ("--yes", "--no-service", "--no-links", "--no-test")


@pytest.fixture
def setup(home: Path, environment: Mapping[str, str]) -> Setup:
    """Runs it in pipes, with something on its standard input."""

    async def run(*arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(
            subprocess.run,
            [*PROGRAM, "setup", *map(str, arguments)],
            input=given,
            env=dict(environment),
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


async def test_it_writes_settings_with_the_secret_from_standard_input(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    host = asterisk.ami[0]
    options = ("--host", host, "--username", "cti", "--extension", "101", "--directory", "our customers.csv")
    done = await setup(*ALONE, *options, "--secret-file", "-", "--json", given="ctisecret\nmore\n")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["written"] is True
    assert [(check["name"], check["verdict"]) for check in answer["checks"]] == [
        *(("PBX", "ok"), ("Login", "ok"), ("Rights", "ok"), ("Phones", answer["checks"][3]["verdict"])),
        *(("Contacts", "ok"), ("Settings", "ok")),
    ]
    assert "ctisecret" not in done.stdout + done.stderr
    written = tomllib.loads(settings_of(home).read_text())
    assert written["me"] == {"extension": "101", "region": "NL"}
    assert written["directory"][0]["path"] == str(home / "our customers.csv")


async def test_a_file_of_answers_may_hold_any_setting_and_the_place_of_a_secret(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    (home / "secret").write_text("ctisecret\n")
    (home / "secret").chmod(0o600)
    (home / "office.toml").write_text(f"""
[me]
region = "BE"
[pbx]
host = "{asterisk.ami[0]}"
username = "cti"
secret = {{ file = "{home}/secret" }}
[popup]
hide_after_s = 7
[[directory]]
name = "Numbers"
kind = "csv"
path = "{home}/our customers.csv"
timeout_s = 4
""")
    done = await setup(*ALONE, "--answers", home / "office.toml", "--extension", "102", "--region", "NL")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tomllib.loads(settings_of(home).read_text()) == {
        "me": {"extension": "102", "region": "NL"},
        "pbx": {"host": asterisk.ami[0], "username": "cti", "secret": {"file": f"{home}/secret"}},
        "popup": {"hide_after_s": 7},
        "directory": [
            {"name": "Numbers", "kind": "csv", "path": f"{home}/our customers.csv", "timeout_s": 4}
        ],
    }


async def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    before = everything(home)
    options = ("--host", asterisk.ami[0], "--username", "cti", "--extension", "101")
    done = await setup("--yes", "--dry-run", *options, "--secret-file", "-", given="ctisecret\n")
    assert done.returncode == 0
    assert 'extension = "101"' in done.stdout
    assert "ami-secret" in done.stdout
    assert "bubbled.service" in done.stdout
    assert "ctisecret" not in done.stdout + done.stderr
    assert everything(home) == before


async def test_a_dry_run_on_settings_that_are_there_shows_the_lines_that_change(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'[me]\nextension = "101"\nregion = "NL"\n[pbx]\nhost = "{asterisk.ami[0]}"\nusername = "cti"\n'
        'secret = "ctisecret"\n'
    )
    done = await setup("--yes", "--dry-run", "--extension", "102")
    assert '-extension = "101"' in done.stdout
    assert '+extension = "102"' in done.stdout
    assert "ctisecret" not in done.stdout + done.stderr


async def test_a_wrong_secret_stops_it_with_nothing_written(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    before = everything(home)
    options = ("--host", asterisk.ami[0], "--username", "cti", "--extension", "101")
    done = await setup(*ALONE, *options, "--secret-file", "-", given="swordfish\n")
    assert done.returncode == 1
    assert "refuses user 'cti'" in done.stdout
    assert (
        done.stderr
        == "bubbled: Nothing is written, because that did not work; --keep writes it all the same\n"
    )
    assert everything(home) == before


async def test_what_does_not_work_is_written_too_when_that_is_wished(home: Path, setup: Setup) -> None:
    options = ("--host", "127.0.0.1:1", "--extension", "101", "--keep")
    done = await setup(*ALONE, *options, "--secret-file", "-", given="swordfish\n")
    assert done.returncode == 0
    assert tomllib.loads(settings_of(home).read_text())["pbx"]["host"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ((), "there is no terminal"),
        (("--yes",), "no answer to pbx.host"),
        (("--yes", "--host", "a b"), "must be a host name"),
        (("--yes", "--answers", "none.toml"), "cannot be read"),
        (("--yes", "--secret-file", "none"), "cannot be read from none"),
        (("--yes", "--secret-file", "-"), "holds no secret"),
    ],
)
async def test_what_is_missing_or_wrong_is_said_in_one_line(
    home: Path, setup: Setup, options: tuple[str, ...], complaint: str
) -> None:
    done = await setup(*options)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert everything(home).keys() == {"our customers.csv"}


async def test_a_file_that_is_not_understood_stops_it(home: Path, setup: Setup) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_bytes(b"\xff\xfe[me]")
    done = await setup(*ALONE, "--host", "127.0.0.1")
    assert done.returncode == 1
    assert "UTF-8" in done.stdout
    assert settings.read_bytes() == b"\xff\xfe[me]"


async def test_links_open_with_bubbled_where_that_is_not_left_out(home: Path, setup: Setup) -> None:
    options = ("--host", "127.0.0.1:1", "--extension", "101", "--keep", "--no-service", "--no-test")
    done = await setup("--yes", *options, "--secret-file", "-", given="swordfish\n")
    assert done.returncode == 0, done.stdout
    assert "tel=bubbled-links.desktop" in (home / ".config" / "mimeapps.list").read_text()


async def test_with_a_sip_account_alone_the_way_it_travels_is_found_out(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    (home / "sip.toml").write_text('[pbx]\nkind = "sip"\n')
    options = ("--answers", home / "sip.toml", "--host", asterisk.network.pbx_ip, "--extension", "101")
    done = await setup(*ALONE, *options, "--secret-file", "-", given="secret101\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "follows 101 at" in done.stdout
    assert tomllib.loads(settings_of(home).read_text())["pbx"] == {
        "kind": "sip",
        "host": asterisk.network.pbx_ip,
        "username": "101",
        "transport": "tcp",
        "secret": {"file": "~/.config/bubbled/sip-secret"},
    }


async def test_from_sip_to_ami_nothing_is_left_that_means_sip(
    asterisk: Asterisk, home: Path, setup: Setup
) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '[me]\nextension = "101"\nregion = "NL"\n[pbx]\nkind = "sip"   # for now\n'
        f'host = "{asterisk.network.pbx_ip}"\ntransport = "tcp"\nusername = "101"\nsecret = "secret101"\n'
    )
    (home / "ami.toml").write_text('[pbx]\nkind = "ami"\nusername = "cti"\n')
    done = await setup(*ALONE, "--answers", home / "ami.toml", "--secret-file", "-", given="ctisecret\n")
    assert done.returncode == 0, done.stdout + done.stderr
    pbx = tomllib.loads(settings.read_text())["pbx"]
    assert pbx == {
        "host": asterisk.network.pbx_ip,
        "username": "cti",
        "secret": {"file": "~/.config/bubbled/ami-secret"},
    }


async def test_an_account_that_may_too_much_is_shown_what_would_be_enough(
    asterisk: Asterisk, setup: Setup
) -> None:
    options = ("--host", asterisk.ami[0], "--username", "full", "--extension", "101")
    done = await setup(*ALONE, *options, "--secret-file", "-", given="fullsecret\n")
    assert "! Rights: may do more than bubbled needs: Command" in done.stdout
    assert "write = call,originate" in done.stdout
    assert "fullsecret" not in done.stdout
