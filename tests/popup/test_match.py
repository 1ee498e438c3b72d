from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import E164, Call, CallId, CallState, Card, Contact, Device, Direction, Tone
from bubbled.popup.layout import Layout, lay_out
from bubbled.popup.match import MORE, MOST_BUTTONS, list_card, picked, told_apart
from bubbled.popup.subject import Finding, Subject

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="+31201234567",
    e164=E164("+31201234567"),
)


def contact(name: str | None, company: str | None = None, **fields: str) -> Contact:
    return Contact(directory="Customers", name=name, company=company, fields=tuple(fields.items()))


def subject(*matches: Contact) -> Subject:
    return Subject(call=CALL, finding=Finding(contact=matches[0], matches=matches))


def listed(about: Subject, page: int = 0) -> Card:
    return list_card(about, page, 1, Layout(region="NL"), NOW)


@pytest.mark.parametrize(
    ("matches", "lines"),
    [
        ((contact("Jan", "Acme"), contact("Piet", "Acme")), ("Jan · Acme", "Piet · Acme")),
        ((contact("Jan"), contact(None, "Acme")), ("Jan", "Acme")),
        ((contact("Acme", "Acme"), contact("Jan")), ("Acme", "Jan")),
        (
            (contact("Jan", vat="1", city="Utrecht"), contact("Jan", vat="1", city="Gouda")),
            ("Jan · Utrecht", "Jan · Gouda"),
        ),
        (
            (contact("Jan", city="Utrecht", age="7"), contact("Jan", city="Utrecht", age="70")),
            ("Jan · 7", "Jan · 70"),
        ),
        ((contact("Jan", city="Utrecht"), contact("Jan")), ("Jan · Utrecht", "Jan")),
        ((contact("Jan"), contact("Jan")), ("Jan", "Jan")),
        ((contact("Jan", city="Utrecht"), contact("Piet", city="Gouda")), ("Jan", "Piet")),
    ],
)
def test_a_line_tells_what_tells_them_apart(matches: tuple[Contact, ...], lines: tuple[str, ...]) -> None:
    assert told_apart(matches) == lines


def test_two_columns_tell_apart_what_one_does_not() -> None:
    family = [
        contact("Jan", city=city, street=street)
        for city, street in [("Utrecht", "Dam"), ("Utrecht", "Laan"), ("Gouda", "Dam")]
    ]
    assert told_apart(family) == ("Jan · Utrecht · Dam", "Jan · Utrecht · Laan", "Jan · Gouda · Dam")


def test_the_list_says_where_the_call_is_and_who_is_taken_for_the_caller() -> None:
    card = listed(subject(contact("Jan", "Acme"), contact("Piet", "Acme")))
    assert (card.headline, card.status, card.tone) == ("Who is it?", "Calling you", Tone.RINGING)
    assert card.lines == ("1. Jan · Acme ✓", "2. Piet · Acme")
    assert [each.label for each in card.buttons] == ["1. Jan", "2. Piet"]
    assert card.instead == "To choose one: bubbled choose NUMBER"


@given(st.integers(min_value=2, max_value=50))
def test_turning_the_pages_shows_everybody_and_every_button_is_one_contact(count: int) -> None:
    family = subject(*(contact(f"Jan {number}") for number in range(count)))
    seen: list[Contact] = []
    for page in range(count):
        card = listed(family, page)
        assert len(card.buttons) <= MOST_BUTTONS
        chosen = [picked(family, 1, each.id) for each in card.buttons if each.id != MORE]
        assert [f"{each.name}" for each in chosen if each] == [
            line.removesuffix(" ✓").partition(". ")[2] for line in card.lines
        ]
        seen += [each for each in chosen if each and each not in seen]
    assert tuple(seen) == family.finding.matches


def test_a_button_of_another_list_is_nobody() -> None:
    family = subject(contact("Jan"), contact("Piet"))
    (first, _) = listed(family).buttons
    assert picked(family, 1, first.id) == family.finding.matches[0]
    assert picked(family, 2, first.id) is None


hostile = st.text(st.characters(), max_size=200)


@given(st.lists(st.tuples(hostile, hostile, hostile), min_size=2, max_size=4))
def test_no_text_from_outside_gets_out_of_its_line(texts: list[tuple[str, str, str]]) -> None:
    matches = [replace(contact(name, company), fields=(("city", city),)) for name, company, city in texts]
    card = listed(subject(*matches))
    for line in (*card.lines, *(each.label for each in card.buttons)):
        assert line.splitlines() == [line]
        assert len(line) <= 220
        assert not set(line) & set("\0\x1b\x7f\u202e\u2028")
    assert all(each.id.replace("_", "").isalnum() and each.id.isascii() for each in card.buttons)


def test_the_list_counts_the_time_of_the_call_as_its_card_does() -> None:
    about = replace(subject(contact("Jan"), contact("Piet")), started_at=NOW)
    card = lay_out(about, Layout(region="NL"), NOW)
    assert (listed(about).since, listed(about).direction) == (card.since, card.direction)
    assert (card.since, card.direction) == (NOW, Direction.INBOUND)
