from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.rest.call import Call
from bubbled.directory.kinds.rest.request import detail_request, request_for
from bubbled.directory.kinds.rest.template import parse
from bubbled.error import DirectoryError

VALUES = {"base_url": "https://crm.example/api/", "e164": "+31612345678", "account": "acme"}


def call(**parts: object) -> Call:
    return Call.model_validate({"path": "/people", **parts}, context={"variables": [*VALUES, "any"]})


def test_a_query_is_quoted_names_and_all() -> None:
    request = request_for(call(query={"filter[phone][eq]": "${e164}", "$top": 5, "all": True}), VALUES)
    assert request.url == (
        "https://crm.example/api/people?filter%5Bphone%5D%5Beq%5D=%2B31612345678&%24top=5&all=true"
    )
    assert (request.method, request.body) == ("GET", None)
    assert request.headers == {"Accept": "application/json"}


def test_a_table_in_a_query_is_written_as_json() -> None:
    request = request_for(call(query={"where": [{"value": "${e164}"}]}), VALUES)
    ((name, written),) = parse_qsl(urlsplit(request.url).query)
    assert (name, json.loads(written)) == ("where", [{"value": "+31612345678"}])


def test_a_body_is_sent_as_json() -> None:
    request = request_for(call(method="POST", body={"q": ["${e164}"], "n": 1}), VALUES)
    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body or b"") == {"q": ["+31612345678"], "n": 1}


def test_headers_are_filled_and_may_replace_the_usual() -> None:
    headers = {"X-Account": "${account}", "Accept": "application/vnd.api+json"}
    request = request_for(call(headers=headers), VALUES)
    assert request.headers == {"X-Account": "acme", "Accept": "application/vnd.api+json"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_value_stays_in_its_parameter(value: str) -> None:
    request = request_for(
        call(path="/people/${any}", query={"q": "${any}", "x": "1"}), {**VALUES, "any": value}
    )
    parts = urlsplit(request.url)
    assert parts.netloc == "crm.example"
    assert parts.path.startswith("/api/people/")
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", value), ("x", "1")]


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "\x00", "ü"])
def test_a_header_ends_where_it_should(value: str) -> None:
    with pytest.raises(DirectoryError, match="mend the variables"):
        request_for(call(headers={"X-Account": "${any}"}), {**VALUES, "any": value})


def test_a_word_for_a_number_is_told() -> None:
    with pytest.raises(DirectoryError, match="mend the variables"):
        request_for(call(body=["${any|integer}"]), {**VALUES, "any": "two"})


def test_one_contact_is_asked_for_by_its_id() -> None:
    request = detail_request(parse("/people/${id}"), VALUES, "../secrets?")
    assert request.url == "https://crm.example/api/people/..%2Fsecrets%3F"
