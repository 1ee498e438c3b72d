from __future__ import annotations

import pytest

from bubbled.story.phrase import reworded

TEXTS = ("ready", "{count} of {most}", "indexing {percent} %", "failed (why?): {reason}", "{anything}!")
DUTCH = {
    "ready": "klaar",
    "{count} of {most}": "van {most} zijn er {count}",
    "indexing {percent} %": "{percent} %",
    "failed (why?): {reason}": "mislukt: {reason}",
    "{anything}!": "{anything}.",
}


@pytest.mark.parametrize(
    ("words", "dutch"),
    [
        ("ready", "klaar"),
        ("3 of 7", "van 7 zijn er 3"),
        ("indexing 37 %", "37 %"),
        ("failed (why?): the file\nis gone", "mislukt: the file\nis gone"),
        ("failed (why?): {reason} {0} %s", "mislukt: {reason} {0} %s"),
        ("of of of!", "van of! zijn er of"),
        ("failed why: it is gone", None),
        ("Ready", None),
        ("ready ", None),
        ("", None),
    ],
)
def test_words_are_said_by_the_text_that_they_were_made_from(words: str, dutch: str | None) -> None:
    assert reworded(words, TEXTS, DUTCH.__getitem__) == dutch


def test_a_long_hostile_name_is_a_name() -> None:
    name = "of {count} " * 10_000
    assert reworded(f"failed (why?): {name}", TEXTS[3:], DUTCH.__getitem__) == f"mislukt: {name}"
