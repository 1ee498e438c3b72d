"""Addresses through the real xdg-open, to a program that the desktop opens them with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.action.opener import open_uri
from bubbled.action.port import ActionError, Trouble
from tests.action.program import UserProgram

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.desktop

ADDRESSES = (
    "https://crm.example.com/?q=%27%3B%20rm%20-rf%20~%20%23&n=%24%28touch%20x%29%60y%60#%22%3E%3Cscript%3E",
    "mailto:sales@example.com?subject=Call%20%0D%0ABcc%3A%20x&body=%24HOME%0D%0A%26to%3Dall",
    "crm://contact/%2B31612345678",
    "tel:+31612345678",
    "https://crm.example.com/" + "x" * 8000,
)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_an_address_comes_to_who_opens_it_as_it_was_made(tmp_path: Path, address: str) -> None:
    shop = UserProgram(tmp_path)
    shop.opens("https", "mailto", "crm", "tel")
    await open_uri(address, shop.environment)
    assert shop.facts["arguments"] == [address]


async def test_an_address_that_nobody_opens_is_told_by_its_kind(tmp_path: Path) -> None:
    shop = UserProgram(tmp_path)
    shop.opens("https")
    with pytest.raises(ActionError) as failed:
        await open_uri("bubbled-test://x", shop.environment)
    assert (failed.value.trouble, failed.value.about) == (Trouble.NOT_OPENED, "bubbled-test")


async def test_a_desktop_without_an_opener_is_told(tmp_path: Path) -> None:
    with pytest.raises(ActionError) as failed:
        await open_uri("https://crm.example.com", {"PATH": str(tmp_path)})
    assert failed.value.trouble is Trouble.NO_OPENER
