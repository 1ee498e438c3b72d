from __future__ import annotations

from typing import Any

import pytest

from bubbled.control.settings import SettingsState
from bubbled.settings.mistake import Mistake
from bubbled.web.refusal import RefusedError
from bubbled.web.settings.candidate import candidate_of, digest_of, section

MARK = {"set": True, "where": "an address with a password", "at": ["button", 0, "open"]}


def test_what_a_page_is_not_told_is_tried_by_something_like_it() -> None:
    found = candidate_of(
        {"buttons": [{"label": "CRM", "open": MARK}], "popup": {"layout": {"lines": [MARK]}}}
    )
    (button,) = found.sections["button"]
    assert button["label"] == "CRM"
    assert button["open"].startswith("https://")
    assert found.sections["popup"]["layout"]["lines"] == [button["open"]]


@pytest.mark.parametrize("body", [{"scene": 7}, {"call": []}, {"popup": {"x": "\ud800"}}])
def test_what_is_no_candidate_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        candidate_of(body)


@pytest.mark.parametrize("body", [{}, {"digest": None}, {"digest": 7}])
def test_a_page_has_to_say_what_it_was_made_of(body: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        digest_of(body)


def test_settings_with_mistakes_are_nothing_to_begin_with() -> None:
    document = {"popup": {"inbound": False}}
    assert section(SettingsState("x", "d", document), "popup") == {"inbound": False}
    assert section(SettingsState("x", "d", document), "button") is None
    wrong = SettingsState("x", "d", document, mistakes=(Mistake("me", None, "is missing"),))
    assert section(wrong, "popup") is None
