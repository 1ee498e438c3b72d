from __future__ import annotations

import asyncio
import json
import os
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from bubbled.settings.button import ButtonSettings
from bubbled.web.settings.button import usual
from tests.daemon.test_button_guide import USUAL_AS_TOML
from tests.daemon.test_port import rewrite
from tests.web.browsing import NARROW, WIDE, faults, overflow, picture

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx
    from tests.web.browsing import Visitor
    from tests.web.settings.script import Script

PAGE = "/settings/buttons"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def buttons_in(file: Path) -> Any:
    return tomllib.loads(file.read_text()).get("button")


def text_of(file: Path) -> str:
    return file.read_text()


def card(page: Page, number: int) -> Locator:
    return page.locator("#buttons > li").nth(number - 1)


def bubble(page: Page) -> Locator:
    return page.get_by_role("article")


async def new_button(page: Page, label: str, does: str) -> Locator:
    await page.get_by_role("button", name="Add a button").click()
    made = page.locator("#buttons > li").last
    await made.get_by_label("What it says").fill(label)
    await made.get_by_label("What it does").select_option(does)
    return made


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()


async def saved(page: Page) -> None:
    await expect(page.get_by_text("not saved yet")).to_be_visible()
    await save(page)
    await expect(page.get_by_text("not saved yet")).to_be_hidden()


def test_what_one_starts_from_is_what_the_guide_says() -> None:
    assert usual(str) == tomllib.loads(USUAL_AS_TOML)["button"]


