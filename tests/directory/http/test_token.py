from __future__ import annotations

import re
from typing import Any

import pytest

from bubbled.directory.http.token import read_token, refused
from bubbled.directory.port import CredentialsError
from bubbled.error import DirectoryError


def life_s(**answer: Any) -> float:
    return read_token({"access_token": "t", **answer}, "login.example", 1000.0).good_until - 1000.0


@pytest.mark.parametrize(
    ("expires_in", "used_s"),
    [
        (600, 580),
        ("3600", 3580),
        (3599.5, 3579.5),
        (10, 5),
        (0, 0),
        (-5, 0),
        (10**9, 86380),
        (10**400, 86400),
    ],
)
def test_a_token_is_renewed_shortly_before_its_end(expires_in: Any, used_s: float) -> None:
    assert life_s(expires_in=expires_in) == used_s


@pytest.mark.parametrize("expires_in", [None, "soon", [], {}, "nan", "inf"])
def test_a_token_without_an_end_is_used_until_it_is_refused(expires_in: Any) -> None:
    assert life_s(expires_in=expires_in) == 86400
    assert life_s() == 86400


@pytest.mark.parametrize("answer", [None, [], "t", {}, {"access_token": ""}, {"access_token": 5}])
def test_an_answer_without_a_token_is_told(answer: Any) -> None:
    with pytest.raises(DirectoryError, match=r"login\.example answers without a token"):
        read_token(answer, "login.example", 0)


@pytest.mark.parametrize("token", ["a b", "a\r\nX-Evil: 1", "\N{SNOWMAN}", "x" * 20_000])
def test_a_token_that_no_header_can_carry_is_none(token: str) -> None:
    with pytest.raises(DirectoryError, match="without a token"):
        read_token({"access_token": token}, "login.example", 0)


def test_an_error_that_comes_as_a_success_is_an_error() -> None:
    with pytest.raises(CredentialsError, match=r"gives no token \(invalid_code\): the permission has ended"):
        read_token({"error": "invalid_code"}, "login.example", 0)


@pytest.mark.parametrize(
    "code", ["call +31612345678", "call.061-234-567", "a" * 1_000_000, "\N{HEBREW LETTER ALEF}b", "invalid\n"]
)
def test_of_an_error_only_a_short_code_is_told(code: str) -> None:
    with pytest.raises(CredentialsError, match=r"^login\.example gives no token: check the account"):
        read_token({"error": code}, "login.example", 0)


@pytest.mark.parametrize(
    ("codes", "advice"),
    [
        (("invalid_grant",), "allow bubbled anew, and put the new refresh token into the settings"),
        (("invalid_client",), "client id or client secret is wrong, or has expired"),
        (("invalid_scope",), "check the account, its scope and its other fields"),
        ((), "check the account, its scope and its other fields"),
    ],
)
def test_a_refusal_says_what_to_do(codes: tuple[str, ...], advice: str) -> None:
    assert re.search(re.escape(advice), str(refused("login.example", codes)))


def test_no_token_shows_in_a_log() -> None:
    token = read_token({"access_token": "s3cret", "refresh_token": "als0"}, "login.example", 0)
    assert "s3cret" not in repr(token)
    assert "als0" not in repr(token)
