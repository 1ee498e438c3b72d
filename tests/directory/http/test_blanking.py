from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.http.blanking import Blanking, words_of
from bubbled.model import E164
from bubbled.number import to_e164

JAN = E164("+31612345678")
PRESET = """
# such as Jansen, 06-12345678
[about]
title = "Zoë's CRM"
[[search]]
path = "/contacts/0612345678"
mapping = { records = "contacts.items[?type == 'Contact']", numbers = ["phones"] }
"""
KNOWN = words_of(PRESET)
WORDS = (
    "Jansen",
    "Zoë",
    "O'Brien",
    "دانیال",
    "देवी",
    "小林",
    "s3cr3t-T0ken",
    "Damrak",
    "jan@bakker",
    "0687654321",
)
NUMBERS = (
    "06-12345678",
    "+31 (0)6 12345678",
    "0031612345678",
    "31612345678",
    "612345678",
    "tel:+31612345678",
)


def blanking() -> Blanking:
    return Blanking(JAN, private={"division": "1234567", "key": "s3cr3t-T0ken", "dc": "eu"}, known=KNOWN)


def test_the_words_of_a_preset_are_those_that_it_asks_and_compares_with() -> None:
    assert {"contacts", "0612345678", "contacts.items", "items", "type", "Contact", "phones"} == KNOWN


# Requests


def test_a_request_keeps_what_the_preset_writes_into_it() -> None:
    url = "https://crm.acme.example:8443/api/v1/Contact?select=id,name&max=10&phone=%2B31%206%2012345678"
    blanked = blanking().url(url)
    assert blanked == (
        "https://source.example/api/v1/Contact?select=id%2Cname&max=10&phone=%2B31%206%2034567890"
    )


def test_variables_and_secrets_are_named_instead() -> None:
    blanked = blanking().url(
        "https://x.example/api/1234567/crm?where=division+eq+1234567&key=s3cr3t-T0ken&dc=eu"
    )
    assert blanked == ("https://source.example/api/9000000/crm?where=division%20eq%209000000&key=KEY&dc=eu")
    assert blanking().variables == {"division": "9000000", "key": "KEY", "dc": "eu"}


def test_bodies_are_blanked_like_addresses() -> None:
    question = {
        "filter": [["phone", "=", "0612345678"]],
        "args": ["s3cr3t-T0ken", 1234567],
        "limit": 10,
        "n": 31612345678,
    }
    assert blanking().question(question) == {
        "filter": [["phone", "=", "0634567890"]],
        "args": ["KEY", 9000000],
        "limit": 10,
        "n": 31634567890,
    }
    assert blanking().form("phone=06+12345678&key=s3cr3t-T0ken") == "phone=06+34567890&key=KEY"


# Answers


def test_an_answer_keeps_its_shape_and_nothing_else() -> None:
    blank = blanking()
    blank.url("https://crm.example/api?fields=name&phone=0612345678")
    contact = {
        "type": "Contact",
        "name": "Jan van Dam",
        "phones": ["06-12345678", "+31 20 765 4321"],
        "items": [
            "003xA",
            4711123,
            7,
            0.25,
            True,
            None,
            "2026-11-20T09:00:00+01:00",
            "1980-02-03",
            "jan@vandam.example",
            "https://vandam.example/jan",
            "https://crm.example/api/003xA?fields=name&page=abc",
            "",
        ],
        "Birth_Name": "Pieters",
    }
    assert blank.answer({"contacts": [contact]}) == {
        "contacts": [
            {
                "type": "Contact",
                "name": "Xxx xxx Xxx",
                "phones": ["06-34567890", "+00 00 000 0000"],
                "items": [
                    "000xX",
                    1000000,
                    7,
                    0.0,
                    True,
                    None,
                    "2001-01-01T00:00:00Z",
                    "2001-01-01",
                    "xxx@xxxxxx.xxxxxxx",
                    "https://elsewhere.example/0",
                    "https://source.example/api/000xX?fields=name&xxxx=xxx",
                    "",
                ],
                "Xxxxx_Xxxx": "Xxxxxxx",
            }
        ]
    }


def test_equal_texts_stay_equal_and_different_ones_different() -> None:
    ids = ["55", "56", "55", "ab", "cd", "ab", "x", "y"]
    blanked = blanking().answer(ids)
    assert [blanked.index(text) for text in blanked] == [ids.index(text) for text in ids]
    numbers = [1000000, 5555555, 5555556, 5555555]
    blanked = blanking().answer(numbers)
    assert [blanked.index(number) for number in blanked] == [numbers.index(number) for number in numbers]


