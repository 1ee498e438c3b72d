"""The set-up in a real browser: by itself, from nothing, and within a bubbled that runs."""

from __future__ import annotations

import tomllib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest
from playwright.async_api import expect

from bubbled.cli.option import local_now
from bubbled.control.client import Client
from bubbled.setup.desk import SetupDesk
from bubbled.web.server import serving
from bubbled.web.settings.setup import PATH, alone
from tests.web.browsing import NARROW, Visitor, faults, overflow, picture, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx

pytestmark = pytest.mark.desktop

HOSTILE = '<img src=x onerror=alert(1)> "co" & \u202e'
NOT_COPIED = "secrets are typed, and never read back"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring of whoever runs the tests is none of their business."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("TZ", "Europe/Amsterdam")


@pytest.fixture
def file(folder: Path) -> Path:
    """Where settings are to be; and an address book for them."""
    (folder / "our customers.csv").write_text(f"Name,Phone\n{HOSTILE},06-12345678\n")
    return folder / ".config" / "bubbled" / "config.toml"


@asynccontextmanager
async def setting_up(file: Path, opened: list[str]) -> AsyncIterator[Visitor]:
    """A set-up by itself, and a browser that is let in to it."""
    desk = SetupDesk(file, Client(file.with_name("control.sock")), opener=opened.append)
    async with serving(cast("Any", None), lambda site: alone(site, desk), now=local_now) as door:

        async def invite(path: str) -> str:
            return door.invite(path)

        async with visiting(invite) as visitor:
            yield visitor


@pytest.fixture
async def newcomer(file: Path) -> AsyncIterator[Visitor]:
    async with setting_up(file, []) as visitor:
        yield visitor


