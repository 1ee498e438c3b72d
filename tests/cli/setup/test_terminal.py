"""`bubbled setup` as a person sees it: in tmux, against a real Asterisk."""

from __future__ import annotations

import socket
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.cli.setup.conftest import everything, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.setup.conftest import Sit
    from tests.cli.setup.tmux import Tmux
    from tests.lab.pbx import Asterisk

pytestmark = pytest.mark.desktop

_SECRET = "ctisecret"
LEFT_OUT = ("--no-service", "--no-links", "--no-test")


async def logs_in(terminal: Tmux, host: str, secret: str = _SECRET) -> None:
    await terminal.answers("Your choice [ami]:", "")
    await terminal.answers("Name or address of the PBX", host)
    await terminal.answers("Name of the manager account", "cti")
    await terminal.answers("Its secret", secret)


async def takes_no_contacts(terminal: Tmux) -> None:
    await terminal.answers("Your country [NL]:", "")
    await terminal.answers("Your choice", "none")


async def test_from_nothing_to_settings_that_can_be_used(asterisk: Asterisk, home: Path, sit: Sit) -> None:
    terminal = await sit(*LEFT_OUT)
    await logs_in(terminal, asterisk.ami[0])
    await terminal.shows("✓ PBX: there", "✓ Login: the PBX takes the account", "✓ Rights: may do what")
    await terminal.answers("Your extension:", "101")
    await terminal.answers("Your country [NL]:", "")
    await terminal.answers("Your choice [file]:", "")
    await terminal.asks("Path of the file:")
    await terminal.press("o")
    await terminal.press("Tab")
    await terminal.answers("our customers.csv", "")
    await terminal.answers("What shall it be called? [Our customers]:", "")
    await terminal.answers("A phone number that is in it", "0612345678")
    await terminal.shows("✓ Contacts: 2 contacts, ready", "✓ Lookup: 0612345678 is Jan Jansen, Bakker & Zn")
    await terminal.answers("Write the settings into", "")
    assert await terminal.ended() == 0
    assert "ctisecret" not in await terminal.text()

    assert tomllib.loads(settings_of(home).read_text()) == {
        "me": {"extension": "101", "region": "NL"},
        "pbx": {
            "host": asterisk.ami[0],
            "username": "cti",
            "secret": {"file": "~/.config/bubbled/ami-secret"},
        },
        "directory": [{"name": "Our customers", "kind": "csv", "path": str(home / "our customers.csv")}],
    }
    assert (settings_of(home).with_name("ami-secret")).read_text() == "ctisecret\n"
    assert settings_of(home).stat().st_mode & 0o777 == 0o600


async def test_a_wrong_secret_is_told_at_once_and_asked_again(
    asterisk: Asterisk, home: Path, sit: Sit
) -> None:
    terminal = await sit(*LEFT_OUT)
    await logs_in(terminal, asterisk.ami[0], "wrong")
    await terminal.shows("✗ Login: The PBX refuses user 'cti' (Authentication failed)")
    await terminal.answers("What now? [a]:", "s")
    await terminal.shows("For the administrator of the PBX", "[cti]", "permit = 127.0.0.1")
    await terminal.answers("What now? [a]:", "a")
    await terminal.answers("Name of the manager account [cti]:", "")
    await terminal.answers("Its secret:", "ctisecret")
    await terminal.asks("Your extension:")
    assert everything(home).keys() == {"our customers.csv"}


async def test_an_extension_without_phone_brings_the_phones_that_there_are(
    asterisk: Asterisk, home: Path, sit: Sit
) -> None:
    terminal = await sit(*LEFT_OUT)
    await logs_in(terminal, asterisk.ami[0])
    await terminal.answers("Your extension:", "999")
    await terminal.shows(
        "The PBX tells of no PJSIP/999. Which phone is yours?", "PJSIP/102", "another extension"
    )
    await terminal.answers("Your choice:", "PJSIP/102")
    await takes_no_contacts(terminal)
    await terminal.answers("Write the settings into", "y")
    assert await terminal.ended() == 0
    assert tomllib.loads(settings_of(home).read_text())["me"] == {
        "extension": "999",
        "devices": ["PJSIP/102"],
        "region": "NL",
    }


