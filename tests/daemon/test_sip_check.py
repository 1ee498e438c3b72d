from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.control.check import Verdict
from bubbled.daemon.sip_check import by_sip
from bubbled.pbx.sip.access import SipAccess, TimeLimits, Transport
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.stanza import stanza
from tests.pbx.sip.notifier import CHALLENGE, SECRET, bare
from tests.pbx.sip.peer import UdpPbx, name
from tests.pbx.sip.test_referrer import Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def pbx() -> AsyncIterator[UdpPbx]:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(Proxy(CHALLENGE)), local_addr=("127.0.0.1", 0)
    )
    yield protocol
    transport.close()


def proxy_of(pbx: UdpPbx) -> Proxy:
    assert isinstance(pbx.notifier, Proxy)
    return pbx.notifier


async def found(
    pbx: UdpPbx,
    secret: str = SECRET,
    phone: tuple[str, int] | None = None,
    host: str = "127.0.0.1",
    answer_s: float = 5.0,
) -> dict[str, tuple[Verdict, str]]:
    access = SipAccess(
        host=host,
        port=pbx.port,
        transport=Transport.UDP,
        domain="pbx",
        account=Account("101", secret, "101"),
        extension="101",
        phone=phone,
        limits=TimeLimits(answer_s=answer_s),
    )
    return {
        check.name: (check.verdict, f"{check.text} {check.advice or ''}") for check in await by_sip(access)
    }


async def test_all_is_well(pbx: UdpPbx) -> None:
    checks = await found(pbx)
    assert checks["SIP"][0] is Verdict.OK
    assert "follows 101 at 127.0.0.1" in checks["SIP"][1]
    assert "password shown by MD5" in checks["SIP"][1]
    assert checks["Calling"] == (Verdict.OK, "your phone can be asked to call (REFER) ")
    assert proxy_of(pbx).wishes == []


async def test_a_host_with_several_addresses_is_well_when_one_answers(
    pbx: UdpPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    name(monkeypatch, "pbx.example", "127.0.0.2", "127.0.0.1")
    assert (await found(pbx, host="pbx.example", answer_s=0.1))["SIP"][0] is Verdict.OK
    name(monkeypatch, "pbx.example", "127.0.0.2", "127.0.0.3")
    assert "does not answer" in (await found(pbx, host="pbx.example", answer_s=0.1))["SIP"][1]


async def test_over_udp_a_restart_is_noticed_late(pbx: UdpPbx) -> None:
    verdict, text = (await found(pbx))["Transport"]
    assert verdict is Verdict.WARNING
    assert "72 s" in text


async def test_a_pbx_that_takes_no_wishes(pbx: UdpPbx) -> None:
    proxy_of(pbx).status = (501, "Not Implemented")
    assert "needs AMI" in (await found(pbx))["Calling"][1]


async def test_a_phone_that_takes_wishes_though_the_pbx_does_not(pbx: UdpPbx) -> None:
    transport, phone = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(Proxy(CHALLENGE)), local_addr=("127.0.0.1", 0)
    )
    proxy_of(pbx).status = (501, "Not Implemented")
    assert (await found(pbx, phone=("127.0.0.1", phone.port)))["Calling"][0] is Verdict.OK
    proxy_of(phone).status = (501, "Not Implemented")
    verdict, text = (await found(pbx, phone=("127.0.0.1", phone.port)))["Calling"]
    assert verdict is Verdict.WARNING
    assert "your phone at 127.0.0.1 does not take" in text
    transport.close()


@pytest.mark.parametrize(
    ("software", "verdict"),
    [
        ("Asterisk PBX 22.10.1", Verdict.OK),
        ("Asterisk PBX 16.2.1~dfsg-1", Verdict.FAILED),
        ("Asterisk PBX 16.19.0", Verdict.OK),
        ("Asterisk PBX 17.9.4", Verdict.FAILED),
        ("Asterisk PBX certified/18.4-cert1", Verdict.FAILED),
        ("Asterisk PBX 13.38.3", Verdict.FAILED),
        ("FPBX-17.0.19(22.10.1)", Verdict.OK),
        ("", Verdict.OK),
    ],
)
async def test_whether_the_pbx_tells_who_calls(pbx: UdpPbx, software: str, verdict: Verdict) -> None:
    original = proxy_of(pbx).notify_raw
    proxy_of(pbx).notify_raw = lambda body, **headers: original(body, user_agent=software, **headers)  # type: ignore[method-assign]
    assert (await found(pbx))["Callers"][0] is verdict


async def test_a_pbx_that_tells_each_call(pbx: UdpPbx) -> None:
    proxy_of(pbx).state = (bare("terminated", key='id="1" call-id="c" local-tag="l"'),)
    assert "each call by itself" in (await found(pbx))["Callers"][1]


@pytest.mark.parametrize(
    ("status", "text"), [(404, "exten => 101,hint,PJSIP/101"), (403, "allow_subscribe"), (489, "needs AMI")]
)
async def test_a_refusal_says_what_the_administrator_can_do(pbx: UdpPbx, status: int, text: str) -> None:
    proxy_of(pbx).refusal = (status, "No")
    checks = await found(pbx)
    assert checks["SIP"][0] is Verdict.FAILED
    assert text in checks["SIP"][1]


async def test_a_wrong_password(pbx: UdpPbx) -> None:
    assert "refuses the password of '101'" in (await found(pbx, "wrong"))["SIP"][1]


def test_the_administrator_is_told_the_settings_that_help() -> None:
    text = stanza("alice", "101")
    for part in ("endpoint of the account alice", "subscribe_context", "notify_early_inuse_ringing = yes"):
        assert part in text
    assert "exten => 101,hint,PJSIP/101" in text
