from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from bubbled.web.language import language

if TYPE_CHECKING:
    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor

FAST = 1000


@pytest.mark.parametrize(
    ("accepted", "name"),
    [
        ("nl", "nl"),
        ("NL-be", "nl"),
        ("nl-NL,nl;q=0.9,en-US;q=0.8,en;q=0.7", "nl"),
        ("en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("en;q=0.5, nl;q=0.6", "nl"),
        ("nl ; q=0.2 , en ; q=0.3", "en"),
        ("en,nl", "en"),
        ("de,fr;q=0.9,nl;q=0.1", "nl"),
        ("de,fr;q=0.9", "en"),
        ("nl;q=0", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_a_browser_gets_the_language_that_it_likes_best(accepted: str, name: str) -> None:
    assert language(accepted).name == name


@pytest.mark.parametrize(
    "accepted",
    [
        "nl;q=lots",
        "nl;q=-1",
        "nl;q=nan",
        "../../nl",
        "nl/../../../etc",
        "nl\0",
        "\r\nnl: x",
        "<script>nl</script>",
        "{nl}%(nl)s",
        ";" * 10_000,
        "," * 10_000 + "nl",
        "de," * 10_000 + "nl",
        "nl-" * 10_000 + ";q=" + "9" * 10_000 + "x",
        "q=1;nl",
    ],
)
def test_a_hostile_wish_is_met_with_english(accepted: str) -> None:
    assert language(accepted).name == "en"


@pytest.mark.parametrize("accepted", ["nl;q=inf", "nl;q=1e999", "nl;level=1", "nl;q=", "de;q=nan,nl"])
def test_an_odd_weight_harms_nobody(accepted: str) -> None:
    assert language(accepted).name in {"en", "nl"}


@pytest.mark.desktop
async def test_who_reads_dutch_gets_dutch_pages(visitor: Visitor, daemon: Daemon, pbx: DemoPbx) -> None:
    daemon.muting.mute(None)
    await pbx.play("missed", speed=FAST)
    page = await visitor.visit("/diagnosis", language="nl-NL")
    await expect(page.locator("html")).to_have_attribute("lang", "nl")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Waarom kwam er geen popup?")
    await expect(page.get_by_role("row", name="gedempt")).to_be_visible()
    await expect(page.locator("#checks")).to_contain_text("ingelogd bij 127.0.0.1")
    await page.get_by_role("link", name="Waarom?").first.click()
    await expect(page.get_by_text("Er was geen popup: gedempt.")).to_be_visible()
    await expect(page.get_by_text("Geen popup: gedempt.", exact=True)).to_be_visible()


@pytest.mark.desktop
async def test_a_browser_of_another_tongue_gets_english(visitor: Visitor) -> None:
    page = await visitor.visit("/diagnosis", language="fr-FR")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Why did a popup not come?")
