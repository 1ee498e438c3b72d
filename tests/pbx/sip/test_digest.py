from __future__ import annotations

import re

import pytest

from bubbled.pbx.sip.digest import Account, Challenge, answer, strongest

MUFASA = Account("Mufasa", "Circle of Life", "Mufasa")
BASIC = 'Basic realm="x"'
MD5 = 'Digest realm="pbx", nonce="n", algorithm=MD5, qop="auth"'
SHA = 'Digest realm="pbx", nonce="n", algorithm=SHA-256, qop="auth"'


def one(value: str) -> Challenge:
    challenge = strongest([value], [])
    assert challenge is not None
    return challenge


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, response: str) -> None:
    challenge = one(
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    text = answer(
        challenge,
        MUFASA,
        method="GET",
        uri="/dir/index.html",
        count=1,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert f'response="{response}"' in text
    assert 'opaque="FQhe' in text
    assert "qop=auth, nc=00000001" in text


def test_without_qop_it_is_as_before_rfc_2617() -> None:
    text = answer(
        one('Digest realm="r", nonce="n"'), Account("u", "p", "u"), method="M", uri="x", count=1, cnonce="c"
    )
    assert "qop" not in text
    assert "cnonce" not in text
    assert re.search('response="[0-9a-f]{32}"', text)


@pytest.mark.parametrize("offered", [[MD5, SHA], [SHA, MD5], [BASIC, SHA]])
def test_the_strongest_is_chosen(offered: list[str]) -> None:
    chosen = strongest(offered, [])
    assert chosen is not None
    assert chosen.algorithm == "SHA-256"


def test_a_proxy_gets_its_answer_in_its_own_header() -> None:
    chosen = strongest([], [MD5])
    assert chosen is not None
    assert chosen.header == "Proxy-Authorization"


@pytest.mark.parametrize(
    "value",
    [
        BASIC,
        'Digest realm="r"',
        MD5.replace("MD5", "SHA-512-256"),
        MD5.replace("auth", "auth-int"),
        "",
        "Digest",
    ],
)
def test_what_cannot_be_answered_is_not(value: str) -> None:
    assert strongest([value], []) is None


def test_quotes_in_names_stay_inside_of_them() -> None:
    challenge = one(r'Digest realm="a \"b\" \\c", nonce="n", qop="auth", stale=TRUE')
    assert (challenge.realm, challenge.is_stale) == (r'a "b" \c', True)
    text = answer(challenge, Account("u", "p", 'x", nonce="y'), method="M", uri="x", count=1, cnonce="c")
    assert r'username="x\", nonce=\"y"' in text
    assert r'realm="a \"b\" \\c"' in text


def test_the_secret_is_not_shown() -> None:
    assert "Circle" not in repr(MUFASA)
