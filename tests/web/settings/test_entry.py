from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.settings.editing import ABSENT
from bubbled.settings.field import FieldForm, FieldKind
from bubbled.web.settings.entry import KEPT, differs, name_of, read, written

NAME = name_of(("some", "setting"))
LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).filter(
    lambda text: text == text.strip()
)
WORD = LINE.filter(lambda text: "=" not in text)
NUMBERS = st.integers(-(10**9), 10**9)

VALUES = {
    FieldKind.TEXT: LINE,
    FieldKind.PATH: LINE,
    FieldKind.KEY: LINE,
    FieldKind.CONDITION: LINE,
    FieldKind.COUNTRY: LINE,
    FieldKind.CHOICE: LINE,
    FieldKind.TEMPLATE: LINE,
    FieldKind.LINES: st.lists(LINE, min_size=1).map("\n".join),
    FieldKind.TEMPLATE_LINES: st.lists(LINE, min_size=1).map("\n".join),
    FieldKind.LIST: st.lists(LINE, min_size=1),
    FieldKind.TEMPLATES: st.lists(LINE, min_size=1),
    FieldKind.TIME_SPANS: st.lists(LINE, min_size=1),
    FieldKind.CHOICES: st.lists(WORD),
    FieldKind.TABLE: st.dictionaries(WORD, LINE, min_size=1),
    FieldKind.NUMBER: NUMBERS | st.integers(-9999, 9999).map(lambda it: it + 0.25),
    FieldKind.NUMBERS: st.lists(NUMBERS, min_size=1),
    FieldKind.SWITCH: st.booleans(),
}


def field(kind: FieldKind, default: Any = None) -> FieldForm:
    return FieldForm(("some", "setting"), "setting", kind, default=default)


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_what_stands_in_a_field_is_read_as_the_value_that_it_shows(
    kind: FieldKind, data: st.DataObject
) -> None:
    value = data.draw(VALUES[kind])
    shown = written(field(kind), value)
    assert read(field(kind), NAME, {NAME: shown if isinstance(shown, list) else [shown]}) == value


@pytest.mark.parametrize("kind", VALUES.keys() - {FieldKind.CHOICES})
def test_a_field_that_is_left_empty_takes_its_setting_out(kind: FieldKind) -> None:
    assert read(field(kind), NAME, {NAME: [""]}) is ABSENT
    assert read(field(kind), NAME, {}) is ABSENT


def test_a_number_that_is_none_goes_on_as_it_was_typed() -> None:
    assert read(field(FieldKind.NUMBER), NAME, {NAME: ["half"]}) == "half"
    assert read(field(FieldKind.NUMBER), NAME, {NAME: ["1e999"]}) == "1e999"


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ({":way": "keep", ":value": "ignored"}, KEPT),
        ({}, KEPT),
        ({":way": "none"}, ABSENT),
        ({":way": "plain", ":value": " with spaces "}, " with spaces "),
        ({":way": "plain", ":value": ""}, KEPT),
        ({":way": "env", ":value": "PASSWORD"}, {"env": "PASSWORD"}),
        ({":way": "keyring", ":value": "bubbled", ":user": "ami"}, {"keyring": "bubbled", "user": "ami"}),
        ({":way": "command", ":value": "rm"}, KEPT),
    ],
)
def test_a_secret_stays_unless_another_is_given(sent: dict[str, str], value: Any) -> None:
    form = {f"{NAME}{key}": [text] for key, text in sent.items()}
    assert read(field(FieldKind.SECRET), NAME, form) == value


def test_of_secrets_by_names_one_is_added_and_the_others_stay() -> None:
    sent = {
        f"{NAME}:known": ["1"],
        f"{NAME}:name": ["key", "more"],
        f"{NAME}:0:way": ["keep"],
        f"{NAME}:1:way": ["env"],
        f"{NAME}:1:value": ["MORE"],
    }
    assert read(field(FieldKind.SECRETS), NAME, sent) == {"key": KEPT, "more": {"env": "MORE"}}


def test_secrets_that_nobody_touched_stay() -> None:
    sent = {f"{NAME}:known": ["1"], f"{NAME}:name": ["key", ""], f"{NAME}:0:way": ["keep"]}
    assert read(field(FieldKind.SECRETS), NAME, sent) is KEPT


def test_what_is_usual_need_not_come_into_the_file_but_may_stay_there() -> None:
    usual = field(FieldKind.SWITCH, default=True)
    assert not differs(usual, value=True, before=ABSENT)
    assert differs(usual, value=False, before=ABSENT)
    assert differs(usual, value=ABSENT, before=True)
    assert not differs(usual, value=True, before=True)
