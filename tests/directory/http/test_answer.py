from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.http.answer import DEEPEST, MOST_VALUES, RefusalError, data, error_codes, retry_after_s
from bubbled.directory.http.port import Response
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)


def answer(status: int, body: Any = None, **headers: str) -> Response:
    text = b"" if body is None else json.dumps(body).encode()
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, text)


def raised(response: Response) -> DirectoryError:
    with pytest.raises(DirectoryError) as error:
        data(response, "crm.example", NOW)
    assert str(error.value).startswith("crm.example answer")
    return error.value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_the_value_of_an_answer_is_what_the_server_wrote(value: Any) -> None:
    assert data(answer(200, value), "crm.example", NOW) == value


@pytest.mark.parametrize("response", [answer(204), answer(200), Response(200, {}, b" \n")])
def test_no_content_is_no_value(response: Response) -> None:
    assert data(response, "crm.example", NOW) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    assert data(Response(200, {}, '{"naam": "Zoë"}'.encode(encoding)), "crm.example", NOW) == {"naam": "Zoë"}


def test_half_a_character_is_replaced_so_that_every_text_can_be_written() -> None:
    value = data(Response(200, {}, rb'["\ud83d", "\ud83d\ude00", "\udc00a"]'), "crm.example", NOW)
    assert value == ["\N{REPLACEMENT CHARACTER}", "\N{GRINNING FACE}", "\N{REPLACEMENT CHARACTER}a"]


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (
            Response(200, {"content-type": "text/html; charset=utf-8"}, b"{}"),
            "with a web page, not with data",
        ),
        (Response(200, {}, b"  <!doctype html><p>Log in"), "with a web page, not with data"),
        (Response(200, {}, b'{"a": '), "with something that is no JSON"),
        (Response(200, {}, b'{"a": NaN}'), "with something that is no JSON"),
        (Response(200, {}, b"\xff\xfe\xfd"), "with something that is no JSON"),
        (Response(200, {}, b"9" * 10_000), "with something that is no JSON"),
        (Response(200, {}, b"[" * 100_000), "with data that is nested too deep"),
        (Response(200, {}, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)), "with data that is nested too deep"),
    ],
)
def test_what_is_no_data_is_told(response: Response, says: str) -> None:
    assert says in str(raised(response))


@pytest.mark.parametrize("value", [0, {}, [0], {"a": {}}])
def test_more_values_than_are_read_in_a_moment_are_refused(value: Any) -> None:
    assert "more than 100000 values" in str(raised(answer(200, [value] * (MOST_VALUES + 1))))


def test_an_error_that_is_longer_than_is_read_has_no_code() -> None:
    assert error_codes(answer(400, {"code": "TOO_LONG", "details": [0] * (MOST_VALUES + 1)})) == ()


def test_a_large_page_of_contacts_is_read() -> None:
    contact = {"id": "1", "properties": {f"field {n}": "text, with commas" for n in range(40)}}
    assert len(data(answer(200, {"results": [contact] * 1000}), "crm.example", NOW)["results"]) == 1000


def test_as_deep_as_is_allowed_is_read() -> None:
    assert data(Response(200, {}, b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1)), "crm.example", NOW)


@pytest.mark.parametrize(
    ("response", "kind", "says"),
    [
        (
            answer(401, {"error": "invalid_token"}),
            CredentialsError,
            "401 (invalid_token): it does not accept our",
        ),
        (
            answer(403, {"code": "NO_PERMISSION"}),
            CredentialsError,
            "403 (NO_PERMISSION): our account may not",
        ),
        (answer(403), CredentialsError, "403: our account may not read there"),
        (
            answer(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED"}]),
            BusyError,
            "403 (REQUEST_LIMIT_EXCEEDED): it is",
        ),
        (answer(403, {"error": {"errors": [{"reason": "quotaExceeded"}]}}), BusyError, "403 (quotaExceeded)"),
        (
            answer(429, {"status": "error", "category": "RATE_LIMITS"}),
            BusyError,
            "429 (RATE_LIMITS): it is asked",
        ),
        (answer(503, retry_after="5"), BusyError, "503: it is asked too much"),
        (answer(503), DirectoryError, "503: it has trouble of its own"),
        (answer(500, {"error": "oops"}), DirectoryError, "500 (oops): it has trouble of its own"),
        (
            answer(400, {"error": {"status": "INVALID_ARGUMENT"}}),
            RefusalError,
            "400 (INVALID_ARGUMENT): it does",
        ),
        (answer(404), RefusalError, "404: there is nothing at that address"),
        (answer(410, {"error": {"code": "syncStateNotFound"}}), RefusalError, "410 (syncStateNotFound)"),
        (answer(422, {"error": "no"}), RefusalError, "422 (no): it does not understand the question"),
        (answer(302), DirectoryError, "302, which is no answer"),
        (answer(100), DirectoryError, "100, which is no answer"),
    ],
)
def test_what_is_no_success_tells_what_to_do(response: Response, kind: type, says: str) -> None:
    error = raised(response)
    assert type(error) is kind
    assert says in str(error)


def test_a_refusal_tells_programs_which_it_is() -> None:
    error = raised(answer(410, {"error": {"code": "resyncRequired", "details": [{"reason": "EXPIRED"}]}}))
    assert isinstance(error, RefusalError)
    assert (error.status, error.codes) == (410, ("resyncRequired", "EXPIRED"))


@pytest.mark.parametrize(
    "code",
    ["+31612345678", "Jan Jansen", "0612345678", "c0612345678", "c061-234-567-8", "", "x" * 61, "a\nb"],
)
def test_what_is_no_short_code_is_not_repeated(code: str) -> None:
    assert error_codes(answer(400, {"code": code, "message": code, "error": {"errorCode": code}})) == ()


@given(st.binary(max_size=300), st.integers(100, 599))
def test_whatever_comes_is_data_or_an_error_of_one_line(body: bytes, status: int) -> None:
    try:
        data(Response(status, {}, body), "crm.example", NOW)
    except DirectoryError as error:
        assert str(error).isprintable()  # noqa: PT017 - whether there is an error is left open


@pytest.mark.parametrize(
    ("text", "pause_s"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("2.5", 2),
        ("Thu, 26 Nov 2026 12:01:30 GMT", 90),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0),
        ("Thu, 26 Nov 2026 13:01:00 +0100", 60),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("9" * 5000, None),
        ("Thu, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_how_long_to_pause(text: str, pause_s: float | None) -> None:
    assert retry_after_s(answer(429, retry_after=text), NOW) == pause_s
    error = raised(answer(429, retry_after=text))
    assert isinstance(error, BusyError)
    assert error.retry_after_s == pause_s


@given(st.text(max_size=60))
def test_no_pause_is_negative(text: str) -> None:
    pause_s = retry_after_s(answer(429, retry_after=text), NOW)
    assert pause_s is None or pause_s >= 0
