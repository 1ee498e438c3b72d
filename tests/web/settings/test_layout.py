from __future__ import annotations

import asyncio
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect
from yarl import URL

from tests.daemon.test_desktop import until
from tests.daemon.test_port import rewrite
from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Dialog, Locator, Page, Route

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor
    from tests.web.settings.script import Script

PAGE = "/settings/layout"
LAYOUT = """
# How our popups look: agreed with Bob.
[popup.layout]
headline = "$name" # the name alone
lines = [
    "$company", # who pays
    "$number_formatted",
]
"""
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def settings_file(settings_file: Path) -> Path:
    settings_file.write_text(settings_file.read_text() + LAYOUT)
    return settings_file


def text_of(file: Path) -> str:
    return file.read_text()


def layout_in(file: Path) -> Any:
    return tomllib.loads(file.read_text())["popup"].get("layout")


def line(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Line {number}", exact=True)


def bubble(page: Page) -> Locator:
    return page.get_by_role("article")


async def saved(page: Page) -> None:
    await expect(page.get_by_text("not saved yet")).to_be_visible()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("not saved yet")).to_be_hidden()


@pytest.mark.desktop
async def test_what_is_typed_is_seen_at_once_and_once_saved_in_the_popup_of_the_next_call(
    visitor: Visitor, settings_file: Path, pbx: DemoPbx
) -> None:
    page = await visitor.visit(PAGE)
    await expect(bubble(page)).to_contain_text("Bakkerij De Vries")
    await page.get_by_label("Headline").fill("Call of ${name|upper}")
    await expect(bubble(page).get_by_role("heading", name="Call of JAN JANSEN")).to_be_visible()
    await line(page, 2).fill("In $city, says $directory")
    await expect(bubble(page)).to_contain_text("In Utrecht, says Customers")
    await page.get_by_label("Picture").fill("/nowhere/$name.png")
    await expect(page.get_by_text("none that could be shown is at /nowhere/Jan Jansen.png")).to_be_visible()
    await page.get_by_label("Picture").fill("")
    await picture(page, "layout-typed")
    await saved(page)
    await expect(page.get_by_text("not saved yet")).to_be_hidden()
    text = text_of(settings_file)
    assert 'headline = "Call of ${name|upper}" # the name alone' in text
    assert "# How our popups look: agreed with Bob." in text
    assert '"$company", # who pays' in text
    calls = await visitor.visit("/")
    playing = asyncio.create_task(pbx.play("answered"))
    await expect(bubble(calls)).to_contain_text("Call of SANNE DE VRIES")
    await expect(bubble(calls)).to_contain_text("In Utrecht, says Customers")
    await playing
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_a_mistake_is_shown_at_the_line_that_has_it_and_nothing_is_saved(
    visitor: Visitor, settings_file: Path
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit(PAGE)
    await line(page, 2).fill("${number|nationaal}")
    await expect(line(page, 2)).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#lines .field").nth(1)).to_contain_text("did you mean 'national'?")
    await expect(page.get_by_text("before the mistake")).to_be_visible()
    await picture(page, "layout-mistake")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(line(page, 2)).to_be_focused()
    assert text_of(settings_file) == before
    await line(page, 2).fill("$compny")
    await expect(page.locator("#lines .field").nth(1)).to_contain_text("did you mean $company?")
    await expect(line(page, 2)).not_to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_text("before the mistake")).to_be_hidden()


