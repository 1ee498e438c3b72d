from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bubbled.model import Outcome
from tests.web import past
from tests.web.browsing import NARROW, WIDE, faults, overflow, picture, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop


@pytest.fixture
async def daemon(
    run: Callable[[Path], AbstractAsyncContextManager[Daemon]], team_settings_file: Path
) -> AsyncIterator[Daemon]:
    """A daemon whose user has calls behind her."""
    async with run(team_settings_file) as daemon:
        await past.remember(daemon.history, datetime.now().astimezone())
        yield daemon


def lines(page: Page) -> Locator:
    return page.locator(".call")


def line(page: Page, text: str) -> Locator:
    return lines(page).filter(has_text=text)


async def test_the_calls_of_the_user_stand_under_their_days(visitor: Visitor) -> None:
    page = await visitor.visit("/history")
    await expect(lines(page)).to_have_count(7)
    await expect(page.get_by_role("heading", name="Yesterday")).to_be_visible()
    await expect(line(page, "Jan Jansen")).to_contain_text("Acme")
    await expect(line(page, "Jan Jansen")).to_contain_text("06 12345678")
    await expect(line(page, "Jan Jansen")).to_contain_text("2:00")
    await expect(line(page, "Jan Jansen")).to_contain_text("queue support")
    await expect(line(page, "Jan Jansen")).to_contain_text("Ordered 20 more")
    await expect(line(page, "Number withheld")).to_contain_text("missed")
    await expect(line(page, "Bob")).to_contain_text("102")
    assert visitor.complaints == []
    await picture(page, "history")


async def test_typing_finds_calls_and_a_reload_shows_the_same(visitor: Visitor) -> None:
    page = await visitor.visit("/history")
    await page.keyboard.press("/")
    await page.keyboard.type("garcia")
    await expect(lines(page)).to_have_count(1)
    await expect(page.locator("mark")).to_have_text("García")
    await expect(page.get_by_role("status").filter(has_text="1 call")).to_have_count(1)
    assert page.url.endswith("/history?text=garcia")
    await page.reload()
    await expect(page.get_by_role("searchbox")).to_have_value("garcia")
    await expect(lines(page)).to_have_count(1)
    await page.get_by_role("searchbox").fill("06 12 34")
    await expect(page.locator("mark")).to_have_text("06 1234")
    await page.get_by_role("searchbox").fill("nobody of that name")
    await expect(page.get_by_role("heading", name="No such call")).to_be_visible()
    await page.get_by_role("link", name="Show all my calls").click()
    await expect(lines(page)).to_have_count(7)


async def test_calls_are_chosen_by_whose_they_are_by_day_and_by_outcome(visitor: Visitor) -> None:
    page = await visitor.visit("/history")
    await page.get_by_label("Whose calls").select_option("Bob")
    await expect(lines(page)).to_have_count(1)
    await expect(lines(page)).to_contain_text("Bob")
    await expect(page.get_by_role("button", name="Note on the call")).to_have_count(0)
    await page.get_by_label("Whose calls").select_option("Everybody's")
    await expect(lines(page)).to_have_count(8)
    await page.get_by_label("Missed").check()
    await expect(lines(page)).to_have_count(3)
    yesterday = datetime.now().astimezone().date() - timedelta(days=1)
    await page.get_by_label("Until").fill((yesterday - timedelta(days=1)).isoformat())
    await expect(lines(page)).to_have_count(1)
    await page.get_by_label("Who called").select_option("Outgoing")
    await expect(page.get_by_role("heading", name="No such call")).to_be_visible()
    await page.get_by_label("From").fill(yesterday.isoformat())
    await expect(page.locator(".message.wrong")).to_contain_text("since must not be after until")


async def test_it_works_without_javascript(visitor: Visitor) -> None:
    page = await visitor.visit("/history", javascript=False)
    await page.get_by_role("searchbox").fill("garcia")
    await page.get_by_label("Whose calls").select_option("Everybody's")
    await page.get_by_role("button", name="Search").click()
    await expect(lines(page)).to_have_count(1)
    await expect(page.get_by_label("Whose calls")).to_have_value("all")


async def test_older_calls_are_added_below(visitor: Visitor, daemon: Daemon) -> None:
    await past.remember_many(daemon.history, datetime.now().astimezone(), 120)
    page = await visitor.visit("/history?text=062")
    await expect(lines(page)).to_have_count(50)
    await expect(page.get_by_text("The latest 50 calls").last).to_be_visible()
    await page.get_by_role("link", name="Older calls").click()
    await expect(lines(page)).to_have_count(100)
    await expect(page.get_by_text("The latest 100 calls").last).to_be_visible()
    await expect(line(page, "06 20000050").get_by_role("link").first).to_be_focused()
    await page.get_by_role("link", name="Older calls").click()
    await expect(lines(page)).to_have_count(120)
    await expect(page.get_by_role("link", name="Older calls")).to_have_count(0)
    days = await page.locator(".day").evaluate_all("days => days.map(day => day.dataset.day)")
    assert days == sorted(set(days), reverse=True)


