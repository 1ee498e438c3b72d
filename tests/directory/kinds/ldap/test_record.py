from __future__ import annotations

from typing import Any

import pytest

from bubbled.directory.entry import ColumnNames, Entry
from bubbled.directory.kinds.ldap.option import LdapOptions, Variant
from bubbled.directory.kinds.ldap.record import entry_of, wanted


def options(**others: Any) -> LdapOptions:
    return LdapOptions(url="ldaps://ldap.example.com", base="dc=example,dc=com", **others)


def read(**attributes: list[str]) -> Entry:
    return entry_of(attributes, 1, options())


def test_an_entry_of_openldap() -> None:
    attributes = {
        "cn": ["Jan Jansen"],
        "sn": ["Jansen"],
        "o": ["Bakkerij"],
        "ou": ["Inkoop"],
        "title": ["Inkoper"],
        "mail": ["jan@example.com", "j@example.com"],
        "l": ["Utrecht"],
        "physicaldeliveryofficename": ["Kamer 12"],
        "labeleduri": ["https://example.com/jan Zijn bladzijde"],
        "telephonenumber": ["+31 30 7654321", "102"],
        "mobile": ["06-12345678"],
        "entryuuid": ["8f7f6e0c-0000-4000-8000-000000000001"],
    }
    assert entry_of(attributes, 3, options()) == Entry(
        where="entry 3",
        name="Jan Jansen",
        company="Bakkerij",
        url="https://example.com/jan",
        fields=(
            ("title", "Inkoper"),
            ("department", "Inkoop"),
            ("email", "jan@example.com, j@example.com"),
            ("city", "Utrecht"),
            ("office", "Kamer 12"),
        ),
        numbers=("+31 30 7654321", "102", "06-12345678"),
        id="8f7f6e0c-0000-4000-8000-000000000001",
    )


def test_an_entry_of_active_directory() -> None:
    attributes = {
        "displayname": ["Jansen, Jan"],
        "cn": ["jjansen"],
        "company": ["Bakkerij"],
        "department": ["Inkoop"],
        "othermobile": ["0612345678"],
        "wwwhomepage": ["https://example.com"],
        "objectguid": ["78563412bc9af0de123456789abcdef0"],
    }
    found = entry_of(attributes, 1, options(variant=Variant.ACTIVE_DIRECTORY))
    assert (found.name, found.company, found.url) == ("Jansen, Jan", "Bakkerij", "https://example.com")
    assert found.numbers == ("0612345678",)
    assert found.id == "12345678-9abc-def0-1234-56789abcdef0"


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"displayname": ["Jan J."], "cn": ["jj"]}, "Jan J."),
        ({"displayname": [" "], "cn": ["Jan Jansen"]}, "Jan Jansen"),
        ({"givenname": ["Jan"], "sn": ["Jansen"]}, "Jan Jansen"),
        ({"sn": ["Jansen"]}, "Jansen"),
        ({"o": ["Acme"]}, None),
    ],
)
def test_a_name_is_what_is_there(attributes: dict[str, list[str]], name: str | None) -> None:
    assert read(**attributes).name == name


def test_an_organisation_is_a_company() -> None:
    assert read(o=["Acme"], telephonenumber=["030-7654321"]).is_company


def test_an_empty_entry_is_nobody() -> None:
    assert read() == Entry(where="entry 1", name=None, company=None, url=None, fields=(), numbers=())


def test_a_guid_that_is_none_is_no_id() -> None:
    assert read(objectguid=["12"]).id is None
    assert read(objectguid=["no hex"]).id is None


def test_the_user_says_which_attributes_hold_what() -> None:
    own = options(
        attributes=ColumnNames(name="commonName2", company="firm", url="page", numbers=("line1", "line2")),
        fields=(("Room", "roomNumber"),),
    )
    attributes = {
        "cn": ["not this"],
        "commonname2": ["Jan"],
        "firm": ["Acme"],
        "page": ["https://example.com"],
        "line2": ["06-12345678"],
        "mobile": ["not this"],
        "roomnumber": ["12"],
    }
    found = entry_of(attributes, 1, own)
    assert (found.name, found.company, found.url) == ("Jan", "Acme", "https://example.com")
    assert found.fields == (("room", "12"),)
    assert found.numbers == ("06-12345678",)
    assert {"commonName2", "firm", "page", "line1", "line2", "roomNumber"} <= set(wanted(own))
    assert not {"cn", "company", "mobile"} & set(wanted(own))


def test_only_what_is_shown_is_asked_for() -> None:
    asked = wanted(options())
    assert len(asked) == len(set(asked))
    assert not {"jpegPhoto", "userPassword", "facsimileTelephoneNumber", "*"} & set(asked)