async def test_a_pbx_that_is_down_can_be_kept_all_the_same(home: Path, sit: Sit) -> None:
    terminal = await sit(*LEFT_OUT)
    await terminal.answers("Your choice [ami]:", "")
    await terminal.answers("Name or address of the PBX", "127.0.0.1:1")
    await terminal.shows("✗ PBX: The PBX at 127.0.0.1:1 refuses connections")
    await terminal.answers("What now? [a]:", "k")
    await terminal.answers("Name of the manager account", "")
    await terminal.answers("Its secret", "swordfish")
    await terminal.shows("- PBX: not tried, because the PBX could not be reached")
    await terminal.answers("Your extension:", "101")
    await takes_no_contacts(terminal)
    await terminal.answers("Write the settings into", "y")
    assert await terminal.ended() == 0
    assert tomllib.loads(settings_of(home).read_text())["pbx"]["port"] == 1


@pytest.mark.parametrize(
    "question", ["Your choice [ami]:", "Its secret", "Your country", "Write the settings"]
)
async def test_ctrl_c_leaves_everything_as_it_was(
    asterisk: Asterisk, home: Path, sit: Sit, question: str
) -> None:
    before = everything(home)
    terminal = await sit(*LEFT_OUT)
    host, answers = asterisk.ami[0], {"Name or address": "", "account": "cti", "Its secret": "ctisecret"}
    answers["Name or address"] = host
    for asked, answer in {
        "Your choice [ami]:": "",
        **answers,
        "Your extension:": "101",
        "Your country": "",
        "Your choice [file]:": "none",
        "Write the settings": "",
    }.items():
        if asked == question:
            break
        await terminal.answers(asked, answer)
    await terminal.asks(question)
    await terminal.press("C-c")
    assert await terminal.ended() == 130
    await terminal.shows("Nothing was changed.")
    assert everything(home) == before
    assert "Traceback" not in await terminal.text()


async def test_a_second_run_keeps_what_is_set_with_its_comments_and_asks_no_secret(
    asterisk: Asterisk, home: Path, sit: Sit
) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    text = f"""\
# my own words
[me]
extension = "101"   # that is me
region = "BE"

[pbx]
host = "{asterisk.ami[0]}"
username = "cti"
secret = "ctisecret"   # I know

[popup]
hide_after_s = 5
"""
    settings.write_text(text)
    terminal = await sit(*LEFT_OUT)
    await terminal.answers("Your choice [ami]:", "")
    await terminal.answers(f"Name or address of the PBX [{asterisk.ami[0]}]:", "")
    await terminal.answers("[cti]:", "")
    await terminal.answers("[Enter keeps the present one]:", "")
    await terminal.answers("Your extension [101]:", "102")
    await terminal.answers("Your country [BE]:", "")
    await terminal.answers("Your choice [file]:", "none")
    await terminal.answers("Write the settings into", "")
    assert await terminal.ended() == 0
    assert settings.read_text() == text.replace('"101"', '"102"')


async def test_a_run_that_changes_nothing_writes_nothing(asterisk: Asterisk, home: Path, sit: Sit) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'[me]\nextension="101"\nregion="NL"\n[pbx]\nhost="{asterisk.ami[0]}"\nusername="cti"\nsecret="ctisecret"\n'
    )
    before = everything(home)
    terminal = await sit(*LEFT_OUT)
    for question in ("Your choice", "Name or address", "account", "secret", "extension", "country"):
        await terminal.answers(question, "")
    await terminal.answers("Your choice [file]:", "none")
    await terminal.shows("Settings: as they were")
    assert await terminal.ended() == 0
    assert everything(home) == before


async def test_a_broken_file_is_shown_with_its_line_and_left_as_it_is(home: Path, sit: Sit) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_text('[me]\nextension = "101\n')
    before = everything(home)
    terminal = await sit(*LEFT_OUT)
    await terminal.shows("✗ Settings:", "line 2")
    await terminal.answers("Write new settings beside it, into config.new.toml? [y/N]", "")
    assert await terminal.ended() == 1
    assert everything(home) == before