async def test_a_note_is_taken_in_place_with_the_keyboard(visitor: Visitor) -> None:
    page = await visitor.visit("/history?text=jos")
    await page.get_by_role("button", name="Note on the call with José").press("Enter")
    await page.keyboard.type("Wants an offer")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Note on the call with José")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("José wants <b>an offer</b>")
    await page.keyboard.press("Control+Enter")
    await expect(line(page, "José <b>García")).to_contain_text("José wants <b>an offer</b>")
    await expect(page.locator(".noted mark")).to_have_text("Jos")
    await expect(page.get_by_role("button", name="Note on the call with José")).to_be_focused()
    assert visitor.complaints == []


async def test_a_call_that_ends_comes_into_the_list(visitor: Visitor, pbx: DemoPbx) -> None:
    page = await visitor.visit("/history")
    await expect(lines(page)).to_have_count(7)
    focused = line(page, "José").get_by_role("link").first
    await focused.focus()
    await pbx.play("answered", speed=50.0)
    await expect(line(page, "Sanne")).to_be_visible()
    await expect(focused).to_be_focused()


async def test_arrows_go_from_name_to_name(visitor: Visitor) -> None:
    page = await visitor.visit("/history?missed=1")
    await page.get_by_role("searchbox").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("link", name="Piet", exact=True).first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("link", name="Piet", exact=True).last).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("searchbox")).to_be_focused()


async def test_what_is_found_is_exported(visitor: Visitor) -> None:
    page = await visitor.visit("/history")
    await page.get_by_role("searchbox").fill("piet")
    await expect(lines(page)).to_have_count(2)
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Export as a table").click()
    download = await downloading.value
    assert download.suggested_filename == "calls.csv"
    rows = (await download.path()).read_text("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert all("+31 30 111 2233" in row for row in rows[1:])


async def test_missed_calls_wait_until_somebody_has_talked_with_them(
    visitor: Visitor, daemon: Daemon
) -> None:
    page = await visitor.visit("/history")
    await page.get_by_role("link", name="To call back 1").click()
    await expect(lines(page)).to_have_count(1)
    await expect(line(page, "Piet")).to_contain_text("2 times")
    await expect(page.get_by_role("button", name="Call back Piet")).to_be_visible()
    await picture(page, "to-call-back")
    past.talk(daemon.history, "+31301112233", datetime.now().astimezone())
    await page.reload()
    await expect(page.get_by_role("heading", name="Nobody waits for you")).to_be_visible()
    assert await faults(page) == []


async def test_of_many_missed_calls_the_latest_are_shown_first(visitor: Visitor, daemon: Daemon) -> None:
    await past.remember_many(daemon.history, datetime.now().astimezone(), 60, Outcome.MISSED)
    page = await visitor.visit("/history/to-call-back")
    await expect(lines(page)).to_have_count(50)
    await expect(page.get_by_text("The latest 50 of 61.")).to_be_visible()
    await page.get_by_role("link", name="Show all").click()
    await expect(lines(page)).to_have_count(61)


async def test_the_own_phone_rings_for_a_call_back(visitor: Visitor) -> None:
    page = await visitor.visit("/history/to-call-back")
    await page.get_by_role("button", name="Call back Piet").click()
    await expect(page.get_by_role("button", name="Your phone rings")).to_be_visible()


async def test_a_number_that_costs_much_is_asked_about(visitor: Visitor) -> None:
    page = await visitor.visit("/history?text=0900")
    await page.get_by_role("button", name="Call <script>").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await picture(page, "dial-question")
    assert await faults(page) == []
    await dialog.get_by_role("button", name="Call nobody").press("Enter")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="Call <script>").press("Enter")
    await dialog.get_by_role("button", name="Call 0900").press("Enter")
    await expect(page.get_by_role("button", name="Your phone rings")).to_be_visible()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(visitor: Visitor, width: int, scheme: str) -> None:
    page = await visitor.visit("/history?whose=all&text=a+0", width=width, scheme=scheme)
    await page.get_by_role("searchbox").fill("")
    await expect(lines(page)).to_have_count(8)
    await page.get_by_role("button", name="Note on the call with Jan").click()
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"history-{width}-{scheme}")


async def test_a_history_without_calls_says_what_will_be_there(
    run: Callable[[Path], AbstractAsyncContextManager[Daemon]], settings_file: Path
) -> None:
    async with run(settings_file) as daemon, visiting(daemon.pages.invite) as visitor:
        page = await visitor.visit("/history", width=NARROW)
        await expect(page.get_by_role("heading", name="There are no calls yet")).to_be_visible()
        assert await faults(page) == []
        assert await overflow(page) == 0
        await picture(page, "history-empty")
        await page.get_by_role("link", name="To call back").click()
        await expect(page.get_by_role("heading", name="Nobody waits for you")).to_be_visible()
