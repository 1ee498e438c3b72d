from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bubbled.model import CallId, Contact
from tests.web import past
from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from playwright.async_api import Page

    from bubbled.daemon.daemon import Daemon
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop

PAGE = "/history/person?number="
JAN = f"{PAGE}%2B31612345678"
FRAUD = f"{PAGE}%2B31900123456"


@pytest.fixture
async def daemon(
    run: Callable[[Path], AbstractAsyncContextManager[Daemon]], team_settings_file: Path
) -> AsyncIterator[Daemon]:
    """A daemon whose user has calls behind her."""
    async with run(team_settings_file) as daemon:
        await past.remember(daemon.history, datetime.now().astimezone())
        yield daemon


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def test_it_tells_who_it_is_and_what_was(visitor: Visitor) -> None:
    page = await visitor.visit("/history?text=jan")
    await page.get_by_role("link", name="Jan Jansen", exact=True).click()
    await expect(page.locator("#answers")).to_contain_text("Tulip Cycles")
    await heading(page, "Sanne de Vries")
    await expect(page.locator("#who")).to_contain_text("sanne@tulip-cycles.example")
    await expect(page.locator(".facts").filter(has_text="Last")).to_contain_text(
        "yesterday 12:00 with Bob, answered"
    )
    await expect(page.locator(".notes")).to_contain_text("you")
    await expect(page.locator(".notes")).to_contain_text("Ordered 20 more")
    await expect(page.locator(".call")).to_have_count(2)
    await picture(page, "person")
    await page.get_by_role("link", name="All calls with this number").click()
    await expect(page.locator(".call")).to_have_count(2)
    assert visitor.complaints == []


async def test_what_the_history_knows_is_there_before_the_directories_answer(visitor: Visitor) -> None:
    page = await visitor.visit(JAN, javascript=False)
    await heading(page, "Jan Jansen")
    await expect(page.locator("#who")).to_contain_text("Acme")


async def test_a_note_is_added_without_javascript(visitor: Visitor) -> None:
    page = await visitor.visit(JAN, javascript=False)
    await page.get_by_label("New note").fill("<b>Pays</b> late")
    await page.get_by_role("button", name="Keep the note").click()
    await expect(page.locator(".notes")).to_contain_text("Ordered 20 more of the blue ones <b>Pays</b> late")
    await page.reload()
    await expect(page.locator(".notes li")).to_have_count(1)


async def test_a_note_that_is_too_long_is_refused_and_not_lost(visitor: Visitor) -> None:
    page = await visitor.visit(JAN)
    await page.get_by_label("New note").fill("x" * 1990)
    await page.get_by_role("button", name="Keep the note").click()
    await expect(page.locator(".notes")).to_contain_text("xxx")
    await page.get_by_label("New note").fill("y" * 2000)
    await page.get_by_role("button", name="Keep the note").click()
    await expect(page.locator(".mistake")).to_contain_text("4000 characters")
    await expect(page.get_by_label("New note")).to_have_value("y" * 2000)
    assert await faults(page) == []


async def test_a_number_is_forgotten_when_it_is_typed_once_more(visitor: Visitor, daemon: Daemon) -> None:
    page = await visitor.visit(JAN)
    await page.get_by_text("Forget this number").click()
    await page.get_by_label("Type the number to be sure").fill("06 12345679")
    await page.get_by_role("button", name="Forget it").click()
    await expect(page.get_by_text("That is another number: nothing was erased.")).to_be_visible()
    assert await daemon.history.call(CallId(past.JAN)) is not None
    assert await faults(page) == []
    await picture(page, "person-forget")
    await page.get_by_label("Type the number to be sure").fill("06 12345678")
    await page.get_by_role("button", name="Forget it").click()
    await expect(page.get_by_role("status").filter(has_text="2 calls are erased")).to_be_visible()
    assert await daemon.history.call(CallId(past.JAN)) is None


async def test_the_number_is_copied_and_called(visitor: Visitor) -> None:
    page = await visitor.visit(JAN)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy the number").click()
    await expect(page.get_by_role("button", name="Copied: +31612345678")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "+31612345678"
    await page.get_by_role("button", name="Call", exact=True).click()
    await expect(page.get_by_role("button", name="Your phone rings")).to_be_visible()


async def test_of_a_number_without_calls_only_the_directories_know(visitor: Visitor) -> None:
    page = await visitor.visit(f"{PAGE}0205550121")
    await heading(page, "Jeroen Bakker")
    await expect(page.get_by_text("There were no calls with this number")).to_be_visible()
    await expect(page.get_by_text("Forget this number")).to_have_count(0)


@pytest.mark.parametrize(
    ("number", "headline", "told"),
    [
        ("0201234567", "020 123 4567", "Nobody knows yet who has this number"),
        ("102", "Bob", "Colleague"),
        ("101", "101", "This is your own phone"),
        ("", "This number was withheld", "cannot be told from others"),
        ("anonymous", "This number was withheld", "cannot be told from others"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>", "There is nobody to ask"),
    ],
)
async def test_whatever_is_asked_for_gets_a_page(
    visitor: Visitor, number: str, headline: str, told: str
) -> None:
    page = await visitor.visit("/history")
    await page.goto(f"{page.url.partition('/history')[0]}{PAGE}{number}")
    await heading(page, headline)
    await expect(page.locator("main")).to_contain_text(told)
    assert await faults(page) == []
    assert visitor.complaints == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(
    visitor: Visitor, daemon: Daemon, width: int, scheme: str
) -> None:
    daemon.history.contact(
        CallId(past.FRAUD),
        Contact(
            directory=past.HOSTILE,
            name=past.HOSTILE + "n" * 10_000,
            company=past.HOSTILE,
            fields=((past.HOSTILE, past.HOSTILE + "f" * 10_000), ("empty", "")),
            url="javascript:alert(3)",
            probable=True,
        ),
    )
    await daemon.history.settled()
    page = await visitor.visit(FRAUD, width=width, scheme=scheme)
    await expect(page.locator("#answers")).to_contain_text("does not know this number")
    await page.get_by_text("Forget this number").click()
    assert await page.locator('a[href^="javascript"]').count() == 0
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"person-{width}-{scheme}")
