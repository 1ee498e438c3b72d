"""What a browser shows when bubbled ends under it, and when it is there again."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.web.browsing import visiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon

pytestmark = pytest.mark.desktop


def keep_port(settings_file: Path, address: str) -> None:
    """Let the next daemon be where this one was."""
    port = re.search(r":(\d+)/", address)
    assert port is not None
    settings_file.write_text(f"{settings_file.read_text()}[pages]\nport = {port[1]}\n")


async def test_a_page_says_that_bubbled_has_ended_and_works_again_after_another_invitation(
    run: Callable[[Path], AbstractAsyncContextManager[Daemon]], settings_file: Path
) -> None:
    async with AsyncExitStack() as lasting:
        async with run(settings_file) as first:
            visitor = await lasting.enter_async_context(visiting(first.pages.invite))
            page = await visitor.visit("/")
            await expect(page.get_by_text("Nobody is on the line")).to_be_visible()
            await expect(page.get_by_role("alert")).to_be_hidden()
        await expect(page.get_by_role("alert")).to_contain_text("bubbled is not running")
        keep_port(settings_file, page.url)
        async with run(settings_file) as second:
            other = await page.context.new_page()
            await other.goto(await second.pages.invite("/"))
            await expect(other.get_by_text("Nobody is on the line")).to_be_visible()
            await page.reload()
            await expect(page.get_by_text("Nobody is on the line")).to_be_visible()
            await expect(page.get_by_role("alert")).to_be_hidden()
