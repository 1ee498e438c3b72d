"""How reading depends on who asks; what is read has its examples and its properties beside this."""

from __future__ import annotations

import pytest

from bubbled.dialing.destination import Caution, Kind, Reading, Refusal, Source
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.text.reading import LONGEST_TEXT, read

NL = DialPlan(region="NL", extensions=("1??",), codes=True)


@pytest.mark.parametrize("source", Source)
def test_the_same_text_means_the_same_number_to_all(source: Source) -> None:
    (destination,) = read("020-1234567", source, NL).destinations
    assert destination.e164 == "+31201234567"
    assert destination.ask is (Caution.LINK if source is Source.LINK else None)


@pytest.mark.parametrize(
    "link", ["*72", "tel:*72", "tel:%2A72", "sip:*72@pbx.example.com", "tel:%2331%23101"]
)
def test_a_link_dials_no_code_where_the_user_may(link: str) -> None:
    assert read(link, Source.LINK, NL).refusal is Refusal.CODE_NOT_ALLOWED
    (destination,) = read(link, Source.SELECTION, NL).destinations
    assert destination.kind is Kind.CODE


@pytest.mark.parametrize(
    "link",
    [
        "tel:0201234567%0D%0AAction:%20Originate",
        "tel:0201234567 or so",
        "tel:--help",
        "tel:$(0201234567)",
        "tel:`0201234567`",
        "tel:020%001234567x",
        "sip:jan0201234567@example.com",
    ],
)
def test_a_link_is_a_number_or_nothing(link: str) -> None:
    assert read(link, Source.LINK, NL).refusal is Refusal.NO_NUMBER


@pytest.mark.parametrize("link", ["tel:0201234567,,12#", "tel:0201234567p12", "tel:0201234567,0612345678"])
def test_tones_behind_the_number_of_a_link_are_left_to_the_user(link: str) -> None:
    (destination,) = read(link, Source.LINK, NL).destinations
    assert destination.dialled == "0201234567"


def test_a_link_may_be_local_to_its_own_country_only() -> None:
    (emergency,) = read("tel:112;phone-context=+31", Source.LINK, NL).destinations
    assert emergency.kind is Kind.EMERGENCY
    assert read("tel:112;phone-context=+49", Source.LINK, NL).refusal is Refusal.IMPOSSIBLE
    assert read("tel:101;phone-context=+3120", Source.LINK, NL).refusal is Refusal.IMPOSSIBLE


def test_a_text_that_is_too_long_is_refused_unread() -> None:
    text = "020-1234567 " * 500_000
    assert read(text, Source.SELECTION, NL) == Reading(
        refusal=Refusal.TOO_LONG, about="020-1234567 020-1234567 020-1234567 020…"
    )
    (destination,) = read("020-1234567".ljust(LONGEST_TEXT), Source.SELECTION, NL).destinations
    assert destination.dialled == "0201234567"


def test_a_refusal_says_what_it_is_about() -> None:
    assert read(" Jan\r\nJansen\x00 ", Source.SELECTION, NL) == Reading(
        refusal=Refusal.NO_NUMBER, about="Jan Jansen"
    )
    assert read("\x00 ", Source.SELECTION, NL) == Reading(refusal=Refusal.NOTHING)


def test_a_name_with_an_allowed_extension_is_somebody() -> None:
    for text in ("Bob (101)", "Bob 101", "Bob Jansen [101]", '"Bob" <sip:101@pbx.example.com>'):
        (destination,) = read(text, Source.SELECTION, NL).destinations
        assert (destination.kind, destination.dialled) == (Kind.INTERNAL, "101")


@pytest.mark.parametrize(
    "text",
    [
        "Bob (202)",
        "Bob (112)",
        "Bob 101 en 102",
        "Order 101",
        "v101",
        "50% 101",
        "31-12-2024 112",
        "€ 12,50 Bob 101",
        "Bob, the one who sits in room 101",
        "Bob\n101",
        "0900 and something 101",
    ],
)
def test_other_digits_beside_words_are_nobody(text: str) -> None:
    assert read(text, Source.SELECTION, NL).refusal is Refusal.NO_NUMBER


@pytest.mark.parametrize(
    "link",
    [
        "javascript:0201234567",
        "data:text/plain,0201234567",
        "xtel:0201234567",
        "t\u0435l:0201234567",
        "mailto:0201",
    ],
)
def test_a_link_of_another_kind_calls_nobody(link: str) -> None:
    assert read(link, Source.LINK, NL).refusal is Refusal.NO_NUMBER


def test_nobody_chooses_among_a_page_of_numbers() -> None:
    numbers = [f"020-{1234500 + n}" for n in range(12)]
    assert len(read("\n".join(numbers[:9]), Source.SELECTION, NL).destinations) == 9
    assert read("\n".join(numbers), Source.SELECTION, NL).refusal is Refusal.TOO_LONG
