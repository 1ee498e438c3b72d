from __future__ import annotations

import pytest

from bubbled.dialing.destination import Caution, Destination, Kind, Reading, Refusal, Source
from bubbled.dialing.selection import port as selection
from bubbled.dialing.wording import DEFECT, MOST_CHOICES, NO, TOO_MANY_QUESTIONS, YES, Sentences, failed
from bubbled.model import Failure, Tone
from bubbled.popup.language import catalogue

ENGLISH = Sentences()
DUTCH = Sentences(catalogue({"LANG": "nl_NL.UTF-8"}))

TROUBLES = (
    selection.NO_DESKTOP,
    selection.NO_DISPLAY,
    selection.NO_PROGRAM,
    selection.NO_PRIMARY,
    selection.SILENT,
    DEFECT,
    TOO_MANY_QUESTIONS,
)
"""All that may go wrong between a key and a number."""


def somebody(shown: str, ask: Caution | None = None) -> Destination:
    return Destination(dialled=shown.replace(" ", ""), shown=shown, kind=Kind.OUTSIDE, ask=ask)


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_says_what_was_wrong_and_what_to_do(refusal: Refusal, source: Source) -> None:
    card = ENGLISH.refusal(Reading(refusal=refusal, about="abc"), source)
    assert card.status == "Nobody was called"
    assert card.tone is Tone.NOTICE
    assert card.headline
    assert all(card.lines)
    assert "{" not in card.headline + "".join(card.lines)


def test_only_who_selects_is_told_of_a_selection() -> None:
    reading = Reading(refusal=Refusal.NOTHING)
    assert ENGLISH.refusal(reading, Source.SELECTION).headline == "Nothing is selected"
    assert ENGLISH.refusal(reading, Source.TYPED).headline == "No number is given"


def test_a_link_with_a_code_is_told_why_not() -> None:
    reading = Reading(refusal=Refusal.CODE_NOT_ALLOWED, about="*72")
    assert "A link may never" in ENGLISH.refusal(reading, Source.LINK).lines[0]
    assert "settings" in ENGLISH.refusal(reading, Source.SELECTION).lines[0]


@pytest.mark.parametrize("reason", TROUBLES)
def test_a_trouble_is_told_in_the_users_language_with_what_to_do_below(reason: str) -> None:
    english, dutch = ENGLISH.trouble(reason), DUTCH.trouble(reason)
    assert reason.startswith(english.headline)
    assert reason.endswith(english.lines[0][1:])
    assert dutch.status == "Er is niemand gebeld"
    assert len(dutch.lines) == 1
    assert (dutch.headline, dutch.lines[0]) != (english.headline, english.lines[0])


def test_a_trouble_without_more_to_say_is_all_headline() -> None:
    assert ENGLISH.trouble("Nothing works").headline == "Nothing works"
    assert ENGLISH.trouble("Nothing works").lines == ()


@pytest.mark.parametrize("ask", Caution)
def test_every_question_can_be_answered(ask: Caution) -> None:
    card = ENGLISH.question(somebody("0900 1234", ask), "+319001234")
    assert card.headline == "0900 1234"
    assert card.status.endswith("Call it?")
    assert [button.id for button in card.buttons] == [YES, NO]
    assert card.instead == "To call it: bubbled dial --yes +319001234"


def test_what_to_type_speaks_to_the_daemon_that_asks() -> None:
    card = Sentences(program="bubbled --socket /run/demo.sock").question(somebody("112"), "112")
    assert card.instead == "To call it: bubbled --socket /run/demo.sock dial --yes 112"


def test_of_many_numbers_as_many_are_offered_as_fit() -> None:
    card = ENGLISH.choice([somebody(f"020 123 456{number}") for number in range(9)])
    assert [button.label for button in card.buttons] == [
        *(f"020 123 456{number}" for number in range(MOST_CHOICES)),
        "Do not call",
    ]
    assert card.buttons[-1].id == NO
    assert len({button.id for button in card.buttons}) == len(card.buttons)


@pytest.mark.parametrize("failure", [*Failure, None])
def test_every_failure_is_one_sentence_that_names_the_number(failure: Failure | None) -> None:
    said = failed(failure, number="020 123 4567", phone="Desk phone (PJSIP/101)")
    assert "020 123 4567" in said
    assert said.endswith(".")
    assert "{" not in said


def test_of_what_may_have_happened_it_is_not_said_that_it_did_not() -> None:
    assert "was not called" not in failed(Failure.UNKNOWN, number="020 123 4567", phone="")
