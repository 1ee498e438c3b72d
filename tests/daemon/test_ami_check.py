from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.control.check import Check, Verdict
from bubbled.daemon.ami_check import by_ami
from bubbled.settings.schema import Settings
from tests.pbx.ami.scripted_pbx import ScriptedPbx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

ENOUGH = {
    "Ping": "(Priv: <none>)",
    "Status": "(Priv: call)",
    "Originate": "(Priv: originate)",
    "Getvar": "(Priv: call)",
}
PHONES = {"PJSIP/101": "NOT_INUSE", "PJSIP/102": "INUSE", "Queue:support": "NOT_INUSE"}


def settings(port: int, *mine: str, sip: dict[str, Any] | None = None) -> Settings:
    return Settings.model_validate(
        {
            "me": {"extension": "101", "region": "NL", "devices": ["PJSIP/101"]},
            "pbx": {"host": "127.0.0.1", "port": port, "username": "bubbled", "secret": "s3cret", "sip": sip},
            "dial": {"names": dict.fromkeys(mine, "Another")},
        }
    )


@pytest.fixture
async def pbx() -> AsyncIterator[ScriptedPbx]:
    async with ScriptedPbx.listening() as pbx:
        yield pbx


@asynccontextmanager
async def checking(pbx: ScriptedPbx, *more: str) -> AsyncIterator[asyncio.Task[list[Check]]]:
    task = asyncio.create_task(by_ami(settings(pbx.port, *more)))
    async with asyncio.timeout(10):
        yield task
        await asyncio.wait([task])


async def found(
    pbx: ScriptedPbx, *, rights: Mapping[str, str] = ENOUGH, phones: Mapping[str, str] | None = PHONES
) -> dict[str, Check]:
    """What doctor finds at a PBX that gives these rights and tells of these phones (None: of none)."""
    async with checking(pbx) as task:
        peer = await pbx.accept()
        await peer.let_in()
        peer.answer(await peer.asked("ListCommands"), **rights)
        asked = await peer.asked("DeviceStateList")
        own = {"ActionID": asked["ActionID"]}
        if phones is None:
            peer.answer(asked, Response="Error", Message="Permission denied")
        else:
            peer.answer(asked, EventList="start")
            states = phones.items()
            peer.say(*({"Event": "DeviceStateChange", "Device": d, "State": s} | own for d, s in states))
            peer.say({"Event": "DeviceStateListComplete", "EventList": "Complete"} | own)
        return {each.name: each for each in await task}


async def test_an_account_as_it_should_be(pbx: ScriptedPbx) -> None:
    checks = await found(pbx)
    assert {name: each.verdict for name, each in checks.items()} == dict.fromkeys(
        ("PBX", "Rights", "Phones"), Verdict.OK
    )
    assert "11.0.0" in checks["PBX"].text


@pytest.mark.parametrize(
    ("action", "right"), [("Status", "call"), ("Originate", "originate"), ("Getvar", "call")]
)
async def test_a_missing_right_is_named(pbx: ScriptedPbx, action: str, right: str) -> None:
    rights = {name: text for name, text in ENOUGH.items() if name != action}
    checks = await found(pbx, rights=rights)
    assert checks["Rights"].verdict is Verdict.WARNING
    assert action in checks["Rights"].text
    assert f"write = {right}." in str(checks["Rights"].advice)


async def test_too_many_rights_are_named(pbx: ScriptedPbx) -> None:
    checks = await found(pbx, rights=ENOUGH | {"Command": "(Priv: command)"})
    assert checks["Rights"].verdict is Verdict.WARNING
    assert "Command" in checks["Rights"].text


async def test_an_unknown_phone_is_told_with_those_that_are_known(pbx: ScriptedPbx) -> None:
    checks = await found(pbx, phones={"PJSIP/102": "INUSE", "Queue:support": "NOT_INUSE"})
    assert checks["Phones"].verdict is Verdict.WARNING
    assert "PJSIP/102" in str(checks["Phones"].advice)
    assert "Queue" not in str(checks["Phones"].advice)


async def test_a_phone_that_is_not_registered_is_told(pbx: ScriptedPbx) -> None:
    checks = await found(pbx, phones={"PJSIP/101": "UNAVAILABLE"})
    assert checks["Phones"].verdict is Verdict.WARNING
    assert "not registered" in checks["Phones"].text


async def test_a_pbx_that_tells_of_no_phones_fails_nothing(pbx: ScriptedPbx) -> None:
    assert (await found(pbx, phones=None))["Phones"].verdict is Verdict.SKIPPED


async def test_a_wrong_password_is_told_without_it(pbx: ScriptedPbx) -> None:
    async with checking(pbx) as task:
        peer = await pbx.accept()
        peer.greet()
        peer.answer(await peer.asked("Challenge"), Challenge="1")
        peer.answer(await peer.asked("Login"), Response="Error", Message="Authentication failed")
        (only,) = await task
    assert only.verdict is Verdict.FAILED
    assert "Authentication failed" in only.text
    assert "s3cret" not in only.text


@pytest.mark.parametrize(
    ("state", "verdict", "said"),
    [
        ("NOT_INUSE", Verdict.OK, "knows Local/06@x"),
        ("UNAVAILABLE", Verdict.WARNING, "not registered"),
        ("INVALID", Verdict.WARNING, "does not know Local/06@x"),
        (None, None, ""),
    ],
)
async def test_a_phone_that_is_only_dialled_from_is_looked_at_too(
    pbx: ScriptedPbx, state: str | None, verdict: Verdict | None, said: str
) -> None:
    async with checking(pbx, "Local/06@x") as task:
        peer = await pbx.accept()
        await peer.let_in()
        peer.answer(await peer.asked("ListCommands"), **ENOUGH)
        peer.answer(await peer.asked("DeviceStateList"), Response="Error", Message="Permission denied")
        asked = await peer.asked("Getvar")
        assert asked["Variable"] == "DEVICE_STATE(Local/06@x)"
        if state is None:
            peer.answer(asked, Response="Error", Message="Permission denied")
        else:
            peer.answer(asked, Value=state)
    found = [each for each in await task if "Local/06@x" in each.text]
    assert [each.verdict for each in found] == ([verdict] if verdict else [])
    assert all(said in each.text for each in found)
