import pytest

from bubbled.settings.field import FieldForm, FieldKind
from bubbled.settings.form import forms

FORMS = {section.key: section for section in forms()}
KINDS = {
    "me.extension": FieldKind.TEXT,
    "me.region": FieldKind.COUNTRY,
    "me.devices": FieldKind.LIST,
    "me.numbers": FieldKind.TABLE,
    "pbx.kind": FieldKind.CHOICE,
    "pbx.tls": FieldKind.SWITCH,
    "pbx.port": FieldKind.NUMBER,
    "pbx.ca_file": FieldKind.PATH,
    "pbx.secret": FieldKind.SECRET,
    "dial.hotkey": FieldKind.KEY,
    "directory.sql.query": FieldKind.LINES,
    "directory.rest.secrets": FieldKind.SECRETS,
    "popup.quiet": FieldKind.CHOICES,
    "popup.hours": FieldKind.TIME_SPANS,
    "popup.vip": FieldKind.CONDITION,
    "popup.layout.headline": FieldKind.TEMPLATE,
    "popup.layout.lines": FieldKind.TEMPLATES,
    "popup.window.offset": FieldKind.NUMBERS,
    "button.mail.body": FieldKind.TEMPLATE_LINES,
    "button.mail.recipient": FieldKind.TEMPLATE,
    "button.run": FieldKind.TEMPLATES,
}


def field(name: str) -> FieldForm:
    section = max((key for key in FORMS if name.startswith(f"{key}.")), key=len)
    return next(each for each in FORMS[section].fields if f"{section}.{each.key}" == name)


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_kind_of_a_field_follows_from_the_schema(name: str, kind: FieldKind) -> None:
    assert field(name).kind is kind


def test_every_kind_of_field_is_there() -> None:
    assert {each.kind for section in forms() for each in section.fields} == set(FieldKind)


def test_what_a_number_may_be_is_told() -> None:
    port, ring, offset = field("pbx.port"), field("dial.ring_s"), field("popup.window.offset")
    assert (port.minimum, port.maximum, port.is_whole) == (1, 65535, True)
    assert (ring.minimum, ring.maximum, ring.is_whole, ring.default) == (5, 300, False, 30.0)
    assert (offset.minimum, offset.maximum, offset.is_whole, offset.default) == (0, 10_000, True, [16, 16])


def test_what_is_required_is_told_with_an_example() -> None:
    assert field("me.extension").is_required
    assert field("me.extension").examples == ('extension = "101"',)
    assert not field("directory.carddav.oauth.client_id").is_required


def test_a_field_knows_its_place_in_any_element() -> None:
    assert field("directory.csv.columns.name").at(3) == ("directory", 3, "columns", "name")
    assert field("lookup.tier.mode").at("2") == ("lookup", "tier", "2", "mode")
    assert field("popup.window.width").at(3) == ("popup", "window", "width")
