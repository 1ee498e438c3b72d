from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from bubbled.settings.layout_file import check
from tests.daemon.test_port import rewrite

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import FilePayload

    from bubbled.daemon.daemon import Daemon
    from tests.web.browsing import Visitor
    from tests.web.settings.script import Script

PAGE = "/settings/layout"
MINE = """
# Mine, and dear to me.
[[button]]
label = "Copy"
copy = "$name"
"""
THEIRS = """
[popup]
inbound = false
[popup.layout]
headline = "$company"
[[button]]
label = "Shop"
run = ["/usr/local/bin/shop", "--for", "$number_e164"]
"""


@pytest.fixture
def settings_file(settings_file: Path) -> Path:
    settings_file.write_text(settings_file.read_text() + MINE)
    return settings_file


def text_of(file: Path) -> str:
    return file.read_text()


def document_in(file: Path) -> Any:
    return tomllib.loads(file.read_text())


@pytest.mark.desktop
async def test_a_layout_is_taken_over_from_a_file_once_its_changes_are_seen(
    visitor: Visitor, settings_file: Path
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit(PAGE)
    theirs: FilePayload = {"name": "theirs.toml", "mimeType": "application/toml", "buffer": THEIRS.encode()}
    await page.get_by_label("Take over a layout from a file").set_input_files(theirs)
    changes = page.get_by_role("list").filter(has_text="popup.inbound: as usual -> false")
    await expect(changes).to_contain_text("buttons: 1 -> 1")
    await page.get_by_role("button", name="Take it over").click()
    dialog = page.get_by_role("dialog", name="Start programs with a press?")
    await expect(dialog.locator("pre")).to_have_text("/usr/local/bin/shop\n--for\n$number_e164")
    await dialog.get_by_role("button", name="Do not save").click()
    assert text_of(settings_file) == before
    await page.get_by_role("button", name="Take it over").click()
    await dialog.get_by_role("button", name="I know them").click()
    await expect(page.get_by_label("Headline")).to_have_value("$company")
    found = document_in(settings_file)
    assert {key: found[key] for key in ("popup", "button")} == tomllib.loads(THEIRS)
    assert found["pbx"]["secret"] == "s3cret"
    await page.get_by_role("button", name="Undo last save").click()
    await expect(page.get_by_label("Headline")).to_have_value("$who")
    assert text_of(settings_file) == before
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_a_layout_is_given_away_as_a_file_or_it_is_said_why_not(
    visitor: Visitor, settings_file: Path
) -> None:
    page = await visitor.visit(PAGE)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download my layout").click()
    file = await (await coming.value).path()
    assert document_in(file)["button"] == [{"label": "Copy", "copy": "$name"}]
    rewrite(settings_file, lambda text: text.replace('"$name"', '"https://a:hunter2@b.example"'))
    await page.get_by_role("link", name="Download my layout").click()
    await expect(page.get_by_text("`bubbled layout export` writes it all the same")).to_be_visible()


async def test_what_is_given_away_is_a_layout_and_nothing_else(script: Script, tmp_path: Path) -> None:
    status, text = await script.get(f"{PAGE}/export")
    document = tomllib.loads(text)
    check(tmp_path, document, text)
    assert (status, document["button"]) == (200, [{"label": "Copy", "copy": "$name"}])
    assert "s3cret" not in text


async def test_a_layout_with_a_password_is_not_given_away_by_a_page(
    script: Script, settings_file: Path, daemon: Daemon
) -> None:
    rewrite(
        settings_file,
        lambda text: text.replace('copy = "$name"', 'open = "https://a:hunter2@b.example/$who"'),
    )
    await daemon.reload()
    status, text = await script.get(f"{PAGE}/export")
    assert status == 409
    assert "bubbled layout export" in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[popup", "line 1"),
        ("[popup]\ninbond = false", "did you mean 'inbound'?"),
        ('[me]\nextension = "9"', "is no part of a layout"),
        ("# nothing", "no settings"),
    ],
)
async def test_what_is_no_layout_is_told_with_its_line(script: Script, text: str, told: str) -> None:
    for resource in ("import/check", "import"):
        status, answer = await script.post(f"{PAGE}/{resource}", {"digest": "x", "text": text})
        assert status == 409
        assert told in answer["error"]


async def test_settings_that_cannot_be_used_are_repaired_first(script: Script, settings_file: Path) -> None:
    rewrite(settings_file, lambda text: text.replace("[[button]]", "button = 7\n[x]"))
    status, answer = await script.post(f"{PAGE}/import/check", {"text": THEIRS})
    assert (status, "repair them first" in answer["error"]) == (409, True)
    assert (await script.get(f"{PAGE}/export"))[0] == 409


async def test_programs_come_in_only_with_the_users_word(script: Script, settings_file: Path) -> None:
    before = text_of(settings_file)
    run = ["/usr/local/bin/shop", "--for", "$number_e164"]
    _, found = await script.post(f"{PAGE}/import/check", {"text": THEIRS})
    assert found["programs"] == [run]
    for agreed in (None, [], [[*run, "--more"]]):
        body = {"digest": "x", "text": THEIRS, "programs": agreed}
        assert await script.post(f"{PAGE}/import", body) == (200, {"programs": [run]})
    assert text_of(settings_file) == before


@pytest.mark.parametrize("body", [{}, {"text": 7}, {"text": "x" * 300_000}])
async def test_what_is_no_file_is_refused(script: Script, body: dict[str, Any]) -> None:
    assert (await script.post(f"{PAGE}/import/check", body))[0] == 400
