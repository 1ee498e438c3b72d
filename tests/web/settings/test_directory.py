from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bubbled.settings.loading import load
from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop

PATH = "/settings/directories"


@pytest.fixture
def settings_file(settings_file: Path, folder: Path) -> Path:
    """With two directories more, one of them under a hostile name."""
    colleagues = folder / "colleagues.csv"
    colleagues.write_text("Name,Phone\nBob,+31612345678\n")
    more = "".join(
        f'\n# the comment above {number}\n[[directory]]\nname = {name}\nkind = "csv"\npath = "{colleagues}"\n'
        for number, name in enumerate(("'<img src=x onerror=alert(1)>'", '"Colleagues"'))
    )
    with settings_file.open("a") as file:
        file.write(more)
    return settings_file


def names(file: Path) -> list[str]:
    return [each.name for each in load(file).settings.directories]


def text_of(file: Path) -> str:
    return file.read_text()


async def test_the_order_is_changed_with_the_keyboard_and_comments_go_along(
    visitor: Visitor, settings_file: Path, daemon: Daemon
) -> None:
    page = await visitor.visit(PATH)
    await page.get_by_role("button", name="Colleagues: up").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    await expect(page.get_by_role("button", name="Colleagues: up")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#order strong").first).to_have_text("Colleagues")
    await expect(page.get_by_role("button", name="Colleagues: up")).to_be_disabled()
    assert names(settings_file) == ["Colleagues", "Customers", "<img src=x onerror=alert(1)>"]
    assert '# the comment above 1\n[[directory]]\nname = "Colleagues"' in text_of(settings_file)
    assert [each.name for each in daemon.desk.lookup.directories] == names(settings_file)


async def test_the_order_is_changed_by_dragging(visitor: Visitor, settings_file: Path) -> None:
    page = await visitor.visit(PATH)
    await (
        page.locator("#order li")
        .nth(2)
        .drag_to(page.locator("#order li").nth(0), target_position={"x": 9, "y": 3})
    )
    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert names(settings_file)[0] == "Colleagues"


async def test_each_directory_tells_who_a_number_is_and_how_fast(visitor: Visitor) -> None:
    page = await visitor.visit(PATH)
    await page.get_by_label("A phone number").fill("06 12345678")
    await page.keyboard.press("Enter")
    answers = page.locator("#answers li")
    await expect(answers).to_have_count(3)
    await expect(answers.nth(0)).to_contain_text("Sanne de Vries, Tulip Cycles")
    await expect(answers.nth(0)).to_contain_text(" ms")
    await expect(answers.nth(2)).to_contain_text("Bob")
    await picture(page, "directories-test")
    await page.get_by_label("A phone number").fill("no number")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("That is no phone number")).to_be_visible()


async def test_whoever_saves_second_is_told_and_nothing_is_lost(
    visitor: Visitor, settings_file: Path
) -> None:
    first, second = await visitor.visit(PATH), await visitor.visit(PATH)
    await first.get_by_role("button", name="Colleagues: up").click()
    await expect(first.get_by_role("status")).to_contain_text("Saved")
    text = text_of(settings_file)
    await second.get_by_role("button", name="Customers: down").click()
    await expect(second.get_by_role("status")).to_contain_text("changed")
    assert text_of(settings_file) == text


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(visitor: Visitor, width: int, scheme: str) -> None:
    page = await visitor.visit(PATH, width=width, scheme=scheme)
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"directories-{width}-{scheme}")


async def test_a_directory_is_added_changed_and_removed(
    visitor: Visitor, settings_file: Path, daemon: Daemon, folder: Path
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit(PATH)
    await page.get_by_role("link", name="Add a directory").click()
    await picture(page, "directory-kinds")
    assert await faults(page) == []
    await page.get_by_role("link", name="CSV").click()
    await page.get_by_label("Name", exact=False).first.fill("Suppliers")
    await page.get_by_label("File").first.fill("~/no such file.csv")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Directories", exact=True)).to_be_visible()
    assert names(settings_file)[-1] == "Suppliers"
    await page.get_by_role("link", name="Change Suppliers").click()
    await page.get_by_label("File").first.fill(str(folder / "colleagues.csv"))
    await picture(page, "directory-change")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("list").get_by_text("1 contact").first).to_be_visible()
    assert daemon.desk.lookup.directories[-1].name == "Suppliers"
    await page.get_by_role("link", name="Change Suppliers").click()
    await page.get_by_role("button", name="Remove this directory").click()
    await expect(page.get_by_role("heading", name="Directories", exact=True)).to_be_visible()
    assert text_of(settings_file) == before


async def test_a_directory_that_cannot_be_is_told_at_its_field(visitor: Visitor, settings_file: Path) -> None:
    before = text_of(settings_file)
    page = await visitor.visit(f"{PATH}/new?kind=ldap")
    await page.get_by_label("Name").first.fill("Customers")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("url")
    await expect(page.locator('[aria-invalid="true"]').first).to_be_visible()
    assert text_of(settings_file) == before
    assert await faults(page) == []
    await picture(page, "directory-mistake")