@pytest.mark.desktop
async def test_variables_and_filters_are_found_and_put_in_with_the_keyboard_alone(visitor: Visitor) -> None:
    page = await visitor.visit(PAGE)
    await expect(page.get_by_role("button", name="$name Jan Jansen")).to_be_visible()
    await line(page, 1).focus()
    await page.keyboard.press("End")
    await page.keyboard.type(" in ")
    await page.get_by_label("Search for what can be inserted").focus()
    await page.keyboard.type("utrecht")
    await expect(page.locator(".legend li:visible")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(line(page, 1)).to_have_value("$company in $city")
    await expect(line(page, 1)).to_be_focused()
    await expect(bubble(page)).to_contain_text("Bakkerij De Vries in Utrecht")
    await page.get_by_label("Search for what can be inserted").fill("in capitals")
    await page.get_by_role("button", name="|upper").focus()
    await page.keyboard.press("Enter")
    await expect(line(page, 1)).to_have_value("$company in ${city|upper}")
    await expect(bubble(page)).to_contain_text("in UTRECHT")


@pytest.mark.desktop
async def test_lines_are_ordered_added_and_removed_by_mouse_and_keyboard(
    visitor: Visitor, settings_file: Path
) -> None:
    page = await visitor.visit(PAGE)
    await line(page, 2).press("Enter")
    await page.keyboard.type("$via")
    await expect(line(page, 3)).to_have_value("$via")
    await line(page, 3).press("Alt+ArrowUp")
    await expect(line(page, 2)).to_be_focused()
    await page.get_by_role("button", name="Line 1: down").click()
    await expect(line(page, 1)).to_have_value("$via")
    await page.locator("#lines .grip").nth(2).drag_to(line(page, 1), target_position={"x": 9, "y": 2})
    await expect(line(page, 1)).to_have_value("$number_formatted")
    await page.get_by_role("button", name="Line 3: remove").click()
    await expect(line(page, 2)).to_be_focused()
    await saved(page)
    assert layout_in(settings_file)["lines"] == ["$number_formatted", "$via"]


@pytest.mark.desktop
async def test_back_to_bubbleds_own_and_an_undo(visitor: Visitor, settings_file: Path) -> None:
    before = text_of(settings_file)
    page = await visitor.visit(PAGE)
    await page.get_by_role("button", name="Back to bubbled's own").click()
    await expect(line(page, 6)).to_have_value("$unanswered")
    await saved(page)
    assert not layout_in(settings_file)
    await page.get_by_role("button", name="Undo last save").click()
    await expect(line(page, 2)).to_have_value("$number_formatted")
    assert text_of(settings_file) == before


@pytest.mark.desktop
async def test_who_is_important_is_chosen_or_written(visitor: Visitor, settings_file: Path) -> None:
    page = await visitor.visit(PAGE)
    await page.get_by_text("Who is important").click()
    await page.get_by_label("Who", exact=True).select_option("an address book knows them")
    await page.get_by_label("And the variable").fill("category")
    await page.get_by_label("Comparison").select_option("contains")
    await page.get_by_label("Value").fill("gold")
    written = page.get_by_label("As it is written")
    await expect(written).to_have_value("matched and 'gold' in category")
    await expect(bubble(page).get_by_role("img", name="Important")).to_be_visible()
    await saved(page)
    assert tomllib.loads(text_of(settings_file))["popup"]["vip"] == "matched and 'gold' in category"
    await page.reload()
    await expect(page.get_by_label("Comparison")).to_have_value("in")
    await written.fill("inbound or (matched and $vip)")
    await expect(page.get_by_text("more than the choices above can say")).to_be_visible()
    await expect(page.get_by_label("Which way")).to_be_disabled()
    await written.fill("inbound and")
    await expect(written).to_have_attribute("aria-invalid", "true")


@pytest.mark.desktop
async def test_leaving_with_changes_asks(visitor: Visitor) -> None:
    page = await visitor.visit(PAGE)
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", stay)
    await page.get_by_role("link", name="Buttons").click()
    await expect(page).to_have_url(re.compile("/settings/buttons$"))
    await page.go_back()
    assert asked == []
    await line(page, 1).fill("$name")
    await page.get_by_role("link", name="Buttons").click()
    await expect(page).to_have_url(re.compile("/settings/buttons$"))
    assert asked == ["beforeunload"]


@pytest.mark.desktop
async def test_a_real_call_is_shown_as_it_rang_and_names_are_only_text(
    visitor: Visitor, settings_file: Path, pbx: DemoPbx
) -> None:
    await pbx.play("answered", speed=50.0)
    page = await visitor.visit(PAGE)
    await page.get_by_label("For this call").select_option(index=6)
    await expect(bubble(page)).to_contain_text("Calling you")
    await expect(bubble(page)).to_contain_text("Tulip Cycles")
    await expect(page.get_by_role("button", name="$account manager")).to_have_count(0)
    await expect(page.get_by_role("button", name="${account manager} Alice")).to_be_visible()
    await line(page, 1).fill(HOSTILE)
    await expect(bubble(page)).to_contain_text(HOSTILE)
    await line(page, 2).fill("$name \u202e" + "x" * 10_000)
    await expect(line(page, 2)).to_have_attribute("aria-invalid", "true")
    await line(page, 2).fill("")
    await saved(page)
    assert layout_in(settings_file)["lines"] == [HOSTILE]
    await page.reload()
    await expect(line(page, 1)).to_have_value(HOSTILE)
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_a_call_that_is_erased_meanwhile_is_told_once(
    visitor: Visitor, daemon: Daemon, pbx: DemoPbx
) -> None:
    await pbx.play("answered", speed=50.0)
    page = await visitor.visit(PAGE)
    await page.get_by_label("For this call").select_option(index=6)
    await expect(bubble(page)).to_contain_text("Sanne")
    await daemon.history.forget("+31612345678")
    for number in range(3):
        async with page.expect_response(lambda response: response.status == 409):
            await line(page, 1).fill(f"$name {number}")
    await expect(page.locator("#toasts .toast")).to_have_text(
        ["That call is not in the history any more; choose another one."]
    )
    await page.get_by_label("For this call").select_option(index=0)
    await expect(bubble(page)).to_contain_text("Jan Jansen 2")


@pytest.mark.desktop
async def test_an_example_comes_on_the_screen(visitor: Visitor, daemon: Daemon) -> None:
    page = await visitor.visit(PAGE)
    await page.get_by_label("Headline").fill("Not saved: $name")
    await page.get_by_role("button", name="Show example on my screen").click()
    await expect(page.get_by_text("on your screen for a minute")).to_be_visible()
    await until(lambda: "Not saved: Jan Jansen" in [each.headline for each in daemon.desk.popups.values()])


@pytest.mark.desktop
@pytest.mark.parametrize(("path", "script"), [(PAGE, "layout.js"), ("/settings/buttons", "buttons.js")])
async def test_nothing_can_be_typed_that_would_be_lost_while_the_page_still_loads(
    visitor: Visitor, path: str, script: str
) -> None:
    page = await visitor.visit("/settings")
    arrives = asyncio.Event()

    async def held(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await page.route(f"**/static/{script}", held)
    await page.goto(str(URL(page.url).with_path(path)), wait_until="commit")
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    arrives.set()
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_whoever_saves_second_is_told(visitor: Visitor, settings_file: Path) -> None:
    page = await visitor.visit(PAGE)
    await line(page, 1).fill("$city")
    rewrite(settings_file, lambda text: text + "# by hand\n")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#toasts")).to_contain_text("changed meanwhile")
    assert "$city" not in text_of(settings_file)


@pytest.mark.desktop
async def test_settings_that_cannot_be_used_are_repaired_first(visitor: Visitor, settings_file: Path) -> None:
    page = await visitor.visit("/")
    rewrite(settings_file, lambda text: text.replace('headline = "$name"', "headline = 7"))
    await page.goto(page.url.rstrip("/") + PAGE)
    await expect(page.get_by_role("alert").first).to_contain_text("popup.layout.headline")
    await expect(page.get_by_role("link", name="Repair it")).to_be_visible()


@pytest.mark.desktop
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(visitor: Visitor, width: int, scheme: str) -> None:
    page = await visitor.visit(PAGE, width=width, scheme=scheme)
    await page.get_by_text("Who is important").click()
    await line(page, 1).fill("${x|y}")
    await expect(line(page, 1)).to_have_attribute("aria-invalid", "true")
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"layout-{width}-{scheme}")


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("", {"digest": "x", "wished": {"password": "x"}}),
        ("", {"digest": 1, "wished": {}}),
        ("", {"digest": "x", "wished": []}),
        ("/preview", {"scene": ["ringing"]}),
        ("/preview", {"popup": {"layout": {"headline": "\ud800"}}}),
        ("/preview", []),
        ("/press", {"button": "1"}),
        ("/press", {"button": True}),
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(
    script: Script, settings_file: Path, resource: str, body: Any
) -> None:
    before = text_of(settings_file)
    status, answer = await script.post(PAGE + resource, body)
    assert (status, list(answer)) == (400, ["error"])
    assert text_of(settings_file) == before


async def test_the_settings_say_no_more_than_the_editor_knows(script: Script, settings_file: Path) -> None:
    """Nothing else of the section is touched, and nothing at all where nothing was changed."""
    before = text_of(settings_file)
    state = await _state(script)
    wished = {"headline": "$name", "lines": ["$company", "$number_formatted"]}
    assert (await script.post(PAGE, {"digest": state, "wished": wished}))[0] == 200
    assert text_of(settings_file) == before


async def test_a_mistake_is_told_by_its_key_and_nothing_is_written(
    script: Script, settings_file: Path
) -> None:
    before = text_of(settings_file)
    body = {"digest": await _state(script), "wished": {"lines": ["$name", "${name|x}"], "hide_after_s": "x"}}
    status, answer = await script.post(PAGE, body)
    assert (status, [each["key"] for each in answer["mistakes"]]) == (
        422,
        ["popup.hide_after_s", "popup.layout.lines[2]"],
    )
    assert text_of(settings_file) == before


async def _state(script: Script) -> str:
    """The digest of the settings, as the page gets it."""
    _, text = await script.get(PAGE)
    return text.partition('"digest": "')[2][:64]
