from __future__ import annotations

import pytest

from bubbled.dialing.text.running_text import numbers_in

DESK, MOBILE, FAX = "+31201234567", "+31612345678", "+31201234568"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Bel 020-1234567 of 06-12345678.", (DESK, MOBILE)),
        ("(020) 123 45 67; +31 6 1234 5678", (DESK, MOBILE)),
        ("0201234567 0612345678", (DESK, MOBILE)),
        ("020-1234567 tst 12 / 06-12345678", (DESK, MOBILE)),
        ("020-1234567 / 68", (DESK,)),
        ("T 020-1234567 F 020-1234568", (DESK,)),
        ("Fax 020-1234568 of 06-12345678", (MOBILE,)),
        ("Stuur een fax: 020-1234568", (FAX,)),
        ("Bel +31 20\n123 45 67 graag", (DESK,)),
        ("Bel +31 20 123 45 67, 1015 CJ", (DESK,)),
        ("", ()),
        ("Bel 020\n1234567 graag", ()),  # two numbers below each other, perhaps of a table
        ("Bel 201234567 graag", ()),  # too little for a number in a sentence
        ("Bel 020-1234567890 graag", ()),
        ("Order 0201234567", ()),
        ("Zaak #0201234567", ()),
        ("0201234567 123456 van 1", ()),  # part of something longer
        ("x0201234567", ()),
        ("112", ()),
        ("1850", ()),
    ],
)
def test_only_numbers_of_the_numbering_plan_count(text: str, numbers: tuple[str, ...]) -> None:
    assert numbers_in(text, "NL") == numbers


def test_a_number_that_may_go_on_below_is_given_in_both_ways() -> None:
    assert numbers_in("Ruf 030 901234\n56 an", "DE") == ("+493090123456", "+4930901234")


def test_two_numbers_are_not_taken_for_a_long_one() -> None:
    assert numbers_in("030 1234 030 5678", "DE") == ("+49301234", "+49305678")
    assert numbers_in("030 12345\n030 54321", "DE") == ("+493012345", "+493054321")
