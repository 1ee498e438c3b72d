import json

import pytest

from bubbled.popup.example import SCENES, everything
from bubbled.popup.layout import Layout, lay_out
from bubbled.popup.legend import Legend, legend, legend_from_json, legend_json
from bubbled.popup.variable import Values
from bubbled.vocabulary import FILTERS, VARIABLES
from tests.popup.test_layout import NOW

DESK = Layout(region="NL")


def whole() -> Legend:
    subject, layout = everything(DESK, NOW)
    return legend(Values(subject, layout, NOW))


def test_every_variable_and_filter_is_there_with_an_example() -> None:
    found = whole()
    assert [entry.word for entry in found.variables] == [f"${name}" for name in VARIABLES]
    assert len(found.filters) == len(FILTERS)
    for entry in (*found.variables, *found.columns, *found.filters):
        assert entry.word
        assert entry.meaning
        assert entry.example


@pytest.mark.parametrize(
    ("word", "example"),
    [
        ("${number|national}", "0470123456"),
        ("${last_contact_at|date:DD-MM-YYYY}", "12-11-2026"),
        ("${name|initials}", "JJ"),
        ("${fax|default:no fax}", "no fax"),
    ],
)
def test_a_filter_is_shown_at_work(word: str, example: str) -> None:
    assert {entry.word: entry.example for entry in whole().filters}[word] == example


def test_columns_of_the_address_book_are_there_as_one_writes_them() -> None:
    assert {entry.word: entry.example for entry in whole().columns}["${postal code}"] == "3511 AB"


def test_it_comes_through_json() -> None:
    found = whole()
    assert legend_from_json(json.loads(json.dumps(legend_json(found)))) == found


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_makes_a_card_of_at_most_five_lines(scene: str) -> None:
    card = lay_out(SCENES[scene](DESK, NOW), DESK, NOW)
    assert card.headline
    assert 1 <= len(card.lines) <= 5
    assert card.buttons
