from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bubbled.error import ControlError
from bubbled.model import Button

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk

LATEST = "1700000000.2"


async def test_the_buttons_of_the_popup_are_listed(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "press")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "1\tCall back\t",
        "2\tOpen in CRM\t",
        "3\tCopy number\t",
        "4\tNote\tNote on this call",
    ]
    told = json.loads((await bubbled("--socket", served, "press", "--json")).out)
    assert told["buttons"][0] == {"number": 1, "id": "call", "label": "Call back", "asks": ""}


async def test_a_person_sees_a_table(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "press")
    assert "Open in CRM" in seen.screen


@pytest.mark.parametrize(
    ("name", "pressed"),
    [
        ("1", "call"),
        ("Call back", "call"),
        ("call  BACK", "call"),
        ("open", "page"),
        ("cop", "copy"),
        ("page", "page"),
    ],
)
async def test_one_is_pressed_by_number_or_by_how_its_label_begins(
    bubbled: Bubbled, served: Path, desk: Desk, name: str, pressed: str
) -> None:
    ended = await bubbled("--socket", served, "press", name)
    assert (ended.status, ended.out[:9]) == (0, "Pressed: ")
    assert desk.presses == [(LATEST, pressed, "")]


@pytest.mark.parametrize("name", ["c", "fly", "5", "0", "", " "])
async def test_what_is_no_button_or_could_be_several_is_not_pressed(
    bubbled: Bubbled, served: Path, desk: Desk, name: str
) -> None:
    ended = await bubbled("--socket", served, "press", name)
    assert (ended.status, ended.out, desk.presses) == (1, "", [])
    assert "`bubbled press` lists them" in ended.err


async def test_on_the_popup_of_another_call(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    await bubbled("--socket", served, "press", "1", "--call", "1700000000.1")
    assert desk.presses == [("1700000000.1", "call", "")]


async def test_a_text_is_given_or_asked_for_on_a_terminal(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    await bubbled("--socket", served, "press", "note", "--text", "On Monday")
    assert desk.presses == [(LATEST, "note", "On Monday")]
    refused = await bubbled("--socket", served, "press", "note")
    assert (refused.status, len(desk.presses)) == (1, 1)
    assert "--text" in refused.err


async def test_a_hostile_label_forges_no_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.offered = (Button("x", "Call\n2\tJan\x1b[2J"),)
    assert len((await bubbled("--socket", served, "press")).out.splitlines()) == 1
    assert (await bubbled("--socket", served, "press", "1")).out == "Pressed: Call 2 Jan�[2J\n"


async def test_a_refusal_is_one_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("No popup with buttons is up.")
    ended = await bubbled("--socket", served, "press", "1")
    assert (ended.status, ended.out, ended.err) == (1, "", "bubbled: No popup with buttons is up.\n")
