from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor

FAST = 1000

pytestmark = pytest.mark.desktop

# Without a screen, every page is in front.
_SEEN = """(isSeen) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => !isSeen })
  document.dispatchEvent(new Event('visibilitychange'))
}"""


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
    await expect(page.get_by_role("listitem").filter(has_text="Sanne")).to_be_visible()


async def test_what_changes_without_a_call_is_seen_too(
    visitor: Visitor, daemon: Daemon, pbx: DemoPbx
) -> None:
    page = await visitor.visit("/")
    await expect(page.get_by_text("Connected with")).to_be_visible()
    daemon.muting.mute(None)
    await expect(page.get_by_text("Popups are muted")).to_be_visible()
    await daemon.muting.unmute()
    await expect(page.get_by_text("Popups are muted")).to_be_hidden()
    await pbx.__aexit__(None, None, None)
    await expect(page.get_by_text("no calls pop up")).to_be_visible()


async def test_pages_in_the_background_are_in_nobodys_way(visitor: Visitor, daemon: Daemon) -> None:
    """A browser has six connections to one address, and each page that follows calls takes one."""
    first = await visitor.visit("/")
    address = first.url
    pages = [first, *[await first.context.new_page() for _ in range(7)]]
    for page in pages:
        await page.goto(address)
        await expect(page.get_by_text("Nobody is on the line")).to_be_visible()
        await page.evaluate(_SEEN, False)  # noqa: FBT003 - the script's only argument
    daemon.muting.mute(None)
    await first.evaluate(_SEEN, True)  # noqa: FBT003 - the same
    await expect(first.get_by_text("Popups are muted")).to_be_visible()
    assert not await pages[1].get_by_text("Popups are muted").is_visible()
    await pages[1].evaluate(_SEEN, True)  # noqa: FBT003 - the same
    await expect(pages[1].get_by_text("Popups are muted")).to_be_visible()


async def test_popups_are_muted_and_shown_again(visitor: Visitor, daemon: Daemon) -> None:
    page = await visitor.visit("/")
    await page.get_by_role("button", name="Mute for an hour").click()
    await expect(page.get_by_text("Popups are muted until")).to_be_visible()
    assert daemon.muting.state is not None
    await page.get_by_role("button", name="Show popups again").click()
    await expect(page.get_by_role("button", name="Mute popups")).to_be_visible()
    assert daemon.muting.state is None


async def test_a_number_is_called_and_the_bubble_of_that_call_comes(visitor: Visitor) -> None:
    page = await visitor.visit("/")
    await page.get_by_label("A number, or a text with one in it").fill("ask for 030 123 4567, please")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("pick it up")
    await expect(page.get_by_role("article")).to_contain_text("030 123 4567")


async def test_a_button_of_the_popup_is_pressed_and_who_types_keeps_the_keyboard(
    visitor: Visitor, pbx: DemoPbx, daemon: Daemon
) -> None:
    page = await visitor.visit("/")
    page.on("dialog", lambda dialog: asyncio.create_task(dialog.accept("Wants 20 more")))
    playing = asyncio.create_task(pbx.play("answered"))
    await page.get_by_role("article").get_by_role("button", name="Note").click()
    await expect(page.get_by_role("article")).to_contain_text("Wants 20 more")
    await expect(page.get_by_role("article").get_by_role("button", name="Note")).to_be_focused()
    await playing
    latest = await daemon.history.latest()
    assert latest is not None
    assert latest.note is not None
    assert latest.note.text == "Wants 20 more"


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(
    visitor: Visitor, pbx: DemoPbx, width: int, scheme: str
) -> None:
    for scene in ("answered", "missed", "ring_group"):
        await pbx.play(scene, speed=FAST)
    page = await visitor.visit("/", width=width, scheme=scheme)
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"live-{width}-{scheme}")
