from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bubbled.directory.kinds.ldap.option import LdapOptions
from bubbled.directory.kinds.ldap.trouble import Trouble, detail_of, error, trouble_of
from bubbled.directory.port import BusyError, CredentialsError


async def password() -> str:
    return "a very secret word"


def options(**others: Any) -> LdapOptions:
    return LdapOptions(url="ldaps://ldap.example.com", base="dc=example,dc=com", **others)


WITH_ACCOUNT = options(bind_dn="cn=bubbled", password=password, ca_file=Path("ca.pem"))


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_is_one_line_that_says_what_to_do(trouble: Trouble) -> None:
    for given in (options(), WITH_ACCOUNT):
        told = str(error(trouble, "a\nb\x1b[31m " + "x" * 500, given))
        assert told.isprintable()
        assert len(told) < 400
        assert trouble is Trouble.BUSY or ":" in told
        assert "secret word" not in told


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        *((49, Trouble.ACCOUNT), (-201, Trouble.ACCOUNT), (50, Trouble.NOT_ALLOWED), (32, Trouble.NO_BASE)),
        *((3, Trouble.TOO_SLOW), (4, Trouble.TOO_MANY), (13, Trouble.TLS_WANTED), (34, Trouble.BAD_NAME)),
        *((-7, Trouble.BAD_FILTER), (-1, Trouble.BROKEN_OFF), (-5, Trouble.SILENT), (9999, Trouble.OTHER)),
    ],
)
def test_what_a_result_code_means(code: int, trouble: Trouble) -> None:
    assert trouble_of(code) is trouble


def test_an_account_that_is_refused_is_for_the_user_to_mend() -> None:
    told = error(Trouble.ACCOUNT, "", WITH_ACCOUNT)
    assert isinstance(told, CredentialsError)
    assert str(told) == "ldap.example.com does not accept the account: mend bind_dn or password"


def test_who_asks_anonymously_is_told_that_an_account_is_wanted() -> None:
    for trouble in (Trouble.ACCOUNT, Trouble.NOT_ALLOWED):
        assert "set bind_dn and password" in str(error(trouble, "", options()))
    assert "may not search dc=example,dc=com" in str(error(Trouble.NOT_ALLOWED, "", WITH_ACCOUNT))


def test_a_server_that_is_busy_is_left_alone() -> None:
    assert isinstance(error(Trouble.BUSY, "", options()), BusyError)


def test_active_directory_says_why_it_refuses_an_account() -> None:
    words = "Invalid credentials. 80090308: LdapErr: DSID-0C090439, comment: ..., data 775, v4563"
    assert "does not accept the account (it is locked)" in str(
        error(Trouble.ACCOUNT, detail_of(words), WITH_ACCOUNT)
    )


@pytest.mark.parametrize("words", ["", "call +31612345678", "data 999, data", "data 52"])
def test_other_words_of_servers_are_not_told(words: str) -> None:
    assert detail_of(words) == ""


def test_a_filter_that_the_server_does_not_understand_is_named() -> None:
    assert "mend (mobile=*${tail}" in str(error(Trouble.BAD_FILTER, "", options(filter="(mobile=*${tail}")))
