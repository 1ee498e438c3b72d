from typing import Any

import pytest

from bubbled.control.request import RefusedError
from bubbled.control.settings import NewOrder, NewTables, NewText, NewValues
from bubbled.control.settings_request import digest, settings_change

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("body", "change"),
    [
        (
            {
                "changes": [
                    {"path": ["popup", "inbound"], "value": True},
                    {"path": ["button", 0], "absent": True},
                ]
            },
            NewValues(DIGEST, {("popup", "inbound"): True}, (("button", 0),)),
        ),
        (
            {"changes": [{"path": ["pbx", "secret"], "value": None}]},
            NewValues(DIGEST, {("pbx", "secret"): None}),
        ),
        ({"text": "[me]\n"}, NewText(DIGEST, "[me]\n")),
        ({"order": {"key": "directory", "order": [1, 0]}}, NewOrder(DIGEST, "directory", (1, 0))),
        (
            {"replace": {"key": "button", "tables": [{"label": "A"}]}},
            NewTables(DIGEST, "button", [{"label": "A"}]),
        ),
        (
            {"replace": {"key": "popup", "tables": {"missed": False}}},
            NewTables(DIGEST, "popup", {"missed": False}),
        ),
    ],
)
def test_a_change_is_understood(body: dict[str, Any], change: object) -> None:
    assert settings_change({"digest": DIGEST, **body}) == change


def test_a_text_needs_no_digest_where_there_is_no_file() -> None:
    assert settings_change({"digest": None, "text": "x"}) == NewText(None, "x")
    assert settings_change({"text": "x"}) == NewText(None, "x")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"changes": []},
        {"changes": {}},
        {"changes": [1]},
        {"changes": [{"path": ["a"]}]},
        {"changes": [{"value": 1}]},
        {"changes": [{"path": [], "value": 1}]},
        {"changes": [{"path": [0], "value": 1}]},
        {"changes": [{"path": ["a", -1], "value": 1}]},
        {"changes": [{"path": ["a", True], "value": 1}]},
        {"changes": [{"path": ["a", 1.0], "value": 1}]},
        {"changes": [{"path": "a", "value": 1}]},
        {"changes": [{"path": ["a"] * 9, "value": 1}]},
        {"changes": [{"path": ["a" * 1001], "value": 1}]},
        {"changes": [{"path": ["a"], "absent": False}]},
        {"changes": [{"path": ["a"], "value": 1}] * 501},
        {"text": 1},
        {"text": None},
        {"order": [1, 0]},
        {"order": {"key": "directory", "order": [True, 0]}},
        {"order": {"key": 1, "order": [0]}},
        {"replace": {"key": "button"}},
        {"replace": {"key": "button", "tables": [1]}},
        {"replace": {"key": "button", "tables": "x"}},
    ],
)
def test_what_is_no_change_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        settings_change({"digest": DIGEST, **body})
    assert refused.value.status == 400


@pytest.mark.parametrize("wrong", [None, 1, "", "a", DIGEST.upper(), DIGEST + "0", ["a"]])
def test_what_is_no_digest_is_refused(wrong: object) -> None:
    for body in ({"changes": [{"path": ["a"], "value": 1}]}, {"order": {"key": "a", "order": []}}):
        with pytest.raises(RefusedError, match="digest must be"):
            settings_change({"digest": wrong, **body})
    with pytest.raises(RefusedError, match="digest must be"):
        digest({"digest": wrong})
