from __future__ import annotations

import pytest

from bubbled.dialing.text.label import bare_number, is_fax, is_no_phone, with_labels_apart, without_emphasis


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("020-1234567", "020-1234567"),
        ("Tel.: 020-1234567", "020-1234567"),
        ("Telefoonnummer: 020-1234567", "020-1234567"),
        ("Tel. nr. 020-1234567", "020-1234567"),
        ("T/F: 020-1234567", "020-1234567"),
        ("Téléphone (020) 1234567", "(020) 1234567"),
        ("T020-1234567", "020-1234567"),
        ("(privé) 020-1234567", "(privé) 020-1234567"),
        ("0151 12345678 (mobil)", "0151 12345678"),
        ("tst. 101", "101"),
        ("bel 112!", "112"),
        ("* 06-12345678", "06-12345678"),
        ("*72", "*72"),
        ("• 020-1234567", "020-1234567"),
        ("“+31 20 1234567”", "+31 20 1234567"),
    ],
)
def test_a_number_is_told_from_its_labels(text: str, number: str) -> None:
    assert bare_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "Jan", "Jan 101", "Order 101", "€ 101", "101%", "F7", "A4", "D12", "020-1234567 bellen graag"],
)
def test_what_says_more_is_no_bare_number(text: str) -> None:
    assert bare_number(text) is None


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("**020**", "020"),
        ("_020_", "020"),
        ("`020`", "020"),
        ("*21*0612345678#", "*21*0612345678#"),
        ("*72", "*72"),
        ("**", "**"),
    ],
)
def test_emphasis_is_told_from_a_code(text: str, inner: str) -> None:
    assert without_emphasis(text) == inner


@pytest.mark.parametrize(
    ("before", "after"),
    [("Fax: ", ""), ("F ", ""), ("Telefax-Nr. ", ""), ("Faxnummer ", ""), ("", " (fax)"), ("\n", " [Fax] 1")],
)
def test_a_fax_number_is_known_by_what_stands_beside_it(before: str, after: str) -> None:
    assert is_fax(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tel: ", ""),
        ("Tel/Fax: ", ""),
        ("Telefoon en fax ", ""),
        (" (fax) ", ""),
        ("Fax\n", ""),
        ("Jan F. J. ", ""),
    ],
)
def test_other_numbers_are_no_fax_numbers(before: str, after: str) -> None:
    assert not is_fax(before, after)


@pytest.mark.parametrize(
    "before",
    [
        "Order ",
        "Order no. ",
        "bestelnummer: ",
        "Bestellnr. ",
        "KvK ",
        "Kto.-Nr. ",
        "Ref #",
        "Issue #",
        "BSN: ",
    ],
)
def test_a_number_of_something_else_is_known_by_what_stands_before_it(before: str) -> None:
    assert is_no_phone(before)


@pytest.mark.parametrize("before", ["", "Tel. ", "Order hotline: ", "Order 12, tel. ", "Order 12\n", "nr. "])
def test_a_phone_number_is_not_taken_for_a_number_of_something_else(before: str) -> None:
    assert not is_no_phone(before)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("T +31201234567M +31612345678", "T +31201234567 M +31612345678"),
        ("0201234567Mobiel: 0612345678", "0201234567 Mobiel: 0612345678"),
        ("0201234567M", "0201234567M"),
        ("NL001234567B01", "NL001234567B01"),
    ],
)
def test_a_label_that_a_number_stands_against_is_put_apart(text: str, apart: str) -> None:
    assert with_labels_apart(text) == apart
