from typing import Any

import pytest

from bubbled.settings.caution import cautions
from bubbled.settings.schema import Settings


def said(mode: int = 0o600, me: Any = None, pbx: Any = None, **sections: Any) -> str:
    document = {
        "me": {"extension": "101", "region": "NL", **(me or {})},
        "pbx": {"host": "pbx.example.com", "username": "u", "secret": {"env": "X"}, **(pbx or {})},
        **sections,
    }
    return "\n".join(cautions(Settings.model_validate(document), mode))


def test_ordinary_settings_need_no_caution() -> None:
    assert said() == ""
    assert said(mode=0o644) == ""


@pytest.mark.parametrize(("mode", "exposed"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_plain_secret_is_better_kept_elsewhere(mode: int, *, exposed: bool) -> None:
    text = said(mode, pbx={"secret": "hunter2"})
    assert "plain text" in text
    assert ("other users" in text) is exposed
    assert "hunter2" not in text


def test_calls_that_travel_in_the_open_are_told() -> None:
    assert "pbx.tls is off" in said(pbx={"tls": False})
    assert said(pbx={"tls": False, "host": "localhost"}) == ""


def test_sip_that_travels_in_the_open_is_told_and_its_secret_is_better_kept_elsewhere() -> None:
    assert "SIP goes over UDP" in said(pbx={"kind": "sip", "transport": "udp"})
    assert said(pbx={"kind": "sip"}) == ""
    assert said(pbx={"kind": "sip", "host": "localhost"}) == ""
    beside = {"username": "101", "secret": "hunter2", "transport": "tcp"}
    text = said(pbx={"sip": beside})
    assert "SIP goes over TCP" in text
    assert "pbx.sip.secret stands in the settings as plain text" in text
    assert "hunter2" not in text


def test_a_channel_of_one_call_is_no_phone() -> None:
    assert "write PJSIP/101" in said(me={"devices": ["PJSIP/101-0000001f"]})
    assert said(me={"devices": ["PJSIP/desk-101"]}) == ""


CLOUD = {"name": "Cloud", "kind": "carddav", "url": "https://cloud.example.com", "username": "alice"}
CRM = {"name": "CRM", "kind": "rest", "preset": "hubspot"}


@pytest.mark.parametrize(
    ("directory", "key"),
    [
        (CLOUD | {"password": "hunter2"}, "password"),
        (CRM | {"secrets": {"key": "hunter2"}}, "secrets.key"),
        (
            CLOUD | {"oauth": {"client_id": "1", "client_secret": {"env": "A"}, "refresh_token": "hunter2"}},
            "oauth.refresh_token",
        ),
    ],
)
def test_plain_secrets_of_directories_are_told_too(directory: dict[str, Any], key: str) -> None:
    text = said(directory=[directory])
    assert text.startswith(f'{key} of the directory "{directory["name"]}" stands in the settings as plain')
    assert "hunter2" not in text


def test_a_google_that_nobody_switched_on_is_told() -> None:
    google = {"name": "Google", "kind": "google_places", "key": {"env": "K"}}
    assert "only with enabled = true" in said(directory=[google])
    assert said(directory=[google | {"enabled": False}]) == ""


def test_rules_of_a_tier_that_nobody_is_in_are_told() -> None:
    tiers: dict[str, Any] = {"tier": {"2": {}, "5": {}}}
    assert said(directory=[CRM], lookup=tiers).startswith("lookup.tier.5 counts for no directory")
    assert "lookup.tier.2" in said(directory=[CRM | {"tier": 5}], lookup=tiers)
