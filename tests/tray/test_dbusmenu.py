"""The menu on a real bus, walked as panels do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from dbus_fast import Variant

from bubbled.model import Mute
from bubbled.tray.state import LetRing, ShowCall, Wish
from tests.tray.panel import MENU, MENU_PATH, BusError, Panel, flat
from tests.tray.sample import AT_REST, JAN, LUC, PHONES, SOFT, call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tray.conftest import Shown, User

pytestmark = pytest.mark.desktop

GONE = 4711


@pytest.fixture
async def panel(shown: Shown) -> AsyncIterator[Panel]:
    panel = await Panel.start()
    await panel.gets_icon()
    await shown.is_there()
    yield panel
    await panel.stop()


async def test_the_whole_menu_in_one_answer(panel: Panel) -> None:
    root = await panel.layout()
    assert root["id"] == 0
    assert root["children-display"] == "submenu"
    assert [each.get("label", each.get("type")) for each in root["children"]] == [
        "Connected with pbx.example.com",
        "separator",
        "Show the last popup",
        "Last calls",
        "separator",
        "Mute popups",
        "Pause",
        "Phone that rings",
        "separator",
        "Calls and history…",
        "Settings…",
        "Quit",
    ]
    assert len(flat(root)) == len({each["id"] for each in flat(root)}) == 1 + 12 + 3 + 5 + 2


async def test_a_menu_is_read_level_by_level(panel: Panel) -> None:
    root = await panel.layout(0, 1)
    assert all(not each["children"] for each in root["children"])
    number = next(each["id"] for each in root["children"] if each.get("label") == "Last calls")
    below = await panel.layout(number, 1)
    assert [each["label"][-8:] for each in below["children"]] == ["o answer", "· missed", "answered"]
    assert (await panel.layout(number, 0))["children"] == []


async def test_only_the_wanted_properties_are_given(panel: Panel) -> None:
    root = await panel.layout(names=("enabled",))
    assert {key for each in flat(root) for key in each} == {"id", "children", "enabled"}


async def test_properties_are_given_in_groups_and_one_by_one(panel: Panel) -> None:
    mute = await panel.number("Mute popups")
    ((all_of_them,),) = [await panel.menu("GetGroupProperties", "aias", [], [])]
    assert len(all_of_them) == len(flat(await panel.layout()))
    (some,) = await panel.menu("GetGroupProperties", "aias", [mute, GONE], ["toggle-state"])
    assert [(number, {k: v.value for k, v in found.items()}) for number, found in some] == [
        (mute, {"toggle-state": 0})
    ]
    (kind,) = await panel.menu("GetProperty", "is", mute, "toggle-type")
    assert kind.value == "checkmark"


@pytest.mark.parametrize(
    ("member", "signature", "arguments"),
    [
        ("GetLayout", "iias", (GONE, -1, [])),
        ("GetProperty", "is", (GONE, "label")),
        ("GetProperty", "is", (0, "no such property")),
        ("AboutToShow", "i", (GONE,)),
        ("EventGroup", "a(isvu)", ([[GONE, "clicked", Variant("i", 0), 0]],)),
    ],
)
async def test_what_is_not_there_is_refused(
    panel: Panel, user: User, member: str, signature: str, arguments: tuple[object, ...]
) -> None:
    with pytest.raises(BusError, match="InvalidArgs"):
        await panel.menu(member, signature, *arguments)
    assert user.wishes.empty()
    assert (await panel.properties(MENU))["Version"] == 3


async def test_a_hostile_name_is_shown_as_it_is(shown: Shown, panel: Panel) -> None:
    shown.look(replace(AT_REST, last_calls=(call("a_b __ <b>&amp;</b> 100%n"),)))
    await panel.told("LayoutUpdated")
    labels = [str(each.get("label")) for each in flat(await panel.layout())]
    assert "14:03  ↙  a__b ____ <b>&amp;</b> 100%n" in labels


async def test_choosing_an_entry(panel: Panel, user: User) -> None:
    await panel.choose(await panel.number("13:58"))
    assert await user.wanted() == ShowCall(JAN.id)
    await panel.choose(await panel.number("Softphone"))
    assert await user.wanted() == LetRing(SOFT)


async def test_several_events_at_once(panel: Panel, user: User) -> None:
    show, settings = await panel.number("Show"), await panel.number("Settings")
    events = [[number, "clicked", Variant("i", 0), 0] for number in (show, GONE, settings)]
    assert await panel.menu("EventGroup", "a(isvu)", events) == [[GONE]]
    assert [await user.wanted(), await user.wanted()] == [Wish.SHOW_LATEST, Wish.OPEN_SETTINGS]


async def test_only_a_click_does_something(panel: Panel, user: User) -> None:
    number = await panel.number("Quit")
    for kind in ("hovered", "opened", "closed", "x-vendor"):
        await panel.menu("Event", "isvu", number, kind, Variant("i", 0), 0)
    await panel.menu("Event", "isvu", await panel.number("Connected"), "clicked", Variant("i", 0), 0)
    await panel.choose(GONE)
    await panel.choose(await panel.number("Show"))
    assert await user.wanted() is Wish.SHOW_LATEST


async def test_a_click_on_what_changed_meanwhile_does_what_was_seen(
    shown: Shown, panel: Panel, user: User
) -> None:
    mute, luc = await panel.number("Mute popups"), await panel.number("13:03")
    shown.look(replace(AT_REST, mute=Mute(), last_calls=(JAN,)))
    await panel.choose(mute)
    assert await user.wanted() is Wish.MUTE
    await panel.menu("EventGroup", "a(isvu)", [[luc, "clicked", Variant("i", 0), 0]])
    assert await user.wanted() == ShowCall(LUC.id)


async def test_a_menu_that_is_about_to_be_shown_is_renewed(shown: Shown, panel: Panel, user: User) -> None:
    assert await panel.menu("AboutToShow", "i", 0) == [False]
    user.when_opened = lambda: shown.look(replace(AT_REST, last_calls=(JAN,)))
    assert await panel.menu("AboutToShow", "i", 0) == [True]
    calls = await panel.number("Last calls")
    assert await panel.menu("AboutToShow", "i", calls) == [False]
    user.when_opened = lambda: shown.look(AT_REST)
    assert await panel.menu("AboutToShowGroup", "ai", [0, calls, GONE]) == [[0], [GONE]]
    assert user.openings == 3


async def test_a_changed_look_is_told_without_a_new_layout(shown: Shown, panel: Panel) -> None:
    phone = await panel.number("Softphone")
    revision, _ = await panel.menu("GetLayout", "iias", 0, 0, [])
    shown.look(replace(AT_REST, phones=(PHONES[0], replace(PHONES[1], is_absent=False))))
    updated, removed = await panel.told("ItemsPropertiesUpdated")
    assert [(number, found["label"].value) for number, found in updated] == [(phone, "Softphone (PJSIP/201)")]
    assert removed == []
    assert (await panel.menu("GetLayout", "iias", 0, 0, []))[0] == revision


async def test_other_entries_are_a_new_layout(shown: Shown, panel: Panel) -> None:
    shown.look(replace(AT_REST, mute=Mute()))
    revision, parent = await panel.told("LayoutUpdated")
    assert parent == 0
    assert (await panel.menu("GetLayout", "iias", 0, -1, []))[0] == revision
    muted = next(each for each in flat(await panel.layout()) if each.get("label") == "Mute popups")
    assert muted["toggle-state"] == 1


async def test_it_describes_itself(panel: Panel) -> None:
    text = await panel.introspected(MENU_PATH)
    for signature in ("u", "(ia{sv}av)", "a(ia{sv})", "a(ias)", "a(isvu)"):
        assert f'type="{signature}"' in text
