from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import ColumnNames
from bubbled.directory.kinds.ldap.option import LdapOptions, Match, Variant
from bubbled.directory.kinds.ldap.search import check, escaped, filter_for, told
from bubbled.error import ConfigError
from bubbled.model import E164, Extension

MOBILE = E164("+31612345678")
DESK = Extension("102")
AD = Variant.ACTIVE_DIRECTORY


def options(**others: Any) -> LdapOptions:
    return LdapOptions(**({"url": "ldaps://ldap.example.com", "base": "dc=example,dc=com"} | others))


def one(**others: Any) -> LdapOptions:
    return options(attributes=ColumnNames(numbers=("mobile",)), **others)


def test_a_generic_server_is_asked_for_the_end_of_the_number_in_all_attributes_but_faxes() -> None:
    assert filter_for(MOBILE, options()) == (
        "(|(telephoneNumber=*6*12345678)(mobile=*6*12345678)(homePhone=*6*12345678))"
    )


def test_active_directory_is_asked_for_persons_with_these_digits() -> None:
    found = filter_for(MOBILE, options(variant=AD))
    assert found.startswith("(&(objectCategory=person)(|(telephoneNumber=*6*1*2*3*4*5*6*7*8)")
    for attribute in ("otherTelephone", "mobile", "otherMobile", "homePhone", "ipPhone"):
        assert f"({attribute}=*6*1*2*3*4*5*6*7*8)" in found


def test_exact_asks_for_each_notation() -> None:
    assert filter_for(MOBILE, one(match=Match.EXACT)) == (
        "(|(mobile=+31612345678)(mobile=31612345678)(mobile=0031612345678)(mobile=0612345678)"
        "(mobile=612345678)(mobile=+31 6 12345678)(mobile=06 12345678)(mobile=06-12345678))"
    )


@pytest.mark.parametrize(
    ("number", "grouped"),
    [
        ("+31201234567", "(mobile=*20*123*4567)"),
        ("+33123456789", "(mobile=*1*23*45*67*89)"),
        ("+4532123456", "(mobile=*32*12*34*56)"),  # shorter than nine: not a digit of the country code
        ("+4915123456789", "(mobile=*12*3456789)"),  # longer: the last nine
    ],
)
def test_the_groups_are_those_of_the_numbering_plan(number: str, grouped: str) -> None:
    assert filter_for(E164(number), one()) == f"(|{grouped})"


def test_extensions_are_asked_for_as_they_are() -> None:
    assert filter_for(DESK, options()) == "(|(telephoneNumber=102)(ipPhone=102))"
    assert "(ipPhone=102)" in filter_for(DESK, options(variant=AD))
    assert filter_for(Extension("*10)"), one()) == r"(|(mobile=\2a10\29))"


def test_filters_of_the_users_are_filled_in() -> None:
    own = one(filter="(&(ou=${national})(|(a=*${tail})(b=${e164})))", internal="(uid=${extension})")
    assert filter_for(MOBILE, own) == "(&(ou=0612345678)(|(a=*612345678)(b=+31612345678)))"
    assert filter_for(DESK, own) == "(uid=102)"
    assert told(MOBILE, own) == ("0612345678", "612345678", "+31612345678")
    assert told(DESK, own) == ("102",)


def test_filters_of_the_users_may_hold_patterns() -> None:
    own = one(filter="(|(a=*${grouped})(b=*${digits_apart}))")
    assert filter_for(MOBILE, own) == "(|(a=*6*12345678)(b=*6*1*2*3*4*5*6*7*8))"


@pytest.mark.parametrize(
    ("setting", "template", "mistake"),
    [
        ("filter", "(mobile=${tial})", r"\$\{tial\}, which is not known: did you mean \$\{tail\}"),
        ("filter", "(mobile=${extension})", "not known: known are e164, "),
        ("filter", "(mobile=$tail)", r"does not say where the number goes: write \$\{e164\}"),
        ("filter", "(&(mobile=${tail})", "as many"),
        ("filter", "mobile=${tail}", "begins with one"),
        ("internal", "(uid=${tail})", r"internal_filter holds \$\{tail\}"),
    ],
)
def test_a_filter_that_cannot_be_filled_in_is_told(setting: str, template: str, mistake: str) -> None:
    with pytest.raises(ConfigError, match=mistake):
        check(one(**{setting: template}))


def test_filters_that_can_be_filled_in_are_not_complained_of() -> None:
    check(one())
    check(one(filter="(mobile=*${tail})", internal="(uid=${extension})"))


def test_what_is_told_is_what_is_sent() -> None:
    assert told(MOBILE, options()) == ("*6*12345678",)
    assert told(MOBILE, options(match=Match.EXACT))[0] == "+31612345678"


@given(st.text())
def test_nothing_in_a_value_means_anything_in_a_filter(text: str) -> None:
    """RFC 4515, 3: a backslash and two digits stand for an octet, and nothing else is special."""
    written = escaped(text)
    assert not set(written) & set("*()\0")
    pieces = written.split("\\")
    assert pieces[0] + "".join(chr(int(piece[:2], 16)) + piece[2:] for piece in pieces[1:]) == text


@given(st.text(min_size=1), st.sampled_from(Match), st.sampled_from(Variant))
def test_whatever_is_dialled_a_filter_stays_one_filter(text: str, match: Match, variant: Variant) -> None:
    dialled = Extension(text.lstrip("+") or "0")
    usual = filter_for(DESK, options(match=match, variant=variant))
    assert filter_for(dialled, options(match=match, variant=variant)) == usual.replace(
        "102", escaped(dialled)
    )
