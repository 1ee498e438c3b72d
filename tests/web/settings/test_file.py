from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bubbled.settings.loading import load
from tests.web.browsing import NARROW, faults, overflow, picture

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop


def text_of(file: Path) -> str:
    return file.read_text()


def break_it(file: Path) -> None:
    """As an editor that was left in the middle of a line."""
    file.write_text(file.read_text().replace('screen = "terminal"', "screen = terminal\nlines = [1,"))


async def test_a_broken_file_is_shown_with_the_line_and_repaired_in_the_page(
    visitor: Visitor, settings_file: Path
) -> None:
    break_it(settings_file)
    page = await visitor.visit("/settings")
    await expect(page.get_by_role("alert").first).to_contain_text("Line 12")
    await page.get_by_role("link", name="Repair it").click()
    editor = page.get_by_label("Text of the file")
    assert "s3cret" not in await page.content()
    text = await editor.input_value()
    assert "«secret-" in text
    await picture(page, "settings-file-broken")
    await editor.fill(text.replace("screen = terminal\nlines = [1,", 'screen = "terminal"'))
    await page.get_by_role("button", name="Only check").click()
    await expect(page.get_by_role("status")).to_contain_text("no mistake")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Saved and applied.")).to_be_visible()
    assert 'secret = "s3cret"' in text_of(settings_file)
    assert load(settings_file)


async def test_a_mistake_leads_to_its_line(visitor: Visitor, settings_file: Path) -> None:
    page = await visitor.visit("/settings/file", width=NARROW)
    editor = page.get_by_label("Text of the file")
    await editor.fill((await editor.input_value()).replace('region = "NL"', 'regio = "NL"'))
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Line 5").click()
    selected = "value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    assert await page.evaluate(f"document.activeElement.{selected}") == 'regio = "NL"'
    assert 'region = "NL"' in text_of(settings_file)
    assert await faults(page) == []
    assert await overflow(page) == 0


async def test_what_an_editor_changed_meanwhile_is_not_overwritten(
    visitor: Visitor, settings_file: Path
) -> None:
    page = await visitor.visit("/settings/file")
    changed = text_of(settings_file) + "\n# by my editor\n"
    settings_file.write_text(changed)  # noqa: ASYNC240 - a small file
    editor = page.get_by_label("Text of the file")
    await editor.fill(await editor.input_value() + "\n# by the page\n")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("changed")
    assert text_of(settings_file) == changed
