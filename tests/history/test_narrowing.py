from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.history import narrowing
from bubbled.history.narrowing import KnownWord, narrowed, words_in
from bubbled.history.question import AllOf, AnyOf, Word, holds, question_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.history.question import Question

LETTERS = st.text("jan01", min_size=1, max_size=3)
WORDS = st.builds(Word, LETTERS, st.booleans())
QUESTIONS = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([AllOf(tuple(parts)), AnyOf(tuple(parts))])
    ),
    max_leaves=8,
)
CALLS = st.lists(st.lists(LETTERS, unique=True, max_size=4), max_size=8)


def known(question: Question, calls: Sequence[str]) -> dict[Word, list[KnownWord]]:
    """Tell what a shelf with these calls has, as an index of them would."""
    counted = Counter(word for words in calls for word in words.split())
    found: dict[Word, list[KnownWord]] = {}
    for word in words_in(question):
        fitting = [each for each in counted if holds(word, f" {each} ")]
        found[word] = [KnownWord(each, counted[each]) for each in fitting[: narrowing.MOST_WORDS + 1]]
    return found


@given(st.lists(QUESTIONS, min_size=1, max_size=4), CALLS, st.integers(0, 3), st.integers(0, 3))
def test_a_narrowed_question_holds_of_the_same_calls(
    parts: list[Question], words: list[list[str]], most_words: int, few_calls: int
) -> None:
    question = AllOf(tuple(parts))
    calls = [f" {' '.join(some)} " for some in words]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(narrowing, "MOST_WORDS", most_words)
        patch.setattr(narrowing, "FEW_CALLS", few_calls)
        asked = narrowed(question, known(question, calls))
    expected = [call for call in calls if holds(question, call)]
    if asked is None:
        assert expected == []
    else:
        assert asked.indexed.parts
        assert [call for call in calls if holds(asked.indexed, call) and holds(asked.read, call)] == expected


def test_a_beginning_becomes_the_words_that_begin_so() -> None:
    question = question_of("jan acme", "NL")
    jan, acme = words_in(question)
    words = {jan: [KnownWord("jan", 9000), KnownWord("jansen", 7000)], acme: [KnownWord("acme", 9000)]}
    assert narrowed(question, words) == (
        AllOf(
            (
                AllOf((AnyOf((Word("jan", is_whole=True), Word("jansen", is_whole=True))),)),
                AllOf((AnyOf((Word("acme", is_whole=True),)),)),
            )
        ),
        AllOf(()),
        False,
    )


def test_a_word_that_nobody_has_is_told_at_once() -> None:
    question = question_of("jansen xylophone", "NL")
    jansen, xylophone = words_in(question)
    assert narrowed(question, {jansen: [KnownWord("jansen", 9000)], xylophone: []}) is None


def test_of_few_calls_the_words_are_read_rather_than_many_words_gathered() -> None:
    question = question_of("j acme", "NL")
    j, acme = words_in(question)
    many = [KnownWord(f"j{number}", 9) for number in range(narrowing.MOST_WORDS + 1)]
    asked = narrowed(question, {j: many, acme: [KnownWord("acme", 3)]})
    assert asked is not None
    assert list(words_in(asked.indexed)) == [Word("acme", is_whole=True)]
    assert list(words_in(asked.read)) == [j]
    assert not asked.is_wide
    asked = narrowed(question, {j: many, acme: [KnownWord("acme", narrowing.FEW_CALLS + 1)]})
    assert asked is not None
    assert list(words_in(asked.indexed)) == [j, Word("acme", is_whole=True)]
    assert asked.is_wide
