import json
import tomllib
from typing import Any

import pytest

from bubbled.error import ConfigError
from bubbled.settings.showing import kept, shown

SECRET = "hunter2-Zk9"
DOCUMENT: dict[str, Any] = tomllib.loads(f"""
[me]
extension = "101"
since = 2026-01-01
share = inf
[me.numbers]
"+31201000101" = "Sales"
[pbx]
host = "pbx.example.com"
secret = "{SECRET}"
unknown_key = "{SECRET}"
sip = {{ username = "101", secret = {{ keyring = "bubbled", user = "sip" }} }}
[[directory]]
name = "CRM"
variables = {{ portal = "1", api_token = "{SECRET}" }}
secrets = {{ key = "{SECRET}", env = {{ env = "HUBSPOT" }} }}
[[directory]]
name = "Cloud"
url = "https://me:{SECRET}@cloud.example.com/"
password = {{ command = ["pass", "{SECRET}"] }}
oauth = {{ client_secret = {{ credential = "google" }}, refresh_token = {{ file = "~/x" }} }}
[[directory]]
name = "Wrong"
password = {{ plain = "{SECRET}", deep = {{ env = "{SECRET}" }} }}
key = 12345
""")


def test_no_secret_is_shown_and_all_else_is() -> None:
    told = shown(DOCUMENT)
    assert SECRET not in json.dumps(told)
    assert "12345" not in json.dumps(told)
    assert told["me"] == {
        "extension": "101",
        "since": "2026-01-01",
        "share": "inf",
        "numbers": {"+31201000101": "Sales"},
    }


def test_where_a_secret_is_kept_is_shown() -> None:
    told = shown(DOCUMENT)
    cloud = told["directory"][1]
    assert told["pbx"]["secret"] == {"set": True, "where": "in the settings", "at": ["pbx", "secret"]}
    assert told["pbx"]["sip"]["secret"]["where"] == "keyring bubbled (sip)"
    assert told["directory"][0]["secrets"]["env"]["where"] == "env HUBSPOT"
    assert cloud["password"]["where"] == "command pass"
    assert cloud["oauth"]["client_secret"]["where"] == "credential google"
    assert cloud["oauth"]["refresh_token"]["where"] == "file ~/x"
    assert cloud["url"]["where"] == "an address with a password"
    assert told["directory"][2]["password"]["where"] == "unknown"


def test_what_a_form_sends_back_as_it_was_is_what_it_was() -> None:
    told = shown(DOCUMENT)
    assert kept(told["pbx"], ("pbx",), DOCUMENT) == DOCUMENT["pbx"]
    backwards = [told["directory"][index] for index in (2, 0, 1)]
    assert kept(backwards, ("directory",), DOCUMENT) == [DOCUMENT["directory"][index] for index in (2, 0, 1)]


def test_a_secret_to_be_kept_is_that_of_the_same_place() -> None:
    assert kept({"kept": True}, ("pbx", "secret"), DOCUMENT) == SECRET
    sent = {"name": "Cloud", "password": {"kept": True}}
    assert kept(sent, ("directory", 1), DOCUMENT)["password"] == DOCUMENT["directory"][1]["password"]


def test_a_secret_may_be_replaced_by_another() -> None:
    assert kept({"secret": "new"}, ("pbx",), DOCUMENT) == {"secret": "new"}


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"kept": True}, ("pbx", "password")),
        ({"kept": True}, ("directory", 7, "password")),
        ({"set": True, "at": ["pbx", "secret"]}, ("me", "name")),
        ({"set": True, "at": ["pbx", "secret"]}, ("pbx", "host")),
        ({"set": True, "at": ["directory", 0, "secrets", "key"]}, ("directory", 0, "variables", "key")),
        ({"set": True, "at": "pbx"}, ("pbx", "secret")),
        ({"set": True, "at": [["pbx"]]}, ("pbx", "secret")),
        ({"set": True, "at": [True]}, ("pbx", "secret")),
        ({"set": True, "at": ["directory", -9, "password"]}, ("directory", 1, "password")),
    ],
)
def test_a_secret_does_not_come_to_another_place(value: Any, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ConfigError, match="look at the settings again") as refused:
        kept(value, path, DOCUMENT)
    assert SECRET not in str(refused.value)
