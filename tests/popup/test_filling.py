from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Contact
from bubbled.popup.filling import fill, line
from bubbled.popup.layout import Layout
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.variable import Values
from bubbled.template import parse
from tests.popup.test_layout import JAN, NOW, RINGING


def values(contact: Contact | None = JAN) -> Values:
    return Values(Subject(call=RINGING, finding=Finding(contact=contact)), Layout(region="NL"), NOW)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$city · $street · $company", "Utrecht · Bakker & Zn"),
        ("$street · $house · $company", "Bakker & Zn"),
        ("$city / $street / $house", "Utrecht"),
        ("$name [$street] ($house)", "Jan Jansen"),
        ("${name|first} of $company", "Jan of Bakker & Zn"),
        ("${city|upper|short:4}", "UTR…"),
        ("${street|default:no street}", "no street"),
        ("a -- b $street", ""),
        ("a -- b", "a -- b"),
    ],
)
def test_a_line_is_filled_in_and_tidied(text: str, shown: str) -> None:
    assert line(text, values()) == shown


def test_every_value_is_escaped_once_and_the_template_never() -> None:
    assert fill(parse("<$city|$name>"), values(), lambda text: f"[{text}]") == "<[Utrecht]|[Jan Jansen]>"


def test_values_of_another_language_are_not_cut_as_lines_are() -> None:
    contact = replace(JAN, url="https://crm.example.com/" + "x" * 300)
    assert len(fill(parse("$url"), values(contact))) == 324
    assert len(line("$url", values(contact))) == 120


@given(template=st.text(), name=st.text(), column=st.text())
def test_no_template_and_no_value_can_make_more_than_a_line(template: str, name: str, column: str) -> None:
    contact = Contact(directory="d", name=name, fields=((column.lower(), name),))
    shown = line("${" + column + "} $name " + template, values(contact))
    assert shown.splitlines() in ([], [shown])
    assert len(shown) <= 120
    assert not set(shown) & set("\0\x1b\x7f\u202e\u2028")
