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


def test_a_channel_of_one_call_is_no_phone() -> None:
    assert "write PJSIP/101" in said(me={"devices": ["PJSIP/101-0000001f"]})
    assert said(me={"devices": ["PJSIP/desk-101"]}) == ""


def test_buttons_are_told_to_come_later() -> None:
    assert "later version" in said(button=[{"label": "CRM", "open": "https://crm.example.com"}])
