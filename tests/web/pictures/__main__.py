"""All pictures, in the order of the guide; as arguments the folder and the languages, if not all of them."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.async_api import expect

from bubbled.pbx.demo import SCENES
from tests.web.browsing import NARROW, visiting
from tests.web.pictures.camera import Camera
from tests.web.pictures.office import NOW, office
from tests.web.pictures.set_up import picture_of_the_page
from tests.web.pictures.terminal import picture_of_setup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from playwright.async_api import Page

    from tests.web.pictures.office import Office

IMAGES: Final = Path(__file__).parents[3] / "docs" / "images"
LANGUAGES: Final = ("en", "nl")
RECORDINGS: Final = Path(sys.modules["bubbled.pbx.demo"].__file__ or "").with_name("recordings")

_UNHURRIED_S: Final = 5.0
"""How long a phone rings whose popup is to be seen."""


async def main(images: Path, languages: tuple[str, ...]) -> None:
    """Take them all."""
    if "en" in languages:
        await picture_of_setup(images)
    for language in languages:
        await picture_of_the_page(language, images)
        async with office(language) as house, visiting(house.daemon.pages.invite) as visitor:
            visitor.at = NOW
            camera = Camera(visitor, language, images)
            await _earlier_today(house)
            for take in (_call, _calls, _reasons, _settings, _editors):
                await take(house, camera)


async def _earlier_today(house: Office) -> None:
    """Let a call ring while popups are muted, and another at a colleague's phone alone."""
    with _at(house, hour=13, minute=20):
        await _rings_at_carol(house)
    with _at(house, hour=13, minute=52):
        house.daemon.muting.mute(NOW.replace(hour=14, minute=0, second=0))
        await house.pbx.play("missed")
    await house.daemon.muting.unmute()


@contextmanager
def _at(house: Office, *, hour: int, minute: int) -> Iterator[None]:
    """Be at an earlier minute of the day, of which the daemon then tells what the PBX said."""
    moment = NOW.replace(hour=hour, minute=minute, second=4)
    _look(house, moment - timedelta(minutes=2))
    _look(house, moment)
    with house.clock.running(moment):
        yield
    _look(house, moment + timedelta(minutes=1))


def _look(house: Office, at: datetime) -> None:
    """Let the daemon write down what it has seen, as it does at the end of each minute."""
    with house.clock.running(at):
        house.daemon.vigil.look()


async def _rings_at_carol(house: Office) -> None:
    recorded = (RECORDINGS / "in-cancelled.ami").read_bytes()
    copy = house.settings_file.with_name("carol.ami")
    copy.write_bytes(recorded.replace(b"PJSIP/101", b"PJSIP/103"))
    timing = RECORDINGS / "in-cancelled.timing.jsonl"
    copy.with_name("carol.timing.jsonl").write_bytes(timing.read_bytes())
    scene = replace(SCENES["missed"], recording=str(copy.with_suffix("")))
    await house.pbx._play(scene, 1.0, None)


async def _call(house: Office, camera: Camera) -> None:
    pages = {"page-now": await camera.visit("/")}
    if camera.language == "en":
        pages["page-now-dark"] = await camera.visit("/", scheme="dark")
        pages["page-narrow"] = await camera.visit("/", width=NARROW)
    playing = asyncio.create_task(house.pbx.play("answered", step_s=_UNHURRIED_S))
    for name, page in pages.items():
        await expect(page.locator("article")).to_contain_text("Tulip Cycles")
        await camera.keep(page, name, last=page.locator(".calls > li").nth(2))
    await playing


async def _calls(_house: Office, camera: Camera) -> None:
    page = await camera.visit("/history?text=noor&whose=all")
    await camera.keep(page, "page-calls", last=page.locator("#results"))
    page = await camera.visit("/history/person?number=%2B31612345678")
    await expect(page.locator("#answers")).to_contain_text("CRM")
    await camera.keep(page, "page-person", last=page.locator(".notes"))
    page = await camera.visit("/history/to-call-back")
    await camera.keep(page, "page-call-back")


async def _reasons(_house: Office, camera: Camera) -> None:
    page = await camera.visit("/diagnosis")
    await expect(page.locator("#checks")).to_have_attribute("aria-busy", "false")
    await camera.keep(page, "page-diagnosis", last=page.locator("section").nth(1))
    await page.locator(".no-popup").first.locator("xpath=ancestor::tr").get_by_role("link").last.click()
    await camera.keep(page, "page-why", last=page.locator("section").last)
    page = await camera.visit(f"/diagnosis/at?day={NOW:%Y-%m-%d}&time=13:20")
    await camera.keep(page, "page-moment", last=page.locator("section").last)


async def _settings(house: Office, camera: Camera) -> None:
    page = await camera.visit("/settings")
    await page.locator("details#popup > summary").click()
    await camera.keep(page, "page-settings")
    page = await camera.visit("/settings/directories")
    await page.locator("#number").fill("06 12345678")
    await page.keyboard.press("Enter")
    await expect(page.locator("#answers li")).to_have_count(2)
    await camera.keep(page, "page-directories", last=page.locator("section").last)
    page = await camera.visit("/settings/phones")
    await camera.keep(page, "page-phones", last=page.locator("section").last)
    text = house.settings_file.read_text()
    house.settings_file.write_text(text.replace('region = "NL"', 'regio = "NL"'))
    page = await camera.visit("/settings/file")
    await camera.keep(page, "page-file", most=680)
    house.settings_file.write_text(text)


async def _editors(_house: Office, camera: Camera) -> None:
    page = await camera.visit("/settings/layout")
    await _of_sanne(page)
    await page.locator("#lines input").nth(2).fill("Account manager: ${account manager}")
    await expect(page.locator("#preview")).to_contain_text("Account manager: Alice")
    await camera.keep(page, "page-layout", last=page.locator("#image"))
    page = await camera.visit("/settings/buttons")
    await _of_sanne(page)
    await page.locator("#begin").click()
    await page.locator("#buttons .toggle").nth(1).click()
    await expect(page.locator("#preview button").first).to_be_visible()
    await camera.keep(page, "page-buttons", last=page.locator("#add"))


async def _of_sanne(page: Page) -> None:
    """Have the popup beside an editor be that of a call of hers."""
    choice = page.locator("#whose")
    call = await choice.locator("option", has_text="Sanne").first.get_attribute("value")
    await choice.select_option(call)
    await expect(page.locator("#preview")).to_contain_text("Tulip Cycles")


if __name__ == "__main__":
    folder, *languages = sys.argv[1:] or (str(IMAGES), *LANGUAGES)
    asyncio.run(main(Path(folder), tuple(languages or LANGUAGES)))
