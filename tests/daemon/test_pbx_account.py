from __future__ import annotations

from bubbled.daemon.pbx_account import address_towards, stanza
from bubbled.settings.schema import Settings

PBX = {"host": "127.0.0.1", "port": 5038, "username": "alice", "secret": "s3cret"}


def test_this_computer_knows_its_address_on_the_way_to_a_host() -> None:
    assert address_towards("127.0.0.1", 5038) == "127.0.0.1"
    assert address_towards("::1", 5038) in {"::1", None}
    assert address_towards("no such host", 5038) is None


async def test_the_account_of_the_settings_may_come_from_this_computer_alone() -> None:
    found = await stanza(Settings.model_validate({"me": {"extension": "101", "region": "NL"}, "pbx": PBX}))
    assert found.place == "/etc/asterisk/manager.conf"
    assert found.text.startswith("[alice]")
    assert "permit = 127.0.0.1" in found.text
    assert "s3cret" not in found.text


async def test_without_settings_it_is_an_account_to_fill_in() -> None:
    assert (await stanza(None)).text.startswith("[bubbled]")


async def test_by_sip_it_is_about_the_phone() -> None:
    pbx = {"kind": "sip", **PBX}
    found = await stanza(Settings.model_validate({"me": {"extension": "101", "region": "NL"}, "pbx": pbx}))
    assert found.place == "/etc/asterisk"
    assert "101" in found.text
