from __future__ import annotations

import pytest

from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.variables import check_secrets, values_of
from bubbled.error import ConfigError


def test_what_the_user_gave_comes_before_the_defaults() -> None:
    preset = loading.load("zoho")
    assert (
        values_of(preset, {"client_id": "1", "data_center": "com"})["base_url"] == "https://www.zohoapis.com"
    )
    assert values_of(preset, {"client_id": "1"})["crm_url"] == "https://crm.zoho.eu"
    given = {"client_id": "1", "base_url": "https://proxy.example"}
    assert values_of(preset, given)["base_url"] == "https://proxy.example"


def test_a_variable_stays_within_its_place_in_an_address() -> None:
    values = values_of(loading.load("afas"), {"environment": "evil.example/?"})
    assert values["base_url"] == "https://evil.example%2F%3F.rest.afas.online"


def test_all_that_is_missing_is_named_with_what_it_is() -> None:
    with pytest.raises(ConfigError) as error:
        values_of(loading.load("odoo-jsonrpc"), {"database": "acme"})
    text = str(error.value)
    assert text.startswith("Odoo up to 21 needs in variables: base_url (where your Odoo is); user (")
    assert "\n" not in text


def test_a_whole_address_makes_its_part_unnecessary() -> None:
    values = values_of(loading.load("afas"), {"base_url": "https://afas.example", "environment": "1"})
    assert values["base_url"] == "https://afas.example"


def test_what_the_preset_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigError, match='knows no "portl" in variables; did you mean "portal"'):
        values_of(loading.load("hubspot"), {"portl": "1"})
    with pytest.raises(ConfigError, match='knows no "xyzzy" in variables; known are portal, base_url'):
        values_of(loading.load("hubspot"), {"portal": "1", "xyzzy": "1"})


def test_secrets_are_those_of_the_preset() -> None:
    check_secrets(loading.load("hubspot"), ("key",))
    with pytest.raises(ConfigError, match=r"needs in secrets: key \(the private app's access token\)"):
        check_secrets(loading.load("hubspot"), ())
    with pytest.raises(ConfigError, match='knows no "token" in secrets; known are key'):
        check_secrets(loading.load("hubspot"), ("key", "token"))
