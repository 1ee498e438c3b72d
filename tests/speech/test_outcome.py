from gettext import NullTranslations

import pytest

from bubbled.model import Outcome
from bubbled.popup.language import catalogue
from bubbled.speech.outcome import ended

ENGLISH, DUTCH = NullTranslations(), catalogue({"LANG": "nl_NL.UTF-8"})


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_told_in_each_language(outcome: Outcome) -> None:
    assert ended(outcome, ENGLISH)
    assert ended(outcome, DUTCH) != ended(outcome, ENGLISH)
