from __future__ import annotations

from typing import Any

import pytest

from bubbled.directory.entry import ColumnNames
from bubbled.directory.kinds.ldap.option import LdapOptions, Match, Variant
from bubbled.error import ConfigError


async def password() -> str:
    return "secret"


ACCOUNT: dict[str, Any] = {"bind_dn": "cn=bubbled", "password": password}


def options(url: str = "ldaps://ldap.example.com", **others: Any) -> LdapOptions:
    return LdapOptions(url=url, **({"base": "dc=example,dc=com"} | others))


@pytest.mark.parametrize(
    ("url", "written", "shown"),
    [
        ("ldaps://ldap.example.com", "ldaps://ldap.example.com:636", "ldap.example.com"),
        ("LDAP://Ldap.Example.com/", "ldap://ldap.example.com:389", "ldap.example.com"),
        ("ldaps://ldap.example.com:3269", "ldaps://ldap.example.com:3269", "ldap.example.com:3269"),
        ("ldap://[::1]:1389", "ldap://[::1]:1389", "[::1]:1389"),
    ],
)
def test_an_address_has_a_host_and_a_port(url: str, written: str, shown: str) -> None:
    assert str(options(url).address) == written
    assert options(url).address.shown == shown


@pytest.mark.parametrize(
    "url",
    [
        *("", "ldap.example.com", "https://ldap.example.com", "ldaps://", "ldaps://a:b@ldap.example.com"),
        *("ldaps://ldap.example.com:port", "ldaps://ldap.example.com:99999", "ldaps://[::1", "ldapi:///run"),
    ],
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="write it as ldaps://"):
        options(url)


def test_an_address_goes_no_further_than_the_server() -> None:
    with pytest.raises(ConfigError, match="belongs in base"):
        options("ldaps://ldap.example.com/dc=example,dc=com")


def test_a_password_goes_over_the_network_only_in_secret() -> None:
    with pytest.raises(ConfigError, match=r"everybody to read: write ldaps:// .* or set start_tls"):
        options("ldap://ldap.example.com", **ACCOUNT)
    assert options("ldap://ldap.example.com", start_tls=True, **ACCOUNT).is_secret
    assert options("ldaps://ldap.example.com", **ACCOUNT).is_secret


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_on_this_computer_a_password_needs_no_secrecy(host: str) -> None:
    assert not options(f"ldap://{host}", **ACCOUNT).is_secret


def test_without_a_password_plain_ldap_will_do() -> None:
    assert options("ldap://ldap.example.com").bind_dn is None


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"base": " "}, "base is empty"),
        ({"start_tls": True}, "leave out start_tls"),
        ({"bind_dn": "cn=bubbled"}, "go together"),
        ({"password": password}, "go together"),
        ({"attributes": ColumnNames(numbers=("mobile)(uid=*",))}, "no LDAP attribute"),
        ({"attributes": ColumnNames(name="")}, "no LDAP attribute"),
        ({"fields": (("room", "room number"),)}, "no LDAP attribute"),
    ],
)
def test_mistakes_are_told(mistake: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        options(**mistake)


def test_the_password_is_not_shown() -> None:
    assert "password" not in repr(options(**ACCOUNT))


def test_how_to_match_follows_from_the_variant_until_the_user_says_otherwise() -> None:
    assert options().matching is Match.GROUPED
    assert options(variant=Variant.ACTIVE_DIRECTORY).matching is Match.DIGITS
    assert options(variant=Variant.ACTIVE_DIRECTORY, match=Match.EXACT).matching is Match.EXACT
