from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.dialing.text.link_text import LinkedNumber, linked, unlinked


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("tel:+31-20-1234567", LinkedNumber("+31-20-1234567")),
        ("TEL:+31201234567", LinkedNumber("+31201234567")),
        ("tel://0201234567", LinkedNumber("0201234567")),
        ("tel:%2B31%2020%201234567", LinkedNumber("+31 20 1234567")),
        ("tel:020 1234567", LinkedNumber("020 1234567")),
        ("tel:+31201234567;ext=12;isub=1", LinkedNumber("+31201234567")),
        ("tel:1234567;phone-context=+3120", LinkedNumber("1234567", "+3120")),
        ("tel:863-1234;phone-context=+1-914-555", LinkedNumber("863-1234", "+1-914-555")),
        ("tel:7042;phone-context=example.com", LinkedNumber("7042")),
        ("tel:+31201234567;phone-context=+1", LinkedNumber("+31201234567")),
        ("tel:7042;x=phone-context=+1", LinkedNumber("7042")),
        ("tel:%2A72", LinkedNumber("*72")),
        ("tel:020%0D%0A1234567", LinkedNumber("020\n1234567")),
        ("tel:%FF%FE020", LinkedNumber("\ufffd\ufffd020")),
        ("tel:", LinkedNumber("")),
        ("callto:+31201234567", LinkedNumber("+31201234567")),
        ("callto://+31201234567+type=phone", LinkedNumber("+31201234567")),
        ("callto:0201234567?call", LinkedNumber("0201234567")),
        ("callto:jan.jansen", LinkedNumber("jan.jansen")),
        ("sip:0201234567@pbx.example.com;user=phone", LinkedNumber("0201234567")),
        ("sips:%2B31201234567:secret@192.0.2.1:5061", LinkedNumber("+31201234567")),
        ("sip:+31201234567;postd=22@example.com", LinkedNumber("+31201234567")),
        ("sip:alice@example.com", LinkedNumber("alice")),
        ("sip:0201234567", LinkedNumber("0201234567")),
        ("sip:192.0.2.1", LinkedNumber("")),
        ("sip:pbx.example.com", LinkedNumber("")),
    ],
)
def test_a_link_holds_a_number(link: str, number: LinkedNumber) -> None:
    assert linked(link) == number


@pytest.mark.parametrize("text", ["", "0201234567", "hotel:1", "https://example.com", "mailto:a@b", "tel"])
def test_other_text_is_no_link(text: str) -> None:
    assert linked(text) is None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('<a href="tel:%2B31201234567">Call</a>', '<a href=" +31201234567 ">Call</a>'),
        ('"Bob" <sip:101@pbx.example.com>', '"Bob" < 101 >'),
        ("tel:1234567;phone-context=+3120", " +31201234567 "),
        ("Tel: 020-1234567", "Tel: 020-1234567"),
        ("hotel:123", "hotel:123"),
    ],
)
def test_links_within_a_text_become_their_numbers(text: str, seen: str) -> None:
    assert unlinked(text) == seen


@given(st.sampled_from(["tel:", "callto:", "sip:"]), st.text())
def test_any_link_is_read_without_an_error(scheme: str, rest: str) -> None:
    number = linked(scheme + rest)
    assert number is not None
    assert isinstance(unlinked(scheme + rest), str)
