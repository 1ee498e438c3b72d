"""`bubbled setup --browser` as a new user meets it: real browser, Asterisk, phone, manager of services."""

from __future__ import annotations

import asyncio
import os
import signal
import tomllib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.cli.setup.conftest import PROGRAM, everything, settings_of
from tests.cli.setup.test_terminal import speaks_tls
from tests.web.browsing import faults, picture, visiting

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from playwright.async_api import Page

    from tests.cli.setup.manager import Manager
    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import FakeServer
    from tests.web.browsing import Visitor

pytestmark = [pytest.mark.desktop, pytest.mark.program]

PATIENCE_S = 30.0


class Opener:
    """What a desktop opens addresses with: it tells them, one after another."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "bin"
        self.folder.mkdir()
        self._pipe = home / "addresses"
        os.mkfifo(self._pipe)
        program = self.folder / "xdg-open"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" > {self._pipe}\n')
        program.chmod(0o700)

    async def address(self) -> str:
        """Wait for the next."""
        return (await asyncio.to_thread(self._pipe.read_text)).strip()


@pytest.fixture
def opener(home: Path) -> Opener:
    return Opener(home)


@asynccontextmanager
async def setting_up(
    environment: Mapping[str, str], opener: Opener, home: Path, before: Sequence[str] = ()
) -> AsyncIterator[Process]:
    """The command, as somebody types it."""
    process = await asyncio.create_subprocess_exec(
        *(*before, *PROGRAM, "setup", "--browser"),
        env={**environment, "PATH": f"{opener.folder}:{os.environ['PATH']}"},
        cwd=home,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def browsing(opener: Opener) -> AsyncIterator[Visitor]:
    """A browser that opens what the desktop is told to open."""

    async def told(_path: str) -> str:
        async with asyncio.timeout(PATIENCE_S):
            return await opener.address()

    async with visiting(told) as visitor:
        yield visitor


async def presses(page: Page, name: str) -> None:
    # Without waiting for the next page: what happens on the desktop meanwhile is part of it.
    await page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)


async def is_at(page: Page, title: str) -> None:
    await expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=20_000)


async def answers(page: Page, asterisk: str) -> None:
    """Answer all questions, as at the PBX of the laboratory."""
    await page.get_by_label("Name or address of the PBX").fill(asterisk)
    await presses(page, "Continue")
    await page.get_by_label("Name of the manager account").fill("cti")
    await page.get_by_label("Its secret").fill("ctisecret")
    await presses(page, "Continue")
    await page.get_by_label("Your extension").fill("101")
    await presses(page, "Continue")
    await is_at(page, "Your country")
    await presses(page, "Continue")
    await is_at(page, "Your contacts")
    await presses(page, "Continue")
    await page.get_by_label("Path of the file").fill("our customers.csv")
    await page.get_by_label("A phone number that is in it").fill("0612345678")
    await presses(page, "Continue")
    await is_at(page, "What will be written")


@pytest.mark.systemd
async def test_from_a_fresh_install_to_the_popup_of_a_real_call_in_a_layout_of_ones_own(
    stage: Stage,
    home: Path,
    opener: Opener,
    manager: Manager,
    server: FakeServer,
) -> None:
    async with (
        setting_up(manager.environment, opener, home, manager.inside) as command,
        browsing(opener) as visitor,
    ):
        page = await visitor.visit()
        await answers(page, stage.pbx.ami[0])
        await expect(page.get_by_text("0612345678 is Jan Jansen, Bakker & Zn")).to_be_visible()
        await presses(page, "Show an example now")
        await server.until(lambda: bool(server.up))
        await expect(page.get_by_text("You saw none?")).to_be_visible(timeout=20_000)
        await presses(page, "Write the settings")
        await is_at(page, "bubbled is set up")
        await expect(page.get_by_text("bubbled runs, and will after each login")).to_be_visible()

        await presses(page, "Ring my phone now")
        ringing = await stage.alice.rings()
        await server.until(lambda: any("bubbled test" in popup.summary for popup in server.up.values()))
        ringing.reject()
        await expect(page.get_by_text("there it is, of a real call")).to_be_visible(timeout=20_000)
        await expect(page.get_by_text("PJSIP/101 rang")).to_be_visible()

        await presses(page, "Open the pages of bubbled")
        pages = await visitor.visit()
        await is_at(page, "The set-up has ended")
        assert await asyncio.wait_for(command.wait(), PATIENCE_S) == 0
        await pages.get_by_role("link", name="Settings", exact=True).click()
        await pages.get_by_role("link", name="Layout", exact=True).click()
        await pages.get_by_label("Headline", exact=True).fill("Hello $name")
        await presses(pages, "Save")
        await expect(pages.get_by_text("Saved: popups look like this from now on.")).to_be_visible()
        assert visitor.complaints == []

    caller = await stage.inbound(number="+31612345678")
    await stage.alice.rings()
    await server.until(lambda: any("Hello Jan Jansen" in popup.summary for popup in server.up.values()))
    await caller.hang_up()


async def test_a_certificate_that_the_pbx_has_signed_itself_is_shown_and_trusted(
    asterisk: Asterisk, environment: Mapping[str, str], opener: Opener, home: Path
) -> None:
    await speaks_tls(asterisk)
    async with setting_up(environment, opener, home), browsing(opener) as visitor:
        page = await visitor.visit()
        await page.get_by_label("Name or address of the PBX").fill(f"{asterisk.ami[0]}:5039")
        await presses(page, "Continue")
        await expect(page.get_by_text("signed by nobody this computer knows")).to_be_visible(timeout=20_000)
        await expect(page.get_by_text("SHA-256")).to_be_visible()
        assert await faults(page) == []
        await picture(page, "setup-certificate")
        await presses(page, "Continue")
        await expect(page.get_by_text("An answer is needed here.")).to_be_visible()
        await page.get_by_label("Trust this certificate from now on").check()
        await presses(page, "Continue")
        await page.get_by_label("Name of the manager account").fill("cti")
        await page.get_by_label("Its secret").fill("ctisecret")
        await presses(page, "Continue")
        await page.get_by_label("Your extension").fill("101")
        await presses(page, "Continue")
        await is_at(page, "Your country")
        await presses(page, "Continue")
        await page.get_by_label("None for now").check()
        await presses(page, "Continue")
        assert not certificate_of(home).exists()
        await page.get_by_label("Let bubbled run now").uncheck()
        await page.get_by_label("Let telephone links").uncheck()
        await presses(page, "Write the settings")
        await is_at(page, "bubbled is set up")
    pbx = tomllib.loads(settings_of(home).read_text())["pbx"]
    assert (pbx["tls"], pbx["ca_file"]) == (True, str(certificate_of(home)))
    assert certificate_of(home).read_text().startswith("-----BEGIN CERTIFICATE-----")


def certificate_of(home: Path) -> Path:
    return settings_of(home).with_name("pbx-ca.pem")


async def test_ctrl_c_leaves_everything_as_it_was(
    environment: Mapping[str, str], opener: Opener, home: Path
) -> None:
    before = everything(home)
    async with (
        setting_up(environment, opener, home) as command,
        browsing(opener) as visitor,
    ):
        page = await visitor.visit()
        await is_at(page, "The PBX")
        command.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(command.wait(), PATIENCE_S) == 130
        assert command.stdout is not None
        assert b"Nothing was changed." in await command.stdout.read()
    assert everything(home) == before


async def test_without_anything_that_opens_it_the_address_is_there_to_copy(
    environment: Mapping[str, str], opener: Opener, home: Path
) -> None:
    (opener.folder / "xdg-open").write_text("#!/bin/sh\nexit 3\n")
    async with setting_up(environment, opener, home) as command:
        assert command.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            told = await command.stdout.readuntil(b"copy it into your browser.")
    assert b"http://127.0.0.1:" in told
    assert settings_of(home).parent.exists() is False
