"""Nothing but a SIP account on a real Asterisk: the whole daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lab.config import SIP_PORT, SIP_TLS_PORT
from tests.lab.plugin import EVERY_ASTERISK
from tests.lab.stage import CALLER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled, Home

pytestmark = EVERY_ASTERISK


def by_sip(home: Home, asterisk: Asterisk, transport: str = "udp", **more: str) -> None:
    """Settings of Alice, who has a SIP account and nothing else."""
    authority = home.folder / "authority.pem"
    asterisk.authority.cert_pem.write_to_path(authority)
    keys = {
        "kind": "sip",
        "host": asterisk.network.pbx_ip,
        "transport": transport,
        "port": SIP_TLS_PORT if transport == "tls" else SIP_PORT,
        "username": "101",
        "secret": "secret101",
        **({"ca_file": str(authority)} if transport == "tls" else {}),
        **more,
    }
    lines = [
        f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"' for key, value in keys.items()
    ]
    home.settings.write_text(
        '[me]\nextension = "101"\nregion = "NL"\n[pbx]\n'
        + "\n".join(lines)
        + f'\n[history]\npath = "{home.history}"\n{home.address_book}'
    )


def by_both(home: Home, asterisk: Asterisk, *, is_right: bool = True) -> None:
    """Settings of Alice, who has an AMI account and a SIP account, of which she knows the password or not."""
    secret = "secret101" if is_right else "wrong"
    account = f'sip = {{ username = "101", secret = "{secret}", host = "{asterisk.network.pbx_ip}" }}'
    home.configure(asterisk.ami)
    home.settings.write_text(home.settings.read_text().replace("[team]", f"{account}\n[team]"))


async def offered(daemon: Bubbled) -> str:
    """The buttons of the latest popup."""
    status, said = await daemon.ask("press")
    assert (status, "Note" in said) == (0, True), said
    return said


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_a_call_pops_up_with_the_right_person(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage, transport: str
) -> None:
    by_sip(home, asterisk, transport)
    daemon = await (await start().ready()).is_connected()
    outer = await stage.inbound(name="J. Jansen")
    inner = await stage.alice.rings()
    ringing = await daemon.call(state="ringing")
    assert (ringing["number"], ringing["name"], ringing["device"]) == (CALLER, "J. Jansen", "PJSIP/101")
    await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
    await inner.answer()
    await daemon.call(state="talking")
    await outer.is_up()
    await outer.hang_up()
    call = await daemon.call(state="ended", outcome="answered", id=ringing["id"])
    assert (call["contact"]["name"], call["popup"]) == ("Jan Jansen", "shown")
    assert "secret101" not in daemon.log()
    assert CALLER not in daemon.log()
    assert await daemon.stop() == 0


async def test_an_own_call_leaves_no_popup_since_nobody_tells_whom_it_is_with(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    by_sip(home, asterisk, "tcp")
    daemon = await (await start().ready()).is_connected()
    own = await stage.alice.call("0301234567")
    await stage.outside.rings()
    await daemon.call(direction="outbound", state="dialling")
    await own.hang_up()
    call = await daemon.call(direction="outbound", state="ended")
    assert (call["number"], call["popup"]) == (None, "it is not known whom you call")
    _, listed = await daemon.ask("calls")
    assert "number unknown" in listed


async def test_a_restart_of_the_pbx_is_survived(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    by_sip(home, asterisk, "tcp")
    daemon = await (await start().ready()).is_connected()
    await stage.restart_pbx()
    await daemon.is_connected()
    outer = await stage.inbound()
    await stage.alice.rings()
    await daemon.call(state="ringing", number=CALLER)
    await outer.hang_up()
    await daemon.call(outcome="missed")


async def test_both_ways_tell_one_call_once(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    by_both(home, asterisk)
    daemon = await (await start().ready()).is_connected()
    await daemon.logs("following calls by SIP")
    outer = await stage.inbound()
    inner = await stage.alice.rings()
    ringing = await daemon.call(state="ringing", dialled="+31201000101")
    await inner.answer()
    await daemon.call(state="talking")
    await outer.is_up()
    await outer.hang_up()
    await daemon.call(state="ended", outcome="answered", id=ringing["id"])
    assert len(await daemon.calls(lambda _: True)) == 1


async def test_what_is_wrong_with_one_way_is_told_as_what_it_is_while_the_other_works(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled]
) -> None:
    by_both(home, asterisk, is_right=False)
    daemon = await (await start().ready()).is_connected()
    status = await daemon.status(lambda it: bool(it["pbx"]["detail"]))
    assert status["pbx"]["state"] == "connected"
    _, said = await daemon.ask("doctor", "--config", str(home.settings))
    for each in (status["pbx"]["detail"], said):
        assert "refuses the password of '101': calls pop up by AMI alone." in " ".join(each.split())
        assert "no calls pop up" not in each


async def test_calls_from_the_computer_need_ami(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    assert stage
    by_sip(home, asterisk)
    daemon = await (await start().ready()).is_connected()
    status, said = await daemon.ask("dial", "0301234567")
    assert status == 1
    assert "needs AMI" in said
    assert await daemon.calls(lambda _: True) == []


async def test_a_missed_call_offers_to_call_back_only_where_that_can_be(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    """Asterisk takes no wishes for calls by SIP, which is known before anybody presses a button."""
    by_sip(home, asterisk)
    daemon = await (await start().ready()).is_connected()
    outer = await stage.inbound()
    await stage.alice.rings()
    await daemon.call(state="ringing")
    await outer.hang_up()
    await daemon.call(outcome="missed")
    assert "Call back" not in await offered(daemon)
    by_both(home, asterisk)
    assert (await daemon.ask("reload"))[0] == 0
    assert "Call back" in await offered(daemon)


async def test_the_doctor_explains_the_account_to_the_administrator(
    asterisk: Asterisk, home: Home, start: Callable[..., Bubbled], stage: Stage
) -> None:
    assert stage
    by_sip(home, asterisk)
    daemon = await (await start().ready()).is_connected()
    _, said = await daemon.ask("doctor", "--config", str(home.settings))
    assert "follows 101" in said
    assert "notify_early_inuse_ringing = yes" in said
    assert "exten => 101,hint,PJSIP/101" in said
    assert "manager.conf" not in said
