"""Trying answers on a real Asterisk and on real files; the hostile PBX is scripted."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import Verdict
from bubbled.setup.question import Group
from bubbled.setup.trial import try_out
from tests.setup.talk import known

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.directory.port import State
    from bubbled.setup.known import Known
    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage


def account(host: str, **more: str) -> dict[str, str]:
    return {
        "pbx.kind": "ami",
        "pbx.host": host,
        "pbx.tls": "no",
        "pbx.username": "cti",
        "pbx.secret": "ctisecret",
        "me.extension": "101",
        **more,
    }


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose indexes are nobody else's; not for tests with an Asterisk, which is in the usual one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


async def test_a_login_tells_of_rights_and_learns_the_phones(asterisk: Asterisk) -> None:
    tried = await try_out(Group.ACCOUNT, account(asterisk.ami[0]), known())
    assert [(check.name, check.verdict) for check in tried.checks] == [
        ("Login", Verdict.OK),
        ("Rights", Verdict.OK),
    ]
    assert {"PJSIP/101", "PJSIP/102", "PJSIP/103"} <= set(tried.known.phones)
    assert tried.known.is_logged_in


async def test_an_account_that_may_too_little_is_told_what_it_lacks(asterisk: Asterisk) -> None:
    await asterisk.admit("[reader]\nsecret = ctisecret\nread = call\nwrite = call\n")
    tried = await try_out(Group.ACCOUNT, account(asterisk.ami[0], **{"pbx.username": "reader"}), known())
    (rights,) = (check for check in tried.checks if check.name == "Rights")
    assert (rights.text, rights.advice) == (
        "may not Originate: bubbled cannot place calls",
        "Give the account write = originate.",
    )


async def test_a_wrong_secret_fails_and_is_not_repeated(asterisk: Asterisk) -> None:
    wrong = account(asterisk.ami[0], **{"pbx.secret": "swordfish"})
    tried = await try_out(Group.ACCOUNT, wrong, known())
    assert tried.has_failed
    assert "swordfish" not in repr(tried.checks)
    assert not tried.known.is_logged_in


async def test_a_phone_that_the_pbx_has_is_known_and_another_is_not(stage: Stage) -> None:
    there, host = replace(known(), is_logged_in=True), stage.pbx.ami[0]
    good = await try_out(Group.PHONE, account(host), there)
    assert good.checks[0].text == "the PBX knows PJSIP/101"
    bad = await try_out(Group.PHONE, account(host, **{"me.extension": "999"}), there)
    assert "tells of no phone PJSIP/999" in bad.checks[0].text


async def test_nothing_is_asked_of_a_pbx_that_could_not_be_reached() -> None:
    nowhere = await try_out(Group.REACH, {"pbx.host": "127.0.0.1", "pbx.port": "1"}, known())
    assert nowhere.has_failed
    for group in (Group.ACCOUNT, Group.PHONE):
        tried = await try_out(group, account("127.0.0.1"), nowhere.known)
        assert [check.verdict for check in tried.checks] == [Verdict.SKIPPED]


async def test_a_pbx_with_nonsense_for_phones_gives_none_that_a_terminal_could_not_show() -> None:
    names = (
        "PJSIP/101",
        "PJSIP/\x1b[2J",
        "PJSIP/" + "9" * 10_000,
        "SIP/a b",
        "PJSIP/x,y",
        "PJSIP/\N{RIGHT-TO-LEFT OVERRIDE}1",
    )
    async with scripted(names) as (host, port):
        answers = account(host, **{"pbx.port": str(port)})
        tried = await try_out(Group.ACCOUNT, answers, known())
    assert tried.known.phones == ("PJSIP/101",)


async def test_a_pbx_with_phones_without_end_is_taken_as_far_as_one_can_read() -> None:
    async with scripted(tuple(f"PJSIP/{number}" for number in range(5_000))) as (host, port):
        tried = await try_out(Group.ACCOUNT, account(host, **{"pbx.port": str(port)}), known())
    assert len(tried.known.phones) == 500


def book(path: Path, **more: str) -> dict[str, str]:
    return {
        "directory.kind": "file",
        "directory.path": str(path),
        "directory.name": "Book",
        "me.region": "NL",
        **more,
    }


async def contacts(answers: dict[str, str], facts: Known | None = None) -> list[tuple[Verdict, str]]:
    tried = await try_out(Group.CONTACTS, answers, facts or known())
    return [(check.verdict, check.text) for check in tried.checks]


async def test_contacts_are_counted_and_one_is_looked_up(cache: Path) -> None:
    file = cache / 'it\'s "our" book.csv'
    file.write_text("Name,Company,Phone\nJan Jansen,Bakker & Zn,06-12345678\n")
    (count, found) = await contacts(book(file, **{"try.number": "0612345678"}))
    assert count == (Verdict.OK, "1 contact, ready")
    assert found[0] is Verdict.OK
    assert found[1].startswith("0612345678 is Jan Jansen, Bakker & Zn (")


async def test_a_number_that_nobody_has_is_a_warning_and_no_number_a_failure(cache: Path) -> None:
    file = cache / "c.csv"
    file.write_text("Name,Phone\nJan Jansen,06-12345678\n")
    assert (await contacts(book(file, **{"try.number": "0687654321"})))[1] == (
        Verdict.WARNING,
        "nobody in it has 0687654321",
    )
    assert await contacts(book(file, **{"try.number": "Jan"})) == [
        (Verdict.FAILED, "Jan is no possible phone number in NL")
    ]


@pytest.mark.parametrize("content", ["", "just a text\n", "Name,Phone\n", "\x00\xff" * 100])
async def test_a_file_without_contacts_fails(cache: Path, content: str) -> None:
    file = cache / "c.csv"
    file.write_text(content, encoding="latin-1")
    tried = await try_out(Group.CONTACTS, book(file), known())
    assert tried.has_failed


async def test_a_file_that_is_not_there_fails(cache: Path) -> None:
    ((verdict, text),) = await contacts(book(cache / "none.csv"))
    assert verdict is Verdict.FAILED
    assert "none.csv" in text


async def test_what_a_kind_of_directory_lacks_is_named_without_its_secret(cache: Path) -> None:
    assert cache
    answers = book(cache, **{"directory.kind": "ldap", "directory.password": "swordfish"})
    ((verdict, text),) = await contacts(answers)
    assert verdict is Verdict.FAILED
    assert "swordfish" not in text


async def test_ten_megabytes_are_read_and_how_far_it_is_is_told(cache: Path) -> None:
    file = cache / "big.csv"
    rows = (f"Person {number},Firm {number},+3161{number:07}\n" for number in range(250_000))
    file.write_text("Name,Company,Phone\n" + "".join(rows))
    assert file.stat().st_size > 9_000_000
    told: list[State] = []
    tried = await try_out(Group.CONTACTS, book(file, **{"try.number": "0610000007"}), known(), told.append)
    assert tried.checks[0].text == "250,000 contacts, ready"
    assert "Person 7" in tried.checks[1].text
    assert any(state.done for state in told)


@asynccontextmanager
async def scripted(phones: tuple[str, ...]) -> AsyncIterator[tuple[str, int]]:
    """A PBX that takes any login, and tells of these phones."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        while request := (await reader.readuntil(b"\r\n\r\n")).decode():
            lines = dict(line.split(": ", 1) for line in request.strip().splitlines())
            action, mark = lines["Action"], f"ActionID: {lines['ActionID']}\r\n"
            extra = "Challenge: 1\r\n" if action == "Challenge" else ""
            extra += "EventList: start\r\n" if action == "DeviceStateList" else ""
            writer.write(f"Response: Success\r\n{mark}{extra}\r\n".encode())
            if action == "DeviceStateList":
                for phone in phones:
                    writer.write(
                        f"Event: DeviceStateChange\r\n{mark}Device: {phone}\r\nState: X\r\n\r\n".encode()
                    )
                writer.write(f"Event: DeviceStateListComplete\r\n{mark}EventList: Complete\r\n\r\n".encode())

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    async with server:
        yield "127.0.0.1", server.sockets[0].getsockname()[1]
