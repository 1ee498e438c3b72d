"""The icon on a real bus, as a panel reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Mute
from bubbled.tray.state import Line, Wish
from tests.tray.panel import ITEM_PATH, Panel
from tests.tray.sample import AT_REST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tray.conftest import Shown, User

pytestmark = pytest.mark.desktop


@pytest.fixture
async def panel(shown: Shown) -> AsyncIterator[Panel]:
    panel = await Panel.start()
    await panel.gets_icon()
    await shown.is_there()
    yield panel
    await panel.stop()


async def test_all_that_the_specification_asks_for_is_told(panel: Panel) -> None:
    told = await panel.properties()
    pixmaps = told.pop("IconPixmap"), told.pop("AttentionIconPixmap")
    folder = Path(told.pop("IconThemePath"))
    assert told == {
        "Category": "Communications",
        "Id": "bubbled",
        "Title": "bubbled",
        "Status": "Active",
        "WindowId": 0,
        "IconName": "bubbled-connected",
        "IconAccessibleDesc": "bubbled, Connected with pbx.example.com",
        "OverlayIconName": "",
        "OverlayIconPixmap": [],
        "AttentionIconName": "bubbled-connected",
        "AttentionMovieName": "",
        "ToolTip": ("", [], "bubbled", "Connected with pbx.example.com"),
        "ItemIsMenu": False,
        "Menu": "/MenuBar",
    }
    assert [[(width, len(argb)) for width, _, argb in each] for each in pixmaps] == 2 * [
        [(size, 4 * size * size) for size in (16, 22, 24, 32, 48)]
    ]
    assert (folder / "hicolor" / "22x22" / "apps" / "bubbled-connected.png").is_file()


async def test_a_changed_icon_is_told(shown: Shown, panel: Panel) -> None:
    shown.look(replace(AT_REST, mute=Mute()))
    await panel.told("NewIcon")
    await panel.told("NewToolTip")
    told = await panel.properties()
    assert (told["IconName"], told["ToolTip"][3]) == (
        "bubbled-muted",
        "Connected with pbx.example.com · Popups are muted",
    )


async def test_nothing_is_told_where_nothing_changed(shown: Shown, panel: Panel) -> None:
    shown.look(AT_REST)
    shown.look(replace(AT_REST, missed=1))
    assert (await panel.signals.get())[0] == "NewIcon"


async def test_the_text_of_an_error_is_no_markup(shown: Shown, panel: Panel) -> None:
    shown.look(replace(AT_REST, line=Line.DISCONNECTED, reason="<b>no</b> & never"))
    await panel.told("NewToolTip")
    told = (await panel.properties())["ToolTip"][3]
    assert told == "No connection with pbx.example.com: &lt;b&gt;no&lt;/b&gt; &amp; never"


@pytest.mark.parametrize(
    ("member", "signature", "arguments"),
    [
        ("Activate", "ii", (10, 10)),
        ("SecondaryActivate", "ii", (10, 10)),
        ("XAyatanaSecondaryActivate", "u", (0,)),
    ],
)
async def test_clicks(
    panel: Panel, user: User, member: str, signature: str, arguments: tuple[int, ...]
) -> None:
    await panel.click("ContextMenu", "ii", 1, 1)
    await panel.click("Scroll", "is", 1, "vertical")
    await panel.click(member, signature, *arguments)
    assert await user.wanted() == (Wish.SHOW_LATEST if member == "Activate" else "toggle mute")
    assert user.wishes.empty()


async def test_it_describes_itself(panel: Panel) -> None:
    text = await panel.introspected(ITEM_PATH)
    for name in ("Activate", "ContextMenu", "NewIcon", "NewStatus", "IconPixmap", "a(iiay)"):
        assert f'"{name}"' in text