@pytest.mark.desktop
async def test_buttons_are_made_from_bubbleds_own_and_are_on_the_popup_of_the_next_call(
    visitor: Visitor, settings_file: Path, pbx: DemoPbx
) -> None:
    page = await visitor.visit(PAGE)
    await expect(page.get_by_text("Popups have bubbled's own buttons now")).to_be_visible()
    await expect(bubble(page).get_by_role("button", name="Callback mail")).to_be_visible()
    await page.get_by_role("button", name="Start from bubbled's own").click()
    made = await new_button(page, "Mail $name", "begins a mail")
    await made.get_by_label("To", exact=True).fill("$email")
    await made.get_by_label("Subject").fill("Your call")
    await made.get_by_label("Text", exact=True).fill("Dear $name,\n\nyou called.")
    for _ in range(5):
        await made.get_by_label("What it says").press("Alt+ArrowUp")
    await page.get_by_role("button", name="Button 2: remove").click()
    await expect(bubble(page).get_by_role("button").first).to_have_text("Mail Jan Jansen")
    await saved(page)
    assert [each["label"] for each in buttons_in(settings_file)] == [
        "Mail $name",
        "Open in CRM",
        "Search web",
        "Note",
        "Copy number",
    ]
    calls = await visitor.visit("/")
    playing = asyncio.create_task(pbx.play("answered"))
    await expect(bubble(calls).get_by_role("button")).to_have_text(
        ["Mail Sanne de Vries", "Note", "Copy number"]
    )
    await playing
    await page.get_by_role("button", name="Back to bubbled's own").click()
    await saved(page)
    assert buttons_in(settings_file) is None
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_a_button_says_what_it_would_do_and_why_it_is_not_there(visitor: Visitor) -> None:
    page = await visitor.visit(PAGE)
    made = await new_button(page, "Look up", "opens a page, or another address")
    await made.get_by_label("Address").fill("https://crm.example.com/?q=$name")
    tried = made.get_by_role("status")
    await expect(tried).to_have_text("It would open https://crm.example.com/?q=Jan%20Jansen")
    await made.get_by_text("When it is there:").click()
    await made.get_by_label("Which way").select_option("I call")
    await expect(made.get_by_label("As it is written")).to_have_value("outbound")
    await expect(tried).to_contain_text("its condition does not hold for this call")
    await page.get_by_label("For this call").select_option("You call the customer")
    await expect(tried).to_have_text("It would open https://crm.example.com/?q=Jan%20Jansen")
    await bubble(page).get_by_role("button", name="Look up").click()
    await expect(page.locator("#toasts")).to_contain_text("Look up: It would open https://crm.example.com/")
    await made.get_by_label("Address").fill("$fax")
    await expect(tried).to_contain_text("it would do nothing for this call")
    await made.get_by_label("Address").fill("file:///etc/passwd")
    await expect(made.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    await expect(tried).to_contain_text("before it is whole")


@pytest.mark.desktop
async def test_a_button_that_is_not_whole_yet_leaves_the_others_as_they_are(
    visitor: Visitor, settings_file: Path
) -> None:
    before = text_of(settings_file)
    page = await visitor.visit(PAGE)
    await new_button(page, "Note", "takes a note")
    made = await new_button(page, "", "calls a number")
    await expect(made.get_by_role("status")).to_have_text("It cannot be tried before it is whole.")
    await expect(card(page, 1).get_by_role("status")).to_have_text("It would take a note on the call")
    await expect(bubble(page).get_by_role("button")).to_have_text(["Note"])
    label, number = made.get_by_label("What it says"), made.get_by_label("Number", exact=True)
    await number.fill("$extension")
    await number.press("Tab")
    await expect(label).to_have_attribute("aria-invalid", "true")  # somebody was there and left it empty
    await expect(number).not_to_have_attribute("aria-invalid", "true")
    await made.locator(".toggle").click()
    await expect(label).to_be_hidden()
    await save(page)
    await expect(label).to_be_focused()
    assert text_of(settings_file) == before
    await label.fill("Ring me")
    await expect(bubble(page).get_by_role("button")).to_have_text(["Note", "Ring me"])
    await made.get_by_label("What it does").select_option("mutes popups")
    await expect(made.get_by_role("status")).to_have_text("It cannot be tried before it is whole.")
    await save(page)
    await expect(made).to_contain_text("must do one thing")


@pytest.mark.desktop
async def test_a_program_is_saved_only_when_its_arguments_are_agreed_to_and_done_only_when_asked(
    visitor: Visitor, settings_file: Path, tmp_path: Path
) -> None:
    before, pipe = text_of(settings_file), tmp_path / "pipe"
    os.mkfifo(pipe)
    page = await visitor.visit(PAGE)
    made = await new_button(page, "Shop", "starts a program")
    await expect(made.get_by_text("A press starts this program")).to_be_visible()
    arguments = ["sh", "-c", 'echo "$$1" > "$$0"', str(pipe), "$name"]
    await made.get_by_label("Program and its arguments").fill("\n".join(arguments))
    await expect(made.get_by_role("status")).to_contain_text("It would run: sh -c")
    await save(page)
    dialog = page.get_by_role("dialog", name="Start programs with a press?")
    await expect(dialog.locator("pre")).to_have_text("\n".join(arguments))
    await picture(page, "buttons-programs")
    await dialog.get_by_role("button", name="Do not save").click()
    assert text_of(settings_file) == before
    await save(page)
    await expect(dialog.get_by_role("button", name="Do not save")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Saved: popups have these buttons")).to_be_visible()
    assert buttons_in(settings_file) == [{"label": "Shop", "run": arguments}]
    await made.get_by_label("What it says").fill("The shop")
    await saved(page)  # the same program needs no second question
    await made.get_by_role("button", name="Do it once, now").click()
    sure = page.get_by_role("dialog", name="Really do it?")
    await expect(sure.locator("pre")).to_contain_text("'Jan Jansen'")
    await sure.get_by_role("button", name="Do it", exact=True).click()
    assert await asyncio.to_thread(pipe.read_text) == "Jan Jansen\n"
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_what_would_call_or_note_is_not_done_for_a_made_up_call(visitor: Visitor) -> None:
    page = await visitor.visit(PAGE)
    made = await new_button(page, "Dial", "calls a number")
    await made.get_by_label("Number", exact=True).fill("$number_e164")
    await expect(made.get_by_role("status")).to_have_text("It would call +31612345678")
    await made.get_by_role("button", name="Do it once, now").click()
    await page.get_by_role("button", name="Do it", exact=True).click()
    await expect(page.locator("#toasts")).to_contain_text("nobody is called")


@pytest.mark.desktop
async def test_what_holds_a_password_stays_where_nobody_writes_over_it(
    visitor: Visitor, settings_file: Path, daemon: Daemon
) -> None:
    hidden = "https://bubbled:hunter2@crm.example.com"
    kept = (
        f'[[button]]\nlabel = "Shop"\nrun = ["/bin/shop", "{hidden}", "$name"]\n'
        f"when = \"url != '{hidden}'\"\n"
        f'[[button]]\nlabel = "CRM"\nopen = "{hidden}/$name"\n'
    )
    rewrite(settings_file, lambda text: text + kept)
    await daemon.reload()
    page = await visitor.visit(PAGE)
    await card(page, 1).locator(".toggle").click()
    await expect(card(page, 1).get_by_role("status")).to_contain_text("It would run: /bin/shop https://")
    await card(page, 1).get_by_label("What it says").fill("The shop")
    await card(page, 1).get_by_label("What it says").press("Alt+ArrowDown")
    await saved(page)
    assert "hunter2" not in await page.content()
    first, second = buttons_in(settings_file)
    assert (first["label"], first["open"]) == ("CRM", f"{hidden}/$name")
    assert (second["label"], second["run"]) == ("The shop", ["/bin/shop", hidden, "$name"])
    assert second["when"] == f"url != '{hidden}'"
    assert visitor.complaints == []


@pytest.mark.desktop
async def test_names_are_only_text_and_what_is_too_long_is_told(
    visitor: Visitor, settings_file: Path
) -> None:
    page = await visitor.visit(PAGE)
    made = await new_button(page, HOSTILE, "copies a text")
    await made.get_by_label("Text to copy").fill("$name " + "\u202ex" * 5_000)
    await expect(made.get_by_label("Text to copy")).to_have_attribute("aria-invalid", "true")
    await made.get_by_label("Text to copy").fill("$name \u202e")
    await expect(bubble(page).get_by_role("button")).to_have_count(1)
    await expect(bubble(page).get_by_role("button")).to_contain_text("<script>alert(1)</script>")
    await saved(page)
    assert buttons_in(settings_file) == [{"label": HOSTILE, "copy": "$name \u202e"}]
    await page.reload()
    await expect(page.locator(".toggle .name")).to_have_text(HOSTILE)
    assert visitor.complaints == []


@pytest.mark.desktop
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_can_be_used_by_everybody(visitor: Visitor, width: int, scheme: str) -> None:
    page = await visitor.visit(PAGE, width=width, scheme=scheme)
    await page.get_by_role("button", name="Start from bubbled's own").click()
    made = await new_button(page, "Shop", "starts a program")
    await made.get_by_text("When it is there:").click()
    await card(page, 2).locator(".toggle").click()
    await page.get_by_text("Words for conditions").click()
    await made.get_by_label("Program and its arguments").fill("$name")
    await expect(made.get_by_label("Program and its arguments")).to_have_attribute("aria-invalid", "true")
    assert await faults(page) == []
    assert await overflow(page) == 0
    assert visitor.complaints == []
    await picture(page, f"buttons-{width}-{scheme}")


def digest_in(text: str) -> str:
    return text.partition('"digest": "')[2][:64]


async def test_no_program_comes_into_the_settings_without_the_users_word(
    script: Script, settings_file: Path
) -> None:
    before, digest = text_of(settings_file), digest_in((await script.get(PAGE))[1])
    run, other = ["/bin/shop", "$number"], ["/bin/rm", "-r", "/"]
    body = {"digest": digest, "buttons": [{"label": "Shop", "run": run}]}
    for agreed in (None, [], [other], "yes", [["/bin/shop"]], {"run": run}):
        assert await script.post(PAGE, body | {"programs": agreed}) == (200, {"programs": [run]})
    assert text_of(settings_file) == before
    assert (await script.post(PAGE, body | {"programs": [run]}))[0] == 200
    assert buttons_in(settings_file) == [{"label": "Shop", "run": run}]


async def test_an_argument_with_a_password_stays_without_being_told(
    settings_file: Path, daemon: Daemon, script: Script
) -> None:
    run = ["/bin/shop", "--token=hunter2", "Authorization: Bearer hunter2", "$number"]
    rewrite(settings_file, lambda text: f'{text}[[button]]\nlabel = "Shop"\nrun = {json.dumps(run)}\n')
    await daemon.reload()
    _, text = await script.get(PAGE)
    _, file = await script.get("/settings/file")
    assert "hunter2" not in text + file
    marks = [
        {"set": True, "where": "an argument with a password", "at": ["button", 0, "run", at]} for at in (1, 2)
    ]
    renamed = [{"label": "The shop", "run": [run[0], *marks, run[3]]}]
    status, answer = await script.post(PAGE, {"digest": digest_in(text), "buttons": renamed})
    assert (status, list(answer)) == (200, ["digest", "undo", "warnings"])
    assert buttons_in(settings_file) == [{"label": "The shop", "run": run}]


async def test_an_address_with_a_password_stays_without_being_told(
    settings_file: Path, daemon: Daemon, script: Script
) -> None:
    secret = "https://bubbled:hunter2@crm.example.com/$number_e164"
    rewrite(settings_file, lambda text: f'{text}[[button]]\nlabel = "CRM"\nopen = "{secret}"\n')
    await daemon.reload()
    _, text = await script.get(PAGE)
    assert "hunter2" not in text
    mark = {"set": True, "where": "an address with a password", "at": ["button", 0, "open"]}
    buttons = [{"label": "CRM", "open": mark}]
    _, seen = await script.post("/settings/layout/preview", {"buttons": buttons})
    assert (seen["mistakes"], [each["label"] for each in seen["buttons"]]) == ([], ["CRM"])
    assert "hunter2" not in str(seen)
    renamed = [{"label": "Our CRM", "open": mark}]
    status, answer = await script.post(PAGE, {"digest": digest_in(text), "buttons": renamed})
    assert status == 200, answer
    assert buttons_in(settings_file) == [{"label": "Our CRM", "open": secret}]


@pytest.mark.parametrize("buttons", [7, {"label": "x"}, ["x"], [None]])
async def test_what_are_no_buttons_is_refused(script: Script, buttons: Any) -> None:
    assert (await script.post(PAGE, {"digest": "x", "buttons": buttons}))[0] == 400


def test_each_thing_that_a_button_can_do_is_in_the_editor() -> None:
    template = resources.files("bubbled.web").joinpath("templates/buttons.html").read_text()
    kinds = {field.alias or name for name, field in ButtonSettings.model_fields.items()} - {"label", "when"}
    assert all(f'<option value="{kind}">' in template for kind in kinds)
