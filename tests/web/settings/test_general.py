from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop

COMMENT = "# Popups: ask Alice before you change this"


@pytest.fixture
def settings_file(settings_file: Path) -> Path:
    settings_file.write_text(
        settings_file.read_text().replace("[popup]\n", f"{COMMENT}\n[popup]  # mine\ninbound = true # yes\n")
    )
    return settings_file


def text_of(file: Path) -> str:
    return file.read_text()


async def test_a_setting_is_changed_applied_and_undone_and_comments_stay(
    visitor: Visitor, settings_file: Path, daemon: Daemon
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit("/settings")
    await page.get_by_role("heading", name="Popups", exact=True).click()
    section = page.locator('[id="popup"]')
    await section.get_by_label("Incoming calls").select_option("No")
    await section.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved and applied.")).to_be_visible()
    assert daemon.settings.popup.inbound is False
    assert text_of(settings_file) == before.replace("inbound = true # yes", "inbound = false # yes")
    await page.get_by_role("button", name="Undo the last change").click()
    await expect(page.get_by_role("button", name="Undo the last change")).to_be_hidden()
    assert text_of(settings_file) == before
    assert daemon.settings.popup.inbound is True


async def test_what_was_not_touched_does_not_come_into_the_file(
    visitor: Visitor, settings_file: Path
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit("/settings")
    for section in await page.locator("details.section").all():
        key = await section.get_attribute("id")
        page = await visitor.visit("/settings")
        await page.locator(f'[id="{key}"] summary').click()
        await page.locator(f'[id="{key}"]').get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved and applied.")).to_be_visible()
    assert text_of(settings_file) == before


async def test_a_mistake_is_told_at_its_field_and_nothing_is_written(
    visitor: Visitor, settings_file: Path
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit("/settings")
    await page.locator('[id="dial"] summary').click()
    field = page.get_by_label("Ringing time")
    await field.fill("half a minute")
    await field.press("Enter")
    await expect(page.get_by_role("alert").first).to_contain_text("dial.ring_s")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_value("half a minute")
    assert text_of(settings_file) == before
    await picture(page, "settings-mistake")


async def test_a_secret_is_never_told_and_stays_unless_it_is_changed(
    visitor: Visitor, settings_file: Path
) -> None:
    page = await visitor.visit("/settings")
    await page.locator('[id="pbx"] summary').click()
    assert "s3cret" not in await page.content()
    await page.get_by_label("Where it is kept").first.select_option(label="In the environment variable")
    await (
        page.locator('[id="pbx"]')
        .get_by_placeholder("The secret, or the name of its place")
        .fill("NO_SUCH_ONE")
    )
    await page.locator('[id="pbx"]').get_by_role("button", name="Save").click()
    await expect(page.get_by_text("NO_SUCH_ONE")).to_be_visible()  # it cannot be fetched, so it is taken back
    assert 'secret = "s3cret"' in text_of(settings_file)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(visitor: Visitor, width: int, scheme: str) -> None:
    page = await visitor.visit("/settings", width=width, scheme=scheme)
    await picture(page, f"settings-closed-{width}-{scheme}")
    for summary in await page.locator("summary").all():
        await summary.click()
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"settings-{width}-{scheme}")