def text_of(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def settings_in(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text())


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def mode_of(file: Path) -> int:
    return file.stat().st_mode & 0o777


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def goes_on(page: Page, answers: dict[str, str] | None = None, *, by: str = "Continue") -> None:
    """Fill in, and press a button."""
    for label, text in (answers or {}).items():
        await page.get_by_label(label).fill(text)
    await button(page, by).click()


async def is_at(page: Page, title: str) -> None:
    await expect(page.get_by_role("heading", name=title, level=2, exact=True)).to_be_visible(timeout=20_000)


async def logs_in(page: Page, pbx: DemoPbx) -> None:
    await goes_on(page, {"Name or address of the PBX": f"127.0.0.1:{pbx.port}"})
    await is_at(page, "The account")
    await goes_on(page, {"Its secret": "s3cret"})
    await is_at(page, "Your phone")


async def answers_the_rest(page: Page) -> None:
    await goes_on(page, {"Your extension": "101"})
    await is_at(page, "Your country")
    await goes_on(page)
    await is_at(page, "Your contacts")
    await page.get_by_label("None for now").check()
    await goes_on(page)
    await expect(button(page, "Write the settings")).to_be_visible()


async def looked_at(page: Page, name: str) -> None:
    assert await faults(page) == []
    assert await overflow(page) == 0
    await picture(page, f"setup-{name}")


async def test_from_nothing_to_settings_with_wrong_turns_on_the_way(
    newcomer: Visitor, file: Path, pbx: DemoPbx
) -> None:
    page = await newcomer.visit("/", width=NARROW, scheme="dark")
    await is_at(page, "The PBX")
    await looked_at(page, "pbx")

    await goes_on(page, {"Name or address of the PBX": "127.0.0.1:1"})
    alert = page.get_by_role("alert").filter(has_text="That does not work yet")
    await expect(alert).to_contain_text("refuses connections")
    await looked_at(page, "pbx-down")
    await goes_on(page, {"Name or address of the PBX": f"127.0.0.1:{pbx.port}"}, by="Try again")

    await is_at(page, "The account")
    await goes_on(page, {"Its secret": "wrong"})
    await expect(alert).to_contain_text("The PBX refuses user 'bubbled'")
    await expect(alert).to_contain_text("[bubbled]")  # what the administrator has to add
    await looked_at(page, "account-refused")
    await goes_on(page, {"Its secret": "s3cret"}, by="Try again")

    await is_at(page, "Your phone")
    await page.reload()
    await page.get_by_role("link", name="Back").click()
    await expect(page.get_by_label("Its secret")).to_have_value("")
    await expect(page.get_by_text("may do what bubbled needs")).to_be_visible()
    await page.go_back()
    await is_at(page, "Your phone")
    await goes_on(page, {"Your extension": "101"})

    await is_at(page, "Your country")
    await expect(page.get_by_label("Your country")).to_have_value("NL")
    await looked_at(page, "country")
    await goes_on(page)

    await goes_on(page)  # in a file
    await page.get_by_label("Path of the file").fill(f"{file.parents[2]}/our")
    completed = page.locator(f'datalist option[value="{file.parents[2]}/our customers.csv"]')
    await expect(page.locator("datalist option")).to_have_count(1)
    await expect(completed).to_have_count(1)
    await looked_at(page, "contacts")
    await page.get_by_label("Path of the file").fill(f"{file.parents[2]}/our customers.csv")
    await goes_on(page, {"A phone number that is in it": "0612345678"})

    await expect(button(page, "Write the settings")).to_be_visible()
    await expect(page.get_by_text(f"0612345678 is {HOSTILE}")).to_be_visible()
    assert text_of(file) is None
    await looked_at(page, "ready")
    await page.get_by_label("Let bubbled run now").uncheck()
    await page.get_by_label("Let telephone links").uncheck()
    assert "s3cret" not in await page.content(), NOT_COPIED
    await button(page, "Write the settings").click()

    await is_at(page, "bubbled is set up")
    await looked_at(page, "done")
    assert settings_in(file) == {
        "me": {"extension": "101", "region": "NL"},
        "pbx": {
            "host": "127.0.0.1",
            "port": pbx.port,
            "username": "bubbled",
            "secret": {"file": "~/.config/bubbled/ami-secret"},
        },
        "directory": [
            {"name": "Our customers", "kind": "csv", "path": f"{file.parents[2]}/our customers.csv"}
        ],
    }
    assert mode_of(file) == 0o600
    assert text_of(file.with_name("ami-secret")) == "s3cret\n"
    await button(page, "End the set-up").click()
    await expect(page.get_by_role("heading", name="The set-up has ended")).to_be_visible()
    # What is refused as an answer is an answer all the same to a browser, which says so.
    assert [each for each in newcomer.complaints if "422" not in each] == []


async def test_with_the_keyboard_alone_and_without_scripts(
    newcomer: Visitor, file: Path, pbx: DemoPbx
) -> None:
    page = await newcomer.visit(PATH, javascript=False)
    for label, text, then in (
        ("Name or address of the PBX", f"127.0.0.1:{pbx.port}", "The account"),
        ("Its secret", "s3cret", "Your phone"),
        ("Your extension", "101", "Your country"),
    ):
        await page.get_by_label(label).focus()
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")
        await is_at(page, then)
    await page.get_by_label("Your country").focus()
    await page.keyboard.press("Tab")
    await expect(button(page, "Continue")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_label("In a file").focus()
    await page.keyboard.press("ArrowUp")  # around to the last
    await expect(page.get_by_label("None for now")).to_be_checked()
    await page.keyboard.press("Enter")
    await button(page, "Write the settings").press("Enter")
    await is_at(page, "bubbled is set up")
    assert settings_in(file)["me"]["extension"] == "101"


async def test_what_does_not_work_now_can_be_kept_all_the_same(newcomer: Visitor, file: Path) -> None:
    page = await newcomer.visit(PATH)
    await goes_on(page, {"Name or address of the PBX": "127.0.0.1:1"})
    await button(page, "Keep it all the same").click()
    await is_at(page, "The account")
    await goes_on(page, {"Its secret": "swordfish"})
    await is_at(page, "Your phone")
    await answers_the_rest(page)
    await page.get_by_label("Let bubbled run now").uncheck()
    await button(page, "Write the settings").click()
    await is_at(page, "bubbled is set up")
    assert settings_in(file)["pbx"]["port"] == 1


async def test_a_file_that_is_not_understood_stays_as_it_is(
    newcomer: Visitor, file: Path, pbx: DemoPbx
) -> None:
    put(file, "[popup]\ninbuond = true # <b>\n")
    page = await newcomer.visit(PATH)
    await expect(page.get_by_role("alert").last).to_contain_text("line 2")
    await looked_at(page, "not-understood")
    await button(page, "Write new settings into config.new.toml").click()
    await logs_in(page, pbx)
    await answers_the_rest(page)
    await expect(page.get_by_label("Let bubbled run")).to_have_count(0)
    await button(page, "Write the settings").click()
    await is_at(page, "bubbled is set up")
    assert text_of(file) == "[popup]\ninbuond = true # <b>\n"
    assert "[me]" in (text_of(file.with_name("config.new.toml")) or "")


async def test_hostile_answers_are_refused_and_shown_as_they_are(newcomer: Visitor, file: Path) -> None:
    page = await newcomer.visit(PATH)
    await goes_on(page, {"Name or address of the PBX": HOSTILE})
    mistake = page.get_by_label("Name or address of the PBX")
    await expect(mistake).to_have_value(HOSTILE)
    await expect(mistake).to_have_attribute("aria-invalid", "true")
    await expect(mistake).to_be_focused()
    assert await faults(page) == []
    await goes_on(page, {"Name or address of the PBX": "x" * 10_000})
    await expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
    await page.goto(page.url.replace("/pbx", "/ready"))
    await is_at(page, "The PBX")  # nothing else is open yet
    assert text_of(file) is None


# Within a bubbled that runs.


def own_words(file: Path) -> str:
    """Settings with a comment; gives what they say."""
    file.write_text(f"# my own words\n{file.read_text()}")
    return file.read_text()


async def test_an_answer_is_changed_in_a_running_bubbled_and_comments_and_secrets_stay(
    visitor: Visitor, settings_file: Path, daemon: Daemon
) -> None:
    before = own_words(settings_file)
    page = await visitor.visit("/settings")
    await page.get_by_role("link", name="Set-up").click()
    await expect(page.get_by_label("Name or address of the PBX")).to_have_value("127.0.0.1")
    await goes_on(page)
    await is_at(page, "The account")
    assert "s3cret" not in await page.content(), NOT_COPIED
    await goes_on(page)
    await is_at(page, "Your phone")
    await goes_on(page)
    await is_at(page, "Your country")
    await page.get_by_label("Your country").select_option("BE")
    await goes_on(page)
    await is_at(page, "Your contacts")
    await goes_on(page)
    await expect(page.get_by_label("What will be written", exact=True)).to_contain_text('+region = "BE"')
    await looked_at(page, "ready-within")
    assert "s3cret" not in await page.content(), NOT_COPIED
    await page.get_by_label("Let bubbled run").uncheck()
    await page.get_by_label("Let telephone links").uncheck()
    await button(page, "Write the settings").click()
    await expect(page.get_by_text("has read the settings anew")).to_be_visible()
    await expect(page.get_by_role("link", name="To the calls of now")).to_be_visible()
    assert text_of(settings_file) == before.replace('"NL"', '"BE"')
    assert daemon.settings.me.region == "BE"
    assert visitor.complaints == []


async def test_what_somebody_else_saves_meanwhile_is_not_lost(visitor: Visitor, settings_file: Path) -> None:
    own_words(settings_file)
    page = await visitor.visit(PATH)
    for title in ("The account", "Your phone", "Your country"):
        await goes_on(page)
        await is_at(page, title)
    await page.get_by_label("Your country").select_option("BE")
    await goes_on(page)
    await goes_on(page)
    await expect(button(page, "Write the settings")).to_be_visible()
    theirs = f"{text_of(settings_file)}\n[history]\nretention_days = 7\n"
    put(settings_file, theirs)
    await button(page, "Write the settings").click()
    await expect(page.get_by_role("alert").filter(has_text="Nothing is written")).to_contain_text(
        "was changed meanwhile"
    )
    assert text_of(settings_file) == theirs
    await page.get_by_label("Let telephone links").uncheck()
    await button(page, "Write the settings").click()
    await is_at(page, "bubbled is set up")
    assert text_of(settings_file) == theirs.replace('"NL"', '"BE"')


async def test_two_tabs_are_one_set_up(visitor: Visitor) -> None:
    one = await visitor.visit(PATH)
    await goes_on(one)
    await is_at(one, "The account")
    other = await visitor.visit(PATH)
    await is_at(other, "The account")
    await goes_on(other)
    await is_at(other, "Your phone")
    await goes_on(one)
    await is_at(one, "Your phone")
    await button(other, "Start over").click()
    await is_at(other, "The PBX")
    await goes_on(one)
    await is_at(one, "The PBX")
