from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.directory.entry import Entry
from bubbled.directory.verification import MOST_MATCHES, verified
from bubbled.model import E164, Contact, Extension

NUMBER = E164("+31612345678")
JAN = Entry(
    where="record 1",
    name="Jan Jansen",
    company="Bakkerij",
    url="https://crm.example/1",
    fields=(("city", "Utrecht"),),
    numbers=("06-12345678",),
    id="1",
)


def names(*entries: Entry, number: E164 | Extension = NUMBER) -> list[str | None]:
    return [contact.name for contact in verified(entries, number, region="NL", directory="CRM")]


def test_a_contact_with_the_number_is_taken_over_whole() -> None:
    assert verified([JAN], NUMBER, region="NL", directory="CRM") == (
        Contact(
            directory="CRM",
            name="Jan Jansen",
            company="Bakkerij",
            fields=(("city", "Utrecht"),),
            url="https://crm.example/1",
            id="1",
        ),
    )


def test_what_only_looks_like_the_number_is_dropped() -> None:
    for other in ("+49 612345678", "0612345679", "612345", "1106 12345678", "unknown", ""):
        assert names(replace(JAN, numbers=(other,))) == []


def test_how_many_came_back_with_another_number_is_known() -> None:
    found = verified([JAN, replace(JAN, numbers=("0687654321",))], NUMBER, region="NL", directory="CRM")
    assert (len(found), found.dropped) == (1, 1)


def test_any_notation_of_any_of_the_numbers_will_do() -> None:
    for same in ("+31 (0)6 12345678", "0031612345678", "612345678", "020-1234567 / 06 1234 5678 (home)"):
        assert names(replace(JAN, numbers=("030-7654321", same))) == ["Jan Jansen"]


def test_the_region_of_the_source_decides_on_national_notation() -> None:
    german = replace(JAN, numbers=("0151 12345678",))
    assert verified([german], E164("+4915112345678"), region="DE", directory="CRM")
    assert not verified([german], E164("+4915112345678"), region="NL", directory="CRM")


def test_persons_come_before_companies_and_the_most_recent_contact_first() -> None:
    company = replace(JAN, name=None, company="Acme", last_contact="2026-11-01T10:00:00Z")
    older = replace(JAN, name="Older", last_contact="2026-01-01")
    recent = replace(JAN, name="Recent", last_contact="2026-11-20T09:00:00+01:00")
    never = replace(JAN, name="Never", last_contact="soon")
    assert names(company, never, older, recent) == ["Recent", "Older", "Never", None]


def test_extensions_are_compared_as_they_stand() -> None:
    colleague = replace(JAN, numbers=("06-12345678", " 0102 "))
    assert names(colleague, number=Extension("0102")) == ["Jan Jansen"]
    assert names(colleague, number=Extension("102")) == []


def test_a_contact_without_any_name_is_none() -> None:
    assert names(replace(JAN, name=" ", company="\0")) == []


def test_hostile_answers_are_cut_and_cleaned() -> None:
    hostile = replace(
        JAN,
        name="A" * 5000,
        url="javascript:alert(1)",
        fields=tuple((f"field {n}", "\0x") for n in range(5000)),
        numbers=(*["06-1234567"] * 200, "06-12345678"),
    )
    (contact,) = verified([hostile] * 1, NUMBER, region="NL", directory="CRM")
    assert (len(contact.name or ""), contact.url, len(contact.fields)) == (1000, None, 200)
    assert contact.fields[0] == ("field 0", "x")
    assert len(names(*[JAN] * 5000)) == MOST_MATCHES


def others(ending: str, count: int) -> list[Entry]:
    """Contacts with fifty other numbers each."""
    return [
        replace(JAN, name="Other", numbers=tuple(f"06{at:02}{n:02}{ending}" for n in range(50)))
        for at in range(20, 20 + count)
    ]


def test_who_has_the_number_is_found_behind_many_who_do_not() -> None:
    assert names(*others("0000", 70), JAN) == ["Jan Jansen"]


def test_an_answer_of_numbers_that_all_look_like_it_is_not_read_to_its_end() -> None:
    assert names(*others("5678", 10), JAN) == ["Jan Jansen"]
    assert names(*others("5678", 70), JAN) == []


def test_digits_of_full_width_are_digits_too() -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in "12345678")
    assert names(replace(JAN, numbers=(f"06{wide}",))) == ["Jan Jansen"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https",
        "https://crm.example/\n--help",
        "https://crm.example/\N{RIGHT-TO-LEFT OVERRIDE}",
        "https://crm.example/" + "a" * 4000,
    ],
)
def test_what_is_no_page_gets_no_button(url: str) -> None:
    (contact,) = verified([replace(JAN, url=url)], NUMBER, region="NL", directory="CRM")
    assert contact.url is None
