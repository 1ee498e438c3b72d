from typing import Any

import pytest
from pydantic import ValidationError

from bubbled.settings.directory import DirectoryKind
from bubbled.settings.field import FieldForm, FieldKind
from bubbled.settings.form import forms
from bubbled.settings.schema import Settings, keys_at

FORMS = {section.key: section for section in forms()}


def test_every_key_of_the_schema_has_a_field() -> None:
    for section in forms():
        tag = f"directory: {'file' if section.key.endswith(('csv', 'excel', 'vcard')) else section.key[10:]}"
        path = (*section.path, 0, tag) if section.key.startswith("directory.") else section.path
        keys = set(keys_at((*path, "1") if section.is_named else path))
        subsections = {key.rpartition(".")[2] for key in FORMS if key.startswith(f"{section.key}.")}
        assert {each.key.partition(".")[0] for each in section.fields} == keys - subsections, section.key
    assert {section.path[0] for section in forms()} == set(keys_at(()))


def test_each_kind_of_directory_is_a_form_of_its_own() -> None:
    for kind in DirectoryKind:
        form = FORMS[f"directory.{kind}"]
        assert (form.path, form.is_list) == (("directory",), True)
        assert next(each for each in form.fields if each.key == "kind").choices == (kind.value,)


def test_a_section_that_may_be_left_out_with_required_fields_is_optional() -> None:
    assert FORMS["pbx.sip"].is_optional
    assert not FORMS["popup.window"].is_optional


def sample(each: FieldForm) -> Any:
    """Something that may stand in a field of this kind."""
    texts: dict[FieldKind, Any] = {
        FieldKind.TEXT: "abc",
        FieldKind.SWITCH: True,
        FieldKind.COUNTRY: "NL",
        FieldKind.LIST: ["1??"],
        FieldKind.TABLE: {"a": "b"},
        FieldKind.PATH: "/tmp/x",  # noqa: S108 - a path that is not used
        FieldKind.KEY: "F9",
        FieldKind.CONDITION: "inbound",
        FieldKind.TEMPLATE: "https://example.com/",
        FieldKind.TEMPLATES: ["x"],
        FieldKind.TEMPLATE_LINES: "a\nb",
        FieldKind.TIME_SPANS: ["Mon-Fri 08:30-17:30"],
        FieldKind.SECRET: {"env": "X"},
        FieldKind.SECRETS: {"a": {"env": "X"}},
        FieldKind.LINES: "SELECT\n1",
        FieldKind.NUMBERS: [1, 2],
        FieldKind.CHOICES: list(each.choices),
    }
    if each.kind is FieldKind.CHOICE:
        return each.choices[0]
    return texts.get(each.kind, each.minimum or 1)


@pytest.mark.parametrize(
    "name", ["popup", "popup.window", "popup.layout", "history", "log", "tray", "lookup"]
)
def test_what_the_form_takes_the_schema_takes(name: str) -> None:
    document: Any = {
        "me": {"extension": "101", "region": "NL"},
        "pbx": {"host": "localhost", "username": "a", "secret": {"env": "X"}},
    }
    table = document
    for step in FORMS[name].path:
        table = table.setdefault(step, {})
    keys = iter(("F8", "F9", "F10"))
    for each in FORMS[name].fields:
        table[each.key] = next(keys) if each.kind is FieldKind.KEY else sample(each)
        assert (
            table[each.key] != each.default or each.kind is FieldKind.CHOICE or each.kind is FieldKind.SWITCH
        )
    if "monitor" in table:
        table["width"] = 300
    Settings.model_validate(document)


def test_defaults_are_what_the_schema_takes_without_the_field() -> None:
    section = FORMS["popup"]
    document: Any = {
        "me": {"extension": "101", "region": "NL"},
        "pbx": {"host": "localhost", "username": "a", "secret": {"env": "X"}},
    }
    plain = Settings.model_validate(document).popup
    document["popup"] = {each.key: each.default for each in section.fields if each.default is not None}
    try:
        assert Settings.model_validate(document).popup == plain
    except ValidationError as error:  # pragma: no cover - the message tells which default is none
        raise AssertionError(error.errors()) from error
