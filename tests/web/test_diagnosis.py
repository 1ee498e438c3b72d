from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.history.sample import record_whole
from tests.web import past
from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop

FAST = 1000

# Where each sign of a text is seen, from the left.
_PLACES = """(element) => [...element.firstChild.data].map((_, at) => {
  const sign = document.createRange()
  sign.setStart(element.firstChild, at)
  sign.setEnd(element.firstChild, at + 1)
  return sign.getBoundingClientRect().left
})"""


async def test_a_call_without_a_popup_tells_why_and_which_setting_is_to_blame(
    visitor: Visitor, daemon: Daemon, pbx: DemoPbx
) -> None:
    daemon.muting.mute(None)
    await pbx.play("missed", speed=FAST)
    page = await visitor.visit("/diagnosis")
    row = page.get_by_role("row", name="muted")
    await row.get_by_role("link", name="Why?").click()
    await expect(page.get_by_role("heading", name="From the call to the popup")).to_be_visible()
    await expect(page.get_by_text("There was no popup: muted.")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="PJSIP/101").first).to_be_visible()
    await picture(page, "diagnosis-call")
    assert await faults(page) == []


async def test_a_shown_popup_tells_its_way_with_each_directory(visitor: Visitor, pbx: DemoPbx) -> None:
    await pbx.play("answered", speed=FAST)
    page = await visitor.visit("/diagnosis")
    await page.get_by_role("row", name="Sanne").get_by_role("link", name="Why?").click()
    await expect(page.get_by_text("The popup was shown (terminal).")).to_be_visible()
    await expect(page.get_by_role("row", name="Customers")).to_contain_text("knows the number")
    await picture(page, "diagnosis-shown")


async def test_a_moment_without_any_call_is_explained(visitor: Visitor) -> None:
    page = await visitor.visit("/diagnosis")
    await page.get_by_label("Day").fill("2020-01-01")
    await page.get_by_label("Time").fill("14:03")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("1 Jan 2020")
    await expect(page.get_by_text("longer ago than bubbled remembers")).to_be_visible()
    await page.get_by_role("link", name="Ten minutes later").click()
    await expect(page).to_have_url(re.compile(r"time=14:13$"))


async def test_the_name_that_a_caller_has_chosen_does_not_turn_his_number_around(
    visitor: Visitor, daemon: Daemon
) -> None:
    a_call = past.call("turned", "+31900123456", name="Bank\u202e")
    record_whole(daemon.history, a_call, datetime.now().astimezone() - timedelta(minutes=4))
    assert await daemon.history.settled()
    for path in ("/diagnosis", "/diagnosis/call/turned"):
        page = await visitor.visit(path)
        signs = await page.get_by_text("+31900123456").evaluate(_PLACES)
        assert signs == sorted(signs)


async def test_a_call_whose_id_holds_a_slash_tells_its_way(visitor: Visitor, daemon: Daemon) -> None:
    at = datetime.now().astimezone() - timedelta(minutes=4)
    record_whole(daemon.history, past.call("office/1-1764223.7", "+31612345678"), at)
    assert await daemon.history.settled()
    page = await visitor.visit("/diagnosis")
    await page.get_by_role("link", name="Why?").click()
    await expect(page.get_by_role("heading", name="From the call to the popup")).to_be_visible()


async def test_what_the_doctor_finds_comes_into_the_page(visitor: Visitor) -> None:
    page = await visitor.visit("/diagnosis")
    checks = page.get_by_role("list").filter(has=page.get_by_text("PBX"))
    await expect(checks).to_contain_text("logged in at 127.0.0.1")
    await expect(page.get_by_role("button", name="Check again")).to_be_enabled()
    await page.get_by_text("For the administrator of the PBX").click()
    await expect(page.get_by_text("eventfilter")).to_be_visible()
    assert "s3cret" not in await page.content()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/diagnosis", "/diagnosis/at?time=14:03", "/about"])
async def test_the_pages_can_be_used_by_everybody(
    visitor: Visitor, pbx: DemoPbx, path: str, width: int, scheme: str
) -> None:
    await pbx.play("missed", speed=FAST)
    page = await visitor.visit(path, width=width, scheme=scheme)
    if path == "/diagnosis":
        await expect(page.locator("#checks")).to_have_attribute("aria-busy", "false")
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"{path.strip('/').partition('?')[0].replace('/', '-')}-{width}-{scheme}")


@pytest.mark.parametrize(
    "path", ["/diagnosis/at", "/diagnosis/at?time=nonsense", "/diagnosis/at?day=x&time=y"]
)
async def test_what_is_no_moment_is_told(visitor: Visitor, path: str) -> None:
    page = await visitor.visit(path)
    await expect(page.get_by_text("That was not understood.")).to_be_visible()


async def test_a_call_that_is_not_known_is_told(visitor: Visitor) -> None:
    page = await visitor.visit("/diagnosis/call/nobody")
    await expect(page.get_by_text("There is no such page.")).to_be_visible()
