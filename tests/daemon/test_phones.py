from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.phones import PhoneRules
from bubbled.dialing.destination import Source
from bubbled.error import ControlError
from bubbled.model import Device
from tests.daemon.office import DESK, SOFT, office_with

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_wished_phone_rings(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {SOFT: "Soft phone"}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        await office.dialler.dial("0201234567", Source.TYPED, wished_phone="soft phone")
        await office.dialler.dial("0207654321", Source.TYPED)
        assert [click.device for click in office.exchange.clicks] == [SOFT, DESK]
        assert office.exchange.asked == []
        for no_phone in ("fax", ""):
            with pytest.raises(ControlError, match=r"no phone of yours.*Soft phone \(PJSIP/201\)"):
                await office.dialler.dial("0612345678", Source.TYPED, wished_phone=no_phone)


async def test_the_chosen_phone_rings_from_then_on(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        assert office.phones.prefer("201")
        assert [phone.is_default for phone in await office.phones.list()] == [False, True]
        await office.dialler.dial("0201234567", Source.TYPED)
        assert office.exchange.clicks[0].device == SOFT
    async with office_with(tmp_path, phones=replace(phones, devices=(DESK,))) as office:
        assert await office.phones.choose(None) == DESK
    async with office_with(tmp_path, phones=phones) as office:
        assert await office.phones.choose(None) == SOFT
        office.phones.prefer("PJSIP/101")
        assert await office.phones.choose(None) == DESK


async def test_the_first_phone_that_the_pbx_knows_rings_and_is_looked_for_once(tmp_path: Path) -> None:
    sip = Device("SIP/101")
    phones = PhoneRules((DESK, sip), None, {}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        office.exchange.states = {DESK: "INVALID", sip: "NOT_INUSE"}
        assert [await office.phones.choose(None) for _ in range(2)] == [sip, sip]
        assert office.exchange.asked == [DESK, sip]
        office.phones.forget()
        await office.phones.choose(None)
        assert len(office.exchange.asked) == 4


async def test_a_phone_that_is_not_registered_is_skipped_if_the_user_says_so(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {}, skip_unregistered=True)
    async with office_with(tmp_path, phones=phones) as office:
        office.exchange.states = {DESK: "UNAVAILABLE", SOFT: "NOT_INUSE"}
        assert await office.phones.choose(None) == SOFT
        office.exchange.states = {}
        assert await office.phones.choose(None) == DESK
        office.exchange.states = {DESK: "UNAVAILABLE"}
        assert await office.phones.choose("PJSIP/101") == DESK
