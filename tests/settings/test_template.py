from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.settings.caution import cautions
from bubbled.settings.loading import load
from bubbled.settings.mistake import InvalidSettings
from bubbled.settings.schema import Settings
from bubbled.settings.template import checked, strange, templates
from bubbled.vocabulary import VARIABLES

START = """\
[me]
extension = "101"
region = "NL"
[pbx]
host = "pbx.example.com"
username = "bubbled"
secret = { env = "X" }
"""


def with_(**sections: Any) -> Settings:
    pbx = {"host": "pbx.example.com", "username": "u", "secret": {"env": "X"}}
    return Settings.model_validate({"me": {"extension": "101", "region": "NL"}, "pbx": pbx, **sections})


def refused(file: Path, text: str) -> list[str]:
    file.write_text(START + text)
    with pytest.raises(InvalidSettings) as refusal:
        load(file)
    return [str(mistake) for mistake in refusal.value.mistakes]


def test_a_filter_that_does_not_exist_is_a_mistake_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    text = '[popup.layout]\nlines = [\n  "$company",\n  "${number|natonal}",\n]\n'
    assert refused(tmp_path / "config.toml", text) == [
        (
            "line 11: popup.layout.lines[2] holds a filter 'natonal' that does not exist; "
            "did you mean 'national'?"
        )
    ]


@pytest.mark.parametrize(
    ("does", "key"),
    [
        ('open = "https://crm.example.com/${number|x}"', "button[1].open"),
        ('copy = "${number|x}"', "button[1].copy"),
        ('dial = "${number|x}"', "button[1].dial"),
        ('run = ["/bin/true", "${number|x}"]', "button[1].run[2]"),
        ('mail = { subject = "${number|x}" }', "button[1].mail.subject"),
        ('mail = { subject = "Hello", body = "${number|x}" }', "button[1].mail.body"),
        ('mail = { subject = "Hello", recipient = "${number|x}" }', "button[1].mail.recipient"),
    ],
)
def test_the_templates_of_buttons_are_checked_too(does: str, key: str, tmp_path: Path) -> None:
    (mistake,) = refused(tmp_path / "config.toml", f'[[button]]\nlabel = "Do"\n{does}\n')
    assert mistake.startswith(f"line 10: {key} holds a filter 'x'")


def test_a_layout_that_would_make_popups_late_is_too_large(tmp_path: Path) -> None:
    long, names, queues = "$name" * 801, '"$name", ' * 51, '"1", ' * 501
    text = (
        f"[popup]\nqueues = [{queues}]\n"
        f"[popup.layout]\nheadline = '{long}'\nlines = [{names}]\n"
        f"[popup.window]\nmonitor = '{queues[:101]}'\n"
        f"[[button]]\nlabel = 'Run'\nrun = [{names}]\n"
    )
    assert refused(tmp_path / "config.toml", text) == [
        "line 9: popup.queues must have at most 500 entries",
        "line 11: popup.layout.headline must have at most 4000 characters",
        "line 12: popup.layout.lines must have at most 50 entries",
        "line 14: popup.window.monitor must have at most 100 characters",
        "line 17: button[1].run must have at most 50 entries",
    ]
    assert refused(tmp_path / "config.toml", '[[button]]\nlabel = "x"\nnote = true\n' * 51) == [
        "line 8: button must have at most 50 entries"
    ]


@pytest.mark.parametrize("text", ["${number", "${}", "Call ${number and $name"])
def test_braces_without_their_end_are_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match=r"\$\$"):
        checked(text)


@pytest.mark.parametrize(
    "text",
    ["", "$name", "costs $ 5", "$${name", "${postal code|upper}", "${last_contact_at|date:DD-MM-YYYY}"],
)
def test_what_can_be_filled_in_is_taken(text: str) -> None:
    assert checked(text) == text


@given(st.text())
def test_every_text_is_taken_or_refused_in_words(text: str) -> None:
    try:
        checked(text)
    except ValueError as error:
        assert str(error).startswith("holds ")  # noqa: PT017 - both ends are right


def test_a_misspelt_variable_is_told_with_what_was_meant() -> None:
    settings = with_(
        popup={"layout": {"headline": "$nam", "lines": ["$city", "$compny"]}, "vip": "compny == 'Acme'"},
        button=[{"label": "CRM", "open": "https://crm.example.com/$number_natonal", "when": "inbound"}],
    )
    assert [each.partition(";")[0:3:2] for each in cautions(settings, 0o600)] == [
        ("popup.layout.headline: $nam is no variable of bubbled", hint("name")),
        ("popup.layout.lines[2]: $compny is no variable of bubbled", hint("company")),
        ("button[1].open: $number_natonal is no variable of bubbled", hint("number_national")),
        ("popup.vip: $compny is no variable of bubbled", hint("company")),
    ]


def hint(meant: str) -> str:
    return f" did you mean ${meant}? If your address book has such a column, all is well"


@pytest.mark.parametrize("column", ["city", "notes", "first_name", "account_manager", "{postal code}"])
def test_a_column_of_an_address_book_is_no_slip(column: str) -> None:
    settings = with_(popup={"layout": {"lines": [f"${column}"]}})
    assert list(cautions(settings, 0o600)) == []
    assert [key for key, _ in strange(settings)] == ["popup.layout.lines[1]"]


@pytest.mark.parametrize("name", VARIABLES)
def test_no_variable_is_strange(name: str) -> None:
    assert list(strange(with_(popup={"layout": {"headline": f"${name}"}}))) == []


def test_every_template_is_found_with_its_key() -> None:
    settings = with_(
        popup={"layout": {"headline": "a", "lines": ["b", "c"], "footnote": "l", "picture": "d"}},
        button=[
            {"label": "e", "mail": {"recipient": "f", "subject": "g", "body": "h"}},
            {"label": "i", "run": ["j", "k"]},
        ],
    )
    assert [text for _, text in templates(settings)] == list("abcldefghijk")
