"""The guide to buttons stays in step with what they are and do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.condition import FLAGS, parse
from bubbled.daemon.button_assembly import buttons
from bubbled.model import E164, Call, CallId, CallState, Contact, Device, Direction
from bubbled.popup.button import USUAL, act, shown
from bubbled.popup.layout import Layout
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.variable import Values
from bubbled.settings.button import ButtonSettings
from bubbled.settings.loading import load

if TYPE_CHECKING:
    from bubbled.settings.schema import Settings

GUIDE = (Path(__file__).parents[2] / "docs" / "buttons.md").read_text(encoding="utf-8")
OWN, USUAL_AS_TOML = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
START = """\
[me]
extension = "101"
region = "NL"
[pbx]
host = "127.0.0.1"
username = "bubbled"
secret = { env = "X" }
"""
JAN = Contact(directory="Customers", name="Jan", url="https://crm.example.com/7")
BAS = Contact(directory="Customers", name="Bas")


def loaded(tmp_path: Path, toml: str) -> Settings:
    (tmp_path / "config.toml").write_text(START + toml)
    return load(tmp_path / "config.toml").settings


def test_the_examples_load_and_name_every_thing_that_a_button_can_do(tmp_path: Path) -> None:
    settings = loaded(tmp_path, OWN)
    does = {
        key for each in settings.buttons or () for key in each.model_dump(exclude_none=True, by_alias=True)
    }
    assert does == {field.alias or name for name, field in ButtonSettings.model_fields.items()}


@pytest.mark.parametrize("matches", [(), (JAN,), (JAN, BAS)], ids=len)
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"direction": Direction.OUTBOUND},
        {"internal": True, "e164": None, "number": "102"},
        {"number": None, "e164": None},
    ],
)
def test_the_usual_buttons_as_settings_are_the_usual_buttons(
    tmp_path: Path, facts: dict[str, Any], matches: tuple[Contact, ...]
) -> None:
    ringing: dict[str, Any] = {
        "id": CallId("1"),
        "device": Device("PJSIP/101"),
        "direction": Direction.INBOUND,
        "state": CallState.RINGING,
        "number": "0612345678",
        "e164": E164("+31612345678"),
    }
    finding = Finding(contact=next(iter(matches), None), matches=matches if len(matches) > 1 else ())
    values = Values(
        Subject(call=Call(**ringing | facts), finding=finding),
        Layout(region="NL"),
        datetime(2026, 11, 22, tzinfo=UTC),
    )
    rules = buttons(loaded(tmp_path, USUAL_AS_TOML))
    ours = {each.label: act(USUAL, values, each.id, "x") for each in shown(USUAL, values)}
    ours.pop("Callback mail", None)
    assert {each.label: act(rules, values, each.id, "x") for each in shown(rules, values)} == ours


def test_the_usual_buttons_are_all_explained() -> None:
    assert all(f"*{rule.label}*" in GUIDE for rule in USUAL)


def test_the_words_of_conditions_are_all_there_with_their_meaning() -> None:
    assert "".join(f"| `{flag}` | {meaning} |\n" for flag, meaning in FLAGS.items()) in GUIDE


def test_the_conditions_in_the_guide_can_be_read() -> None:
    table = GUIDE.partition("| condition | it holds |")[2].partition("\n\n")[0]
    conditions = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(conditions) > 5
    assert all(parse(each) for each in conditions)


def test_a_caller_in_a_script_is_refused_as_the_guide_says_and_its_way_round_is_not(tmp_path: Path) -> None:
    (way_round,) = re.findall(r"`(run = \[\"sh\".*?\])`", GUIDE)
    assert loaded(tmp_path, f'[[button]]\nlabel = "Note down"\n{way_round}\n').buttons
