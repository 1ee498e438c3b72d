from __future__ import annotations

from typing import Any

import pytest

from bubbled.settings.layout_file import STAND_IN
from bubbled.settings.proposal import mistaken_buttons, proposed
from bubbled.settings.schema import Settings

SETTINGS = Settings.model_validate(
    {
        **STAND_IN,
        "me": {"extension": "207", "region": "BE"},
        "popup": {"inbound": False, "vip": "matched"},
        "button": [{"label": "Note", "note": True}],
    }
)


def test_sections_stand_in_the_place_of_those_in_force() -> None:
    found = proposed(SETTINGS, {"popup": {"layout": {"headline": "$name"}}, "button": []}).settings
    assert found is not None
    assert (found.popup.layout.headline, found.popup.vip, found.popup.inbound) == ("$name", None, True)
    assert (found.buttons, found.me.extension) == ((), "207")


def test_a_section_that_is_taken_out_is_bubbleds_own_and_a_missing_one_stays() -> None:
    found = proposed(SETTINGS, {"button": None}).settings
    assert found is not None
    assert (found.buttons, found.popup.vip) == (None, "matched")


@pytest.mark.parametrize(
    ("sections", "key"),
    [
        ({"popup": {"layout": {"lines": ["$name", ""]}}}, "popup.layout.lines[2]"),
        ({"popup": {"layout": {"headline": "${name"}}}, "popup.layout.headline"),
        ({"popup": {"hide_after_s": float("inf")}}, "popup.hide_after_s"),
        ({"popup": []}, "popup"),
        ({"popup": {"layout": 7}}, "popup.layout"),
        ({"button": [{"label": "x", "run": ["sh", "-c", "$name"]}]}, "button[1].run"),
        ({"button": [{"label": "x", "note": True, "choose": True}]}, "button[1]"),
        ({"button": [{"label": "x", "note": True}] * 51}, "button"),
        ({"button": "x"}, "button"),
    ],
)
def test_a_mistake_has_the_key_that_it_has_in_the_file_but_no_line(
    sections: dict[str, Any], key: str
) -> None:
    found = proposed(SETTINGS, sections)
    assert [(each.key, each.line) for each in found.mistakes] == [(key, None)]
    assert found.settings is None


def test_it_is_told_when_only_buttons_have_mistakes_and_which() -> None:
    wrong = {"label": "x", "open": ""}
    only = proposed(SETTINGS, {"button": [wrong, {"label": "y", "note": True}, {"label": "z"}]}).mistakes
    assert mistaken_buttons(only) == frozenset({0, 2})
    assert mistaken_buttons(proposed(SETTINGS, {"button": [wrong], "popup": {"x": 1}}).mistakes) is None
    assert mistaken_buttons(proposed(SETTINGS, {"button": "x"}).mistakes) is None
    assert mistaken_buttons(()) == frozenset()


def test_nothing_else_than_popups_and_buttons_is_taken_from_it() -> None:
    found = proposed(SETTINGS, {"me": {"extension": "999"}}).settings
    assert found == SETTINGS


def test_a_document_that_is_nested_without_end_is_a_mistake() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    assert proposed(SETTINGS, {"popup": {"layout": deep}}).mistakes
