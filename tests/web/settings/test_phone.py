from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.web.browsing import NARROW, faults, overflow, picture

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.daemon.daemon import Daemon
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop


@pytest.fixture
def settings_file(settings_file: Path) -> Path:
    """With a second phone."""
    text = settings_file.read_text()
    settings_file.write_text(
        text.replace('["PJSIP/101"]', '["PJSIP/101", "PJSIP/201"]')
        + '\n[dial.names]\n"PJSIP/201" = "Headset & co <b>"\n'
    )
    return settings_file


async def test_another_phone_rings_from_now_on(visitor: Visitor, daemon: Daemon) -> None:
    page = await visitor.visit("/settings/phones", width=NARROW)
    assert await faults(page) == []
    assert await overflow(page) == 0
    await page.get_by_label("Headset & co <b>").check()
    await page.get_by_role("button", name="Let this one ring").click()
    await expect(page.get_by_label("Headset & co <b>")).to_be_checked()
    assert [each.device for each in await daemon.dialling.phones.list() if each.is_default] == ["PJSIP/201"]
    await picture(page, "phones")
