from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.sql.fault import Fault, cleaned, error_of
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_one_sentence_with_and_without_the_words_of_the_database(fault: Fault) -> None:
    for words in ("it {said} so", ""):
        text = str(error_of(fault, "db:5432", words))
        assert "()" not in text
        assert "{host}" not in text
        assert "{words}" not in text


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.ACCOUNT, CredentialsError),
        (Fault.ACCOUNT_FROM_HERE, CredentialsError),
        (Fault.BUSY, BusyError),
        (Fault.TABLE, DirectoryError),
    ],
)
def test_what_only_the_user_or_time_can_mend_is_told_apart(fault: Fault, kind: type[DirectoryError]) -> None:
    assert type(error_of(fault, "db")) is kind


@pytest.mark.parametrize(
    ("words", "clean"),
    [
        ("near ''+31612345678' LIMIT' at line 1", "near ''***' LIMIT' at line 1"),
        ("no 06-1234 5678 and 06 12345678.", "no *** and ***."),
        ("first\nsecond", "first"),
        ("  a\x1b[31mb\u202e ", "a[31mb"),
        ("column 12 of 1234", "column 12 of 1234"),
    ],
)
def test_words_are_short_and_hold_no_number(words: str, clean: str) -> None:
    assert cleaned(words) == clean


@given(st.text())
def test_any_words_become_one_short_line(words: str) -> None:
    clean = cleaned(words)
    assert len(clean) <= 160
    assert clean == "" or clean.isprintable()