def test_what_came_from_an_answer_is_blanked_alike_in_the_next_request() -> None:
    blank = blanking()
    blank.url("https://crm.example/contacts?max=2")
    link, cursor, identity = blank.answer(
        ["https://crm.example/contacts?max=2&cursor=Jan%2F9", "Jan/9", 998877]
    )
    assert blank.url("https://crm.example/contacts?max=2&cursor=Jan%2F9") == link
    assert link.endswith(f"={quote(cursor, safe='')}")
    assert blank.url("https://crm.example/contacts/998877") == f"https://source.example/contacts/{identity}"


def test_a_relative_link_can_be_followed() -> None:
    blank = blanking()
    blank.url("https://crm.example/data/query?q=x")
    blanked = blank.answer("/data/query/01gJan-2000")
    assert blank.url("https://crm.example/data/query/01gJan-2000") == f"https://source.example{blanked}"


def test_the_number_can_be_read_again_wherever_it_stood() -> None:
    blank = blanking()
    for text in (
        "06-12345678",
        "+31 (0)6 12345678",
        "tel:+31612345678",
        "0031612345678",
        31612345678,
        612345678,
    ):
        assert to_e164(str(blank.answer(text)).replace("xxx:", "tel:"), "NL") == blank.stand_in


def test_other_numbers_are_nobodys() -> None:
    blank = blanking()
    for text in ("020-7654321", "+31 20 765 4321", "0612345679", "0687654321", 31687654321):
        blanked = str(blank.answer(text))
        assert blanked != str(text)
        assert to_e164(blanked, "NL") not in {to_e164(str(text), "NL"), blank.stand_in, JAN}


@pytest.mark.parametrize(
    "key",
    [
        "Jan",
        "jan_jansen",
        "Jan Jansen",
        "jan@bakker.example",
        "+31612345678",
        "n0612345678",
        "s3cr3t-T0ken",
        "Zoë",
    ],
)
def test_a_name_that_the_preset_does_not_know_is_blanked(key: str) -> None:
    (blanked,) = blanking().answer({key: 1})
    assert blanked != key
    assert "jan" not in blanked.lower()


private_texts = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        ["", "a ", "https://crm.example/", "https://x.example/?q=", "/v1/", "call ", "http://[", "%2F"]
    ),
    st.sampled_from(WORDS + NUMBERS),
    st.sampled_from(["", " ", "/", ", ", "&b=", "%20"]),
    st.sampled_from(("", *WORDS, *NUMBERS)),
)
private_values = st.recursive(
    private_texts | st.sampled_from([31612345678, 612345678, 612345678.0, 687654321, 1e300, True, None, 5]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "name"]) | private_texts, inner)
    ),
    max_leaves=12,
)


def leaks(text: str) -> list[str]:
    """What of the private texts, and of the number however it is written, is still there."""
    digits = re.sub(r"(?<=\d)[^0-9A-Za-z]{1,4}(?=\d)", "", text)
    return [word for word in WORDS if word.lower() in text.lower()] + re.findall("2345678|687654321", digits)


@given(private_values, st.lists(private_texts, max_size=3))
def test_no_secret_number_or_name_of_an_answer_survives(value: Any, also: list[str]) -> None:
    blank = blanking()
    asked = blank.url("https://crm.example/v1/search?phone=0612345678&key=s3cr3t-T0ken")
    answers = [blank.answer(value), blank.answer(also)]
    assert leaks(json.dumps(answers, ensure_ascii=False)) == []
    assert leaks(asked) == []


@given(
    st.lists(st.sampled_from((*NUMBERS, "s3cr3t-T0ken", "1234567")), max_size=4),
    st.sampled_from(["", "*", "%", "-"]),
)
def test_no_secret_or_number_of_a_request_survives(parts: list[str], sign: str) -> None:
    blank = blanking()
    text = " or ".join(f"{sign}{part}{sign}" for part in parts)
    for blanked in (
        blank.question({"where": text, "all": [text]}),
        blank.form(urlencode({"where": text})),
        blank.url(f"https://c.example/a/{quote(text)}?q={quote(text)}"),
    ):
        assert leaks(json.dumps(blanked)) == []
        assert "1234567" not in json.dumps(blanked)
