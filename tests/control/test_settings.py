from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bubbled.control.settings import NewText, NewValues, SettingsState, settings_json
from bubbled.error import ConfigError
from bubbled.settings.file import ChangedMeanwhileError
from bubbled.settings.mistake import InvalidSettings, Mistake

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.control.desk import Desk

DIGEST = "a" * 64


@pytest.fixture
async def page(served: Path) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.UnixConnector(str(served))
    async with aiohttp.ClientSession("http://bubbled", connector=connector) as session:
        yield session


async def told(page: aiohttp.ClientSession, target: str, body: Any = None) -> tuple[int, Any]:
    content = None if body is None else BytesIO(json.dumps(body).encode())
    async with page.request("GET" if body is None else "POST", target, data=content) as answer:
        return answer.status, await answer.json()


def test_the_state_is_told_whole() -> None:
    state = SettingsState(
        "/x", DIGEST, {"me": {}}, (Mistake("me.x", 3, "is wrong"),), ("careful",), 2, "text"
    )
    assert settings_json(state) == {
        "path": "/x",
        "digest": DIGEST,
        "document": {"me": {}},
        "mistakes": [{"key": "me.x", "line": 3, "text": "is wrong"}],
        "warnings": ["careful"],
        "undo": 2,
        "text": "text",
    }


async def test_the_settings_are_told(page: aiohttp.ClientSession, desk: Desk) -> None:
    assert await told(page, "/v1/settings") == (200, settings_json(desk.settings_state))


async def test_a_change_is_saved_checked_and_undone(page: aiohttp.ClientSession, desk: Desk) -> None:
    body = {"digest": DIGEST, "changes": [{"path": ["popup", "inbound"], "value": False}]}
    desk.settings_state = replace(desk.settings_state, warnings=("careful",))
    assert await told(page, "/v1/settings", body) == (200, settings_json(desk.settings_state))
    assert await told(page, "/v1/settings/check", body) == (200, {"mistakes": [], "warnings": ["careful"]})
    assert desk.changes == [NewValues(DIGEST, {("popup", "inbound"): False})] * 2
    status, answer = await told(page, "/v1/settings/undo", {"digest": DIGEST})
    assert (status, answer["undo"]) == (200, 0)


async def test_mistakes_are_told_one_by_one(page: aiohttp.ClientSession, desk: Desk) -> None:
    mistakes = (Mistake("me.region", 3, "must be text"), Mistake("", None, "is empty"))
    desk.refusal = InvalidSettings(Path("/x"), mistakes)
    status, answer = await told(page, "/v1/settings", {"digest": DIGEST, "text": ""})
    assert (status, answer["error"]) == (422, "/x: line 3: me.region must be text; is empty")
    assert answer["mistakes"] == [
        {"key": "me.region", "line": 3, "text": "must be text"},
        {"key": "", "line": None, "text": "is empty"},
    ]


@pytest.mark.parametrize("target", ["/v1/settings", "/v1/settings/check", "/v1/settings/undo"])
async def test_who_comes_too_late_is_told(page: aiohttp.ClientSession, desk: Desk, target: str) -> None:
    desk.refusal = ChangedMeanwhileError(Path("/x"))
    status, answer = await told(page, target, {"digest": DIGEST, "text": ""})
    assert (status, "changed meanwhile" in answer["error"]) == (409, True)
    desk.refusal = ConfigError("There is nothing to undo.")
    assert await told(page, target, {"digest": DIGEST, "text": ""}) == (
        409,
        {"error": "There is nothing to undo."},
    )


@pytest.mark.parametrize("target", ["/v1/settings", "/v1/settings/check", "/v1/settings/undo"])
async def test_what_is_no_change_is_refused(page: aiohttp.ClientSession, desk: Desk, target: str) -> None:
    assert (await told(page, target, {"digest": "x"}))[0] == 400
    assert (await told(page, target, [1]))[0] == 400
    assert desk.changes == []


async def test_a_whole_file_has_room_however_it_is_written(page: aiohttp.ClientSession, desk: Desk) -> None:
    text = "é" * (128 * 1024)  # 256 KiB as UTF-8; three times that in JSON
    assert (await told(page, "/v1/settings", {"digest": DIGEST, "text": text}))[0] == 200
    assert desk.changes == [NewText(DIGEST, text)]
    assert (await told(page, "/v1/settings", {"digest": DIGEST, "text": text * 2}))[0] == 413
    assert (await told(page, "/v1/settings/undo", {"digest": DIGEST, "text": text}))[0] == 413
