from __future__ import annotations

import pytest

from bubbled.setup.document import GONE, applied, values
from tests.setup.talk import known

ANSWERS = {
    "pbx.kind": "ami",
    "pbx.host": "pbx.example.com",
    "pbx.tls": "yes",
    "pbx.port": "5039",
    "pbx.username": "bubbled",
    "pbx.secret": "swordfish",
    "me.extension": "101",
    "me.region": "NL",
    "directory.kind": "none",
    "try.number": "0612345678",
}
PLACE = {"pbx.secret": {"file": "~/.config/bubbled/ami-secret"}}


def test_what_is_so_without_being_said_is_not_said() -> None:
    assert values(ANSWERS, known(), PLACE) == {
        ("pbx", "host"): "pbx.example.com",
        ("pbx", "username"): "bubbled",
        ("pbx", "secret"): {"file": "~/.config/bubbled/ami-secret"},
        ("me", "extension"): "101",
        ("me", "region"): "NL",
    }


def test_nothing_is_said_where_the_file_says_it_already() -> None:
    present = applied({}, values(ANSWERS, known(), PLACE))
    assert values(ANSWERS | {"pbx.secret": ""}, known(present), {}) == {}


@pytest.mark.parametrize(
    ("host", "tls", "port", "said"),
    [
        ("pbx.example.com", "no", "5038", {("pbx", "tls"): False}),
        ("pbx.example.com", "no", "5999", {("pbx", "tls"): False, ("pbx", "port"): 5999}),
        ("pbx.example.com", "yes", "5999", {("pbx", "port"): 5999}),
        ("127.0.0.1", "no", "5038", {}),
        ("127.0.0.1", "yes", "5039", {("pbx", "tls"): True}),
    ],
)
def test_encryption_and_port_are_said_where_they_are_unusual(
    host: str, tls: str, port: str, said: dict[tuple[str, str], object]
) -> None:
    wanted = values(ANSWERS | {"pbx.host": host, "pbx.tls": tls, "pbx.port": port}, known(), PLACE)
    assert {path: value for path, value in wanted.items() if path[1] in {"tls", "port"}} == said


def test_what_the_file_says_of_encryption_is_taken_out_when_it_is_no_longer_so() -> None:
    present = {"pbx": {"host": "10.0.0.1", "tls": False, "port": 5999, "ca_file": "/x.pem"}}
    wanted = values(ANSWERS, known(present), PLACE)
    assert wanted["pbx", "tls"] is GONE
    assert wanted["pbx", "port"] is GONE
    assert ("pbx", "ca_file") not in wanted


def test_what_was_not_found_out_stays_as_the_file_says() -> None:
    """As when the PBX is down, and is kept all the same."""
    present = {"pbx": {"host": "pbx.example.com", "tls": False, "port": 5999, "ca_file": "/x.pem"}}
    unknown = {key: text for key, text in ANSWERS.items() if key not in {"pbx.tls", "pbx.port"}}
    changed = {path[1] for path in values(unknown, known(present), PLACE)}
    assert not changed & {"tls", "port", "ca_file"}


def test_from_sip_to_ami_the_keys_of_sip_alone_are_taken_out() -> None:
    present = {"pbx": {"kind": "sip", "transport": "tcp", "domain": "example.com", "host": "10.0.0.1"}}
    wanted = values(ANSWERS, known(present), PLACE)
    assert {path[1] for path, value in wanted.items() if value is GONE} == {"kind", "transport", "domain"}


def test_a_directory_is_added_behind_those_that_are_there() -> None:
    book = {"directory.kind": "file", "directory.path": "/srv/c.vcf", "directory.name": "Club"}
    wanted = values(ANSWERS | book, known({"directory": [{"name": "One"}, {"name": "Two"}]}), PLACE)
    assert wanted["directory", 2] == {"name": "Club", "kind": "vcard", "path": "/srv/c.vcf"}


def test_the_variables_and_secrets_of_a_package_stand_in_tables_of_their_own() -> None:
    package = {
        "directory.kind": "rest",
        "directory.preset": "hubspot",
        "directory.name": "HubSpot",
        "directory.variables.portal": "1234567",
        "directory.secrets.key": "token",
    }
    wanted = values(ANSWERS | package, known(), PLACE | {"directory.secrets.key": {"file": "~/k"}})
    assert wanted["directory", 0] == {
        "name": "HubSpot",
        "kind": "rest",
        "preset": "hubspot",
        "variables": {"portal": "1234567"},
        "secrets": {"key": {"file": "~/k"}},
    }


def test_a_secret_that_is_kept_elsewhere_already_is_said_with_its_place() -> None:
    elsewhere = known(places={"pbx.secret": {"credential": "ami"}})
    assert values(ANSWERS | {"pbx.secret": ""}, elsewhere, {})["pbx", "secret"] == {"credential": "ami"}


def test_yes_and_no_are_texts_where_a_text_is_meant() -> None:
    wanted = values(ANSWERS | {"pbx.secret": "no", "pbx.username": "yes"}, known(), {})
    assert (wanted["pbx", "secret"], wanted["pbx", "username"]) == ("no", "yes")


def test_what_else_a_file_of_answers_says_is_taken_over_as_it_is() -> None:
    more = {("lookup", "budget_s"): 5.0, ("directory", ""): {"timeout_s": 4.0}}
    book = {"directory.kind": "file", "directory.path": "/srv/c.csv", "directory.name": "Club"}
    wanted = values(ANSWERS | book, known(more=more), PLACE)
    assert wanted["lookup", "budget_s"] == 5.0
    assert wanted["directory", 0] == {"name": "Club", "kind": "csv", "path": "/srv/c.csv", "timeout_s": 4.0}


def test_applying_changes_neither_the_document_nor_the_values() -> None:
    document = {"pbx": {"tls": False}, "directory": [{"name": "One"}]}
    new = applied(document, {("pbx", "tls"): GONE, ("directory", 1): {"name": "Two"}})
    assert new == {"pbx": {}, "directory": [{"name": "One"}, {"name": "Two"}]}
    assert document == {"pbx": {"tls": False}, "directory": [{"name": "One"}]}
