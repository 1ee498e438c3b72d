from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop


async def test_a_call_appears_as_it_rings_and_goes_when_it_ends(visitor: Visitor, pbx: DemoPbx) -> None:
    page = await visitor.visit("/")
    await expect(page.get_by_text("Nobody is on the line")).to_be_visible()
    playing = asyncio.create_task(pbx.play("answered"))
    bubble = page.get_by_role("article")
    await expect(bubble).to_contain_text("Calling you")
    await expect(bubble).to_contain_text("Sanne")
    await picture(page, "live-ringing")
    await expect(bubble).to_contain_text("Talking")
    await playing
    await expect(bubble).to_be_hidden()
    await expect(page.get_by_role("row", name="Sanne")).to_be_visible()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(visitor: Visitor, width: int, scheme: str) -> None:
    page = await visitor.visit("/", width=width, scheme=scheme)
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"live-{width}-{scheme}")