async def test_new_settings_may_be_written_beside_a_file_that_is_not_understood(
    asterisk: Asterisk, home: Path, sit: Sit
) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_text("[popup]\ninbuond = true\n")
    terminal = await sit(*LEFT_OUT)
    await terminal.shows("line 2", "did you mean")
    await terminal.answers("beside it", "y")
    await logs_in(terminal, asterisk.ami[0])
    await terminal.answers("Your extension:", "101")
    await takes_no_contacts(terminal)
    await terminal.answers("Write the settings into", "")
    assert await terminal.ended() == 0
    assert settings.read_text() == "[popup]\ninbuond = true\n"
    assert "[me]" in settings.with_name("config.new.toml").read_text()


async def test_a_file_that_somebody_changes_meanwhile_is_left_to_them(
    asterisk: Asterisk, home: Path, sit: Sit
) -> None:
    settings = settings_of(home)
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'[me]\nextension="101"\nregion="NL"\n[pbx]\nhost="{asterisk.ami[0]}"\nusername="cti"\nsecret="ctisecret"\n'
    )
    terminal = await sit(*LEFT_OUT)
    for question in ("Your choice", "Name or address", "account"):
        await terminal.answers(question, "")
    await terminal.answers("secret", "ctisecret")
    await terminal.answers("Your extension", "102")
    await terminal.answers("country", "")
    await terminal.answers("Your choice [file]:", "none")
    await terminal.asks("Write the settings into")
    settings.write_text("# mine\n")
    await terminal.types("")
    await terminal.shows("was changed meanwhile")
    assert await terminal.ended() == 1
    assert settings.read_text() == "# mine\n"
    assert list(settings.parent.iterdir()) == [settings]


async def test_a_certificate_that_the_pbx_has_signed_itself_is_trusted_by_its_fingerprint(
    asterisk: Asterisk, home: Path, sit: Sit
) -> None:
    await speaks_tls(asterisk)
    terminal = await sit(*LEFT_OUT)
    await terminal.answers("Your choice [ami]:", "")
    await terminal.answers("Name or address of the PBX", f"{asterisk.ami[0]}:5039")
    await terminal.shows("signed by nobody this computer knows", f"for {asterisk.ami[0]}", "SHA-256")
    await terminal.answers("Your choice:", "yes")
    await terminal.answers("Name of the manager account", "cti")
    await terminal.answers("Its secret", "ctisecret")
    await terminal.shows("✓ Login")
    await terminal.answers("Your extension:", "101")
    await takes_no_contacts(terminal)
    assert not settings_of(home).with_name("pbx-ca.pem").exists()
    await terminal.answers("Write the settings into", "y")
    assert await terminal.ended() == 0
    pbx = tomllib.loads(settings_of(home).read_text())["pbx"]
    assert (pbx["tls"], pbx["ca_file"]) == (True, str(settings_of(home).with_name("pbx-ca.pem")))
    await terminal.close()

    again = await sit(*LEFT_OUT)
    await again.answers("Your choice [ami]:", "")
    await again.answers(f"Name or address of the PBX [{asterisk.ami[0]}]", "")
    await again.shows("✓ PBX: there, encrypted")
    await again.answers("[cti]:", "")
    await again.answers("[Enter keeps the present one]", "")
    await again.shows("✓ Login")


async def speaks_tls(asterisk: Asterisk) -> None:
    """Let a PBX speak AMI over TLS, too, until its next start."""
    folder = f"{asterisk._home}/etc"
    secure = (
        f"webenabled = no\ntlsenable = yes\ntlsbindaddr = {asterisk.ami[0]}:5039\n"
        f"tlscertfile = {folder}/certificate.pem\ntlsprivatekey = {folder}/certificate.key\n"
    )
    asterisk.rewrite("manager.conf", "webenabled = no\n", secure)
    await asterisk.run("manager reload")


async def test_ctrl_c_while_an_answer_is_tried_leaves_everything_as_it_was(home: Path, sit: Sit) -> None:
    before = everything(home)
    silent = socket.create_server(("127.0.0.1", 0))
    with silent:
        terminal = await sit(*LEFT_OUT)
        await terminal.answers("Your choice [ami]:", "")
        await terminal.answers("Name or address of the PBX", f"127.0.0.1:{silent.getsockname()[1]}")
        await terminal.shows("Looking for the PBX")
        await terminal.press("C-c")
        assert await terminal.ended() == 130
    await terminal.shows("Nothing was changed.")
    assert everything(home) == before
