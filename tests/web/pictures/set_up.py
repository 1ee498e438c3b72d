"""The picture of `bubbled setup --browser`: all questions are answered, and nothing is written yet."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from playwright.async_api import expect

from bubbled.pbx.demo import CONTACTS, DemoPbx
from tests.web.pictures.camera import Camera
from tests.web.pictures.office import NOW, home
from tests.web.settings.test_setup import setting_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.async_api import Page

_SHEETS: Final[tuple[tuple[Mapping[str, str], str], ...]] = (
    ({"pbx.host": "localhost"}, "pbx.secret"),
    ({"pbx.secret": "made-up"}, "me.extension"),
    ({"me.extension": "101"}, "me.region"),
    ({}, "directory.kind"),
    ({}, "directory.path"),
    ({"directory.path": "~/customers.csv", "try.number": "06 12345678"}, "links"),
)
"""What is answered on each sheet, by the names of its inputs, and an input of the sheet after it."""


async def picture_of_the_page(language: str, images: Path) -> None:
    """Answer all questions, and take a picture of the last one with what was found."""
    with home(language) as (folder, patch):
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        shutil.copy(CONTACTS, folder / "customers.csv")
        async with (
            DemoPbx(port=5038, secret="made-up"),
            setting_up(folder / ".config" / "bubbled" / "config.toml", []) as visitor,
        ):
            visitor.at = NOW
            camera = Camera(visitor, language, images)
            page = await camera.visit("/")
            for answers, after in _SHEETS:
                await _answer(page, answers, after)
            await page.locator(".steps a[href$=contacts]").click()
            await camera.keep(page, "page-setup", last=page.locator("section").first)


async def _answer(page: Page, answers: Mapping[str, str], after: str) -> None:
    for name, answer in answers.items():
        await page.locator(f'[name="{name}"]').fill(answer)
    await page.locator("button.primary").click()
    await expect(page.locator(f'[name="{after}"]').first).to_be_attached(timeout=20_000)
