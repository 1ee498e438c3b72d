from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import Entry
from bubbled.directory.kinds.rest.mapping import MOST_RECORDS, entries_of, records_in
from bubbled.directory.kinds.rest.preset import RecordMapping
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Sequence

JAN = {
    "id": 7,
    "first": "Jan",
    "last": "Jansen",
    "firm": {"name": "Bakkerij"},
    "mobile": "06-12345678",
    "phones": [{"number": "020-1234567"}, {"number": None}, {"number": 612345678}],
    "seen": "2026-11-01T10:00:00Z",
    "city": "Utrecht",
}
MAPPING: dict[str, Any] = {
    "records": "data.items",
    "id": "id",
    "name": ["first", "last"],
    "company": "firm.name",
    "numbers": ["mobile", "phones[].number"],
    "last_contact": "seen",
    "url": "${base_url}/people/${id}",
    "fields": {"city": "city", "email": "email"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*JAN]), inner, max_size=4),
    max_leaves=20,
)


def mapping(**changes: Any) -> RecordMapping:
    return RecordMapping.model_validate(MAPPING | changes, context={"variables": ["base_url"]})


def entries(*records: Any, changes: dict[str, Any] | None = None) -> Sequence[Entry]:
    chosen = mapping(**(changes or {}))
    document = {"data": {"items": list(records)}}
    variables = {"base_url": "https://crm.example"}
    return entries_of(records_in(document, chosen, "mapping"), chosen, variables, "mapping")


def refusal(document: Any, **changes: Any) -> str:
    chosen = mapping(**changes)
    with pytest.raises(DirectoryError) as error:
        entries_of(records_in(document, chosen, "mapping"), chosen, {"base_url": "x"}, "mapping")
    return str(error.value)


def test_a_record_becomes_an_entry() -> None:
    assert entries(JAN) == [
        Entry(
            where="record 7",
            name="Jan Jansen",
            company="Bakkerij",
            url="https://crm.example/people/7",
            fields=(("city", "Utrecht"),),
            numbers=("06-12345678", "020-1234567", "612345678"),
            id="7",
            last_contact="2026-11-01T10:00:00Z",
        )
    ]


def test_what_a_record_lacks_is_left_out() -> None:
    (entry,) = entries({"first": None, "last": " ", "firm": {"name": "Bakkerij"}, "mobile": False})
    assert (entry.name, entry.company, entry.numbers, entry.id, entry.url) == (
        None,
        "Bakkerij",
        (),
        None,
        None,
    )
    assert entry.is_company


def test_main_numbers_are_numbers_too() -> None:
    (entry,) = entries(JAN, changes={"numbers": (), "mains": "mobile"})
    assert (entry.numbers, entry.mains) == (("06-12345678",), ("06-12345678",))


def test_an_id_is_quoted_in_the_address_of_the_page() -> None:
    (entry,) = entries(JAN | {"id": "../?x=1#"})
    assert entry.url == "https://crm.example/people/..%2F%3Fx%3D1%23"


@pytest.mark.parametrize(
    ("document", "gives"),
    [
        ({"data": {"items": {"a": 1}}}, "an object"),
        ({"data": {"items": "none"}}, "text"),
        ({"data": {"items": 3}}, "a number"),
        ({"data": {"items": True}}, "true or false"),
        ({"data": {}}, "nothing"),
        ([], "nothing"),
    ],
)
def test_records_that_are_no_list_are_told_with_the_expression(document: Any, gives: str) -> None:
    assert f'mapping.records "data.items" gives {gives}, a list is needed' in refusal(document)


def test_the_keys_that_are_there_instead_are_told_as_far_as_they_are_keys() -> None:
    text = refusal({"results": [], "+31612345678": 1, "next\n": 2, "paging": {}})
    assert "(there are: results, paging)" in text


def test_expressions_that_no_record_fits_are_told() -> None:
    document = {"data": {"items": [JAN, JAN]}}
    text = refusal(document, name="fullname", company="org.title")
    assert 'mapping.name "fullname" or "org.title" gives nothing in any of 2 records (there are: id' in text
    assert 'mapping.numbers "fone" or "tel[].nr" gives nothing' in refusal(
        document, numbers=["fone", "tel[].nr"]
    )


def test_what_is_empty_this_time_is_no_mistake() -> None:
    assert entries() == []
    assert entries({"first": None, "last": None, "firm": None, "mobile": None}) != []


@pytest.mark.parametrize("odd", [None, 5, "text", [1], [], {}, {"id": {}}, {"phones": "x", "first": [[{}]]}])
def test_one_record_of_another_shape_spoils_only_itself(odd: object) -> None:
    assert [entry.name for entry in entries(odd, JAN) if entry.name] == ["Jan Jansen"]


def test_hostile_amounts_are_cut() -> None:
    huge = JAN | {"first": "x" * 100_000, "phones": [{"number": str(n)} for n in range(10_000)]}
    (entry,) = entries(huge)
    assert len(entry.name or "") < 5000
    assert len(entry.numbers) <= 500
    assert len(entries(*[JAN] * 2000)) == MOST_RECORDS


@given(JSON)
def test_whatever_comes_is_an_entry_or_an_error_in_one_line(document: Any) -> None:
    chosen = mapping(records="@")
    try:
        found = entries_of(records_in(document, chosen, "mapping"), chosen, {"base_url": "x"}, "mapping")
        told = json.dumps([entry.name for entry in found])
    except DirectoryError as error:
        told = str(error)
    assert "\n" not in told
