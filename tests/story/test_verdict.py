import pytest

from bubbled.daemon.quiet_watch import WORDS
from bubbled.popup import rule
from bubbled.popup.verdict import SHOWN, UNKNOWN
from bubbled.story import verdict
from bubbled.story.verdict import no_popup


def test_the_words_are_those_of_the_rules() -> None:
    fixed = {value for name, value in vars(rule).items() if name.isupper() and isinstance(value, str)}
    assert fixed | set(WORDS.values()) | {UNKNOWN} <= set(verdict.RULES)
    assert verdict.SHOWN == SHOWN


DUTCH = {
    "No popup: {reason}.": "{reason}",
    "muted": "gedempt",
    "muted until {time}": "gedempt tot {time}",
    "outside the hours {hours}": "buiten {hours}",
    "not by one of the queues {queues}": "niet via de wachtrijen {queues}",
    "not by one of the queues {queues} or the numbers {numbers}": "niet via {queues} of {numbers}",
    "do not disturb is on": "niet storen staat aan",
    " and ": " en ",
}


@pytest.mark.parametrize(
    ("reason", "dutch"),
    [
        ("muted", "gedempt"),
        ("muted until 14:00", "gedempt tot 14:00"),
        ("muted and do not disturb is on", "gedempt en niet storen staat aan"),
        ("outside the hours Mon-Fri 08:30-17:30", "buiten Mon-Fri 08:30-17:30"),
        ("not by one of the queues a and {b}", "niet via de wachtrijen a and {b}"),
        ("not by one of the queues a, b or the numbers 020*", "niet via a, b of 020*"),
        ("of tomorrow and after", "of tomorrow and after"),
    ],
)
def test_the_words_of_a_rule_are_translated_also_where_they_name_something(reason: str, dutch: str) -> None:
    assert no_popup(reason, "", lambda text: DUTCH.get(text, text)) == dutch
