import pytest

from bubbled.vocabulary import FILTERS, VARIABLES, complaint


@pytest.mark.parametrize(
    ("name", "argument", "text"),
    [
        ("upper", "", None),
        ("upper", "x", "takes nothing behind a colon"),
        ("short", "20", None),
        ("short", "", "needs a number behind a colon"),
        ("short", "many", "takes a number behind its colon"),
        ("short", "0", "takes a number behind its colon"),
        ("default", "private", None),
        ("date", "", None),
        ("date", "long", None),
        ("date", "DD-MM-YYYY", None),
        ("time", "HH:mm", None),
    ],
)
def test_an_argument_that_a_filter_cannot_use_is_told(name: str, argument: str, text: str | None) -> None:
    assert complaint(name, argument) == text


def test_a_pattern_that_a_filter_cannot_use_is_explained() -> None:
    assert "DD-MM-YYYY" in (complaint("date", "%Y") or "")


def test_every_word_has_its_meaning() -> None:
    assert all(VARIABLES.values())
    assert all(word.meaning for word in FILTERS.values())
