from __future__ import annotations

from bubbled.setup.answer import given


def test_what_is_asked_becomes_answers_and_all_else_stays_as_it_is() -> None:
    found = given(
        {
            "me": {"extension": "101", "devices": ["PJSIP/101", "SIP/101"], "name": "Alice"},
            "pbx": {"host": "pbx", "port": 5999, "tls": False, "secret": {"credential": "ami"}},
            "popup": {"inbound": False},
        }
    )
    assert found.answers == {
        "me.extension": "101",
        "me.devices": "PJSIP/101, SIP/101",
        "pbx.host": "pbx",
        "pbx.port": "5999",
        "pbx.tls": "no",
    }
    assert found.places == {"pbx.secret": {"credential": "ami"}}
    assert found.more == {("me", "name"): "Alice", ("popup", "inbound"): False}


def test_of_several_directories_the_last_is_the_one_that_is_asked_about() -> None:
    found = given(
        {
            "directory": [
                {"name": "One", "kind": "csv", "path": "/one.csv"},
                {
                    "name": "HubSpot",
                    "kind": "rest",
                    "preset": "hubspot",
                    "variables": {"portal": "1"},
                    "secrets": {"key": {"env": "TOKEN"}},
                    "log_calls": True,
                },
            ]
        }
    )
    assert found.answers == {
        "directory.name": "HubSpot",
        "directory.kind": "rest",
        "directory.preset": "hubspot",
        "directory.variables.portal": "1",
    }
    assert found.places == {"directory.secrets.key": {"env": "TOKEN"}}
    assert found.more == {("directory", ""): {"log_calls": True}}
