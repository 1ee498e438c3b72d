"""What the daemon says is told on pages by its words: where these change, it would be English among Dutch."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from bubbled.control.status import CallLogState, HotkeyState
from bubbled.daemon import check
from bubbled.daemon.doctor import checks
from bubbled.directory.port import Phase, State
from bubbled.error import PbxError
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import connection_failure
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.demo import DemoPbx
from bubbled.settings.popup import Quiet
from bubbled.web.language import language
from bubbled.web.phrase import said

if TYPE_CHECKING:
    from bubbled.control.check import Check
    from bubbled.daemon.daemon import Daemon

CHECKS: list[Check] = [
    *check.hotkey(None),
    *check.hotkey(HotkeyState("F9", None, None)),
    *check.hotkey(HotkeyState("F9", "x11", None)),
    *check.keys({"Mute key": HotkeyState("F8", "x11", None), "Focus key": HotkeyState("F7", "x11", None)}),
    *check.quiet(dict.fromkeys(Quiet)),
    *check.tray(None, is_wanted=True),
    *check.tray(None, is_wanted=False),
    *check.call_log([CallLogState(directory="CRM", waiting=2)], None),
    *check.call_log([CallLogState(directory="CRM", waiting=2, reason="429")], None),
]


def dutch(words: str) -> str:
    return said(words, language("nl"))


def is_told(words: str) -> bool:
    """Whether a page says it in Dutch; what is nothing but a key is the same in every language."""
    return dutch(words) != words or words in {"F7", "F8", "Popups"}


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: f"{one.name}: {one.text}")
def test_what_the_doctor_says_is_told_in_dutch(one: Check) -> None:
    assert is_told(one.name)
    assert is_told(one.text)


async def test_a_doctor_who_finds_nothing_amiss_is_understood_by_whoever_reads_dutch(daemon: Daemon) -> None:
    found = [each for each in await checks(daemon) if each.verdict.value == "ok"]
    assert len(found) > 5
    assert [each for each in found if not (is_told(each.name) and is_told(each.text))] == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State(Phase.READY), "klaar"),
        (State(Phase.READY, remark="3 rows"), "klaar: 3 rows"),
        (State(Phase.INDEXING), "wordt ingelezen"),
        (State(Phase.INDEXING, 37, 100), "37 % ingelezen"),
        (State(Phase.FAILED, reason="The file is <gone>."), "werkt niet: The file is <gone>."),
    ],
)
def test_how_a_directory_does_is_told_in_dutch(state: State, words: str) -> None:
    assert dutch(str(state)) == words


@pytest.mark.parametrize("words", ["", "of tomorrow", "The disk is full.", "\0" * 10_000])
def test_what_nobody_here_knows_is_said_as_it_came(words: str) -> None:
    assert dutch(words) == words


def of_tls(error: ssl.SSLError, **said: str) -> ssl.SSLError:
    """An error as a connection raises it: only that one has these attributes."""
    for name, value in said.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    "error",
    [
        of_tls(ssl.SSLCertVerificationError(), verify_message="self-signed certificate"),
        of_tls(ssl.SSLError(), reason="WRONG_VERSION_NUMBER"),
        socket.gaierror(),
        ConnectionRefusedError(),
        TimeoutError(),
        OSError(113, "No route to host"),
    ],
    ids=repr,
)
def test_why_the_pbx_cannot_be_reached_is_told_in_dutch(error: OSError) -> None:
    told = dutch(str(connection_failure(error, "pbx.example.com:5039")))
    assert told.startswith("De telefooncentrale op pbx.example.com:5039 ")
    assert "er komen geen popups" in told


async def test_why_the_pbx_refuses_an_account_is_told_in_dutch() -> None:
    async with DemoPbx(secret="another") as pbx:
        access = Access(address=Address("127.0.0.1", pbx.port), credentials=Credentials("bubbled", "s3cret"))
        with pytest.raises(PbxError) as refused:
            await AmiClient(access).connect()
    assert dutch(str(refused.value)).startswith("De telefooncentrale weigert gebruiker 'bubbled' (")
