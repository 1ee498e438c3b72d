from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bubbled.control.dialling import From
from bubbled.control.endpoint import AlreadyRunningError
from bubbled.control.search import Search
from bubbled.control.server import serving
from bubbled.error import ConfigError
from bubbled.model import Mute
from tests.control.desk import Desk, a_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def browser(served: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """Give an HTTP client that is not ours."""
    async with aiohttp.ClientSession(
        "http://bubbled", connector=aiohttp.UnixConnector(str(served))
    ) as session:
        yield session


async def ask(
    browser: aiohttp.ClientSession, method: str, target: str, body: Any = None, status: int = 200
) -> Any:
    async with browser.request(method, target, json=body) as answer:
        assert answer.status == status
        assert answer.content_type == "application/json"
        return await answer.json()


async def test_the_status_is_told(browser: aiohttp.ClientSession) -> None:
    answer = await ask(browser, "GET", "/v1/status")
    assert answer["pbx"]["state"] == "connected"


async def test_calls_come_newest_last_and_no_more_than_asked_for(browser: aiohttp.ClientSession) -> None:
    everything = await ask(browser, "GET", "/v1/calls")
    assert [call["id"] for call in everything["calls"]] == ["1700000000.1", "1700000000.2"]
    assert [call["id"] for call in (await ask(browser, "GET", "/v1/calls?limit=1"))["calls"]] == [
        "1700000000.2"
    ]


async def test_the_calls_of_a_day(browser: aiohttp.ClientSession) -> None:
    assert len((await ask(browser, "GET", "/v1/calls?on=2026-11-22"))["calls"]) == 2
    assert (await ask(browser, "GET", "/v1/calls?on=2026-11-21&limit=5"))["calls"] == []


@pytest.mark.parametrize("on", ["", "yesterday", "2026-02-30", "20261122", "2026-W47-7"])
async def test_an_impossible_day_is_refused(browser: aiohttp.ClientSession, on: str) -> None:
    assert "on must be a day" in (await ask(browser, "GET", f"/v1/calls?on={on}", status=400))["error"]


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "1001", "٣", "9" * 5000, "00000000199"])
async def test_an_impossible_limit_is_refused(browser: aiohttp.ClientSession, limit: str) -> None:
    answer = await ask(browser, "GET", f"/v1/calls?limit={limit}", status=400)
    assert "1 to 1000" in answer["error"]


async def test_one_call_is_told(browser: aiohttp.ClientSession) -> None:
    assert await ask(browser, "GET", "/v1/calls/1700000000.1") == a_call("1700000000.1")


async def test_who_may_be_on_the_line_is_told_and_chosen(browser: aiohttp.ClientSession) -> None:
    told = await ask(browser, "GET", "/v1/calls/latest/matches")
    assert told == {
        "call": "1700000000.2",
        "matches": [
            {"match": 1, "line": "Jan Jansen · Utrecht", "chosen": True, "contact": {"name": "Jan Jansen"}},
            {"match": 2, "line": "Jan Jansen · Gouda", "chosen": False, "contact": {"name": "Jan Jansen"}},
        ],
    }
    for call_id, match in (("latest", 2), ("1700000000.1", 1)):
        chosen = await ask(browser, "POST", f"/v1/calls/{call_id}/choose", body={"match": match})
        assert [each["match"] for each in chosen["matches"] if each["chosen"]] == [match]
        assert (await ask(browser, "GET", f"/v1/calls/{call_id}/matches")) == chosen


@pytest.mark.parametrize("match", [None, 0, -1, 1001, "2", 1.5, True, [2]])
async def test_what_is_no_number_of_the_list_is_refused(
    browser: aiohttp.ClientSession, match: object
) -> None:
    refused = await ask(browser, "POST", "/v1/calls/latest/choose", status=400, body={"match": match})
    assert "bubbled choose" in refused["error"]


async def test_there_is_nobody_to_choose_for_an_unknown_call(
    browser: aiohttp.ClientSession, desk: Desk
) -> None:
    assert "no call 7" in (await ask(browser, "GET", "/v1/calls/7/matches", status=404))["error"]
    desk.kept.clear()
    refused = await ask(browser, "POST", "/v1/calls/latest/choose", status=404, body={"match": 1})
    assert "no call yet" in refused["error"]


async def test_a_popup_is_shown_again(browser: aiohttp.ClientSession, desk: Desk) -> None:
    await ask(browser, "POST", "/v1/calls/1700000000.1/show")
    await ask(browser, "POST", "/v1/calls/latest/show")
    assert desk.shown == ["1700000000.1", "1700000000.2"]


async def test_a_call_that_is_not_there_is_not_found(browser: aiohttp.ClientSession, desk: Desk) -> None:
    assert "no call 7" in (await ask(browser, "POST", "/v1/calls/7/show", status=404))["error"]
    desk.kept = []
    assert "no call yet" in (await ask(browser, "POST", "/v1/calls/latest/show", status=404))["error"]


async def test_popups_are_muted_until_a_moment_or_for_good(
    browser: aiohttp.ClientSession, desk: Desk
) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    answer = await ask(browser, "POST", "/v1/mute", {"until": until.isoformat()})
    assert answer == {"mute": {"until": until.isoformat()}}
    assert desk.mute_state == Mute(until)

    await ask(browser, "POST", "/v1/mute", {"until": None})
    assert desk.mute_state == Mute(None)

    await ask(browser, "DELETE", "/v1/mute")
    assert desk.mute_state is None


async def test_muting_is_toggled(browser: aiohttp.ClientSession, desk: Desk) -> None:
    assert await ask(browser, "POST", "/v1/mute/toggle") == {"mute": {"until": None}}
    assert desk.mute_state == Mute(None)
    assert await ask(browser, "POST", "/v1/mute/toggle") == {"mute": None}
    assert desk.mute_state is None


@pytest.mark.parametrize(
    "body",
    [
        {"until": "soon"},
        {"until": 7},
        {"until": "2999-01-01T00:00:00"},
        {"until": "2001-01-01T00:00:00Z"},
        {"until": "9999-12-31T23:59:59Z"},
        [],
    ],
)
async def test_a_mute_that_makes_no_sense_changes_nothing(
    browser: aiohttp.ClientSession, desk: Desk, body: object
) -> None:
    assert (await ask(browser, "POST", "/v1/mute", body, status=400))["error"]
    assert desk.mute_state is None


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 4000, b'{"until": NaN}'])
async def test_a_body_that_is_no_json_is_refused(
    browser: aiohttp.ClientSession, desk: Desk, body: bytes
) -> None:
    async with browser.post("/v1/mute", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]
    assert desk.mute_state is None


async def test_a_huge_body_is_refused(browser: aiohttp.ClientSession) -> None:
    async with browser.post("/v1/mute", data=b" " * 100_000) as answer:
        assert answer.status == 413
        assert (await answer.json())["error"]


async def test_every_directory_tells_what_it_knows(browser: aiohttp.ClientSession) -> None:
    answer = await ask(browser, "GET", "/v1/lookup?number=%2B31612345678")
    assert [(each["directory"], each["outcome"]) for each in answer["asked"]] == [
        ("Customers", "hit"),
        ("CRM", "error"),
    ]


@pytest.mark.parametrize("query", ["", "?number=", "?number=%20", "?number=" + "1" * 201])
async def test_a_lookup_needs_a_number(browser: aiohttp.ClientSession, query: str) -> None:
    assert "number" in (await ask(browser, "GET", "/v1/lookup" + query, status=400))["error"]


async def test_reload_tells_the_warnings(browser: aiohttp.ClientSession, desk: Desk) -> None:
    desk.warnings = ("secret: plain text",)
    assert await ask(browser, "POST", "/v1/reload") == {"warnings": ["secret: plain text"]}


async def test_what_the_daemon_refuses_is_one_line_for_the_user(
    browser: aiohttp.ClientSession, desk: Desk
) -> None:
    desk.refusal = ConfigError("Line 3 is broken;\nthe old settings stay.")
    answer = await ask(browser, "POST", "/v1/reload", status=409)
    assert answer == {"error": "Line 3 is broken; the old settings stay."}


async def test_a_defect_tells_nothing_of_its_inside_and_the_server_goes_on(
    browser: aiohttp.ClientSession, desk: Desk
) -> None:
    desk.refusal = RuntimeError("secret inside")
    answer = await ask(browser, "GET", "/v1/status", status=500)
    assert "secret inside" not in answer["error"]
    desk.refusal = None
    await ask(browser, "GET", "/v1/status")


async def test_a_number_is_forgotten(browser: aiohttp.ClientSession, desk: Desk) -> None:
    assert await ask(browser, "DELETE", "/v1/history?number=%2B31612345678") == {"erased": 2}
    assert desk.kept == []


async def test_the_doctor_tells_its_checks(browser: aiohttp.ClientSession) -> None:
    answer = await ask(browser, "GET", "/v1/doctor")
    assert answer["checks"][0]["verdict"] == "ok"


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v2/status", 404),
        ("DELETE", "/v1/status", 405),
        ("PATCH", "/v1/mute", 405),
    ],
)
async def test_what_there_is_not_is_an_error_in_json_too(
    browser: aiohttp.ClientSession, method: str, target: str, status: int
) -> None:
    assert (await ask(browser, method, target, status=status))["error"]


async def test_changes_are_streamed(browser: aiohttp.ClientSession, desk: Desk) -> None:
    change = {"at": None, "change": "started", "call": a_call("1700000000.3", name="line\nbreak")}
    async with asyncio.timeout(5), browser.get("/v1/events") as answer:
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readuntil(b"\n\n") == b": following\n\n"
        desk.feed.publish(change)
        event = await answer.content.readuntil(b"\n\n")
        assert json.loads(event.removeprefix(b"data: ")) == change
        desk.feed.close()
        assert await answer.content.read() == b""


async def test_a_reader_that_takes_nothing_is_dropped_and_holds_up_neither_the_daemon_nor_the_others(
    served: Path, desk: Desk
) -> None:
    big = {"change": "updated", "call": a_call("1", name="x" * 50_000)}
    unread, idle = await asyncio.open_unix_connection(str(served))
    idle.write(b"GET /v1/events HTTP/1.0\r\n\r\n")
    session = aiohttp.ClientSession("http://bubbled", connector=aiohttp.UnixConnector(str(served)))
    async with asyncio.timeout(30), session, session.get("/v1/events") as answer:
        await answer.content.readuntil(b"\n\n")
        for _ in range(200):
            desk.feed.publish(big)
            assert (await answer.content.readline()).startswith(b"data: ")
            await answer.content.readline()
        await ask(session, "GET", "/v1/status")
        assert (await unread.read()).count(b"data: ") < 200
    idle.close()


async def test_idle_connections_however_many_leave_files_for_the_calls(served: Path) -> None:
    idle = [await asyncio.open_unix_connection(str(served)) for _ in range(300)]
    gone = [asyncio.create_task(reader.read()) for reader, _ in idle]
    async with asyncio.timeout(10):
        await asyncio.wait(gone[100:])
    assert not any(task.done() for task in gone[:100])

    for _, writer in idle:
        writer.close()
    await asyncio.wait(gone)
    reader, writer = await asyncio.open_unix_connection(str(served))
    writer.write(b"GET /v1/status HTTP/1.0\r\n\r\n")
    assert b" 200 " in await reader.readline()
    writer.close()


async def test_another_user_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    nobody_here = {2**31 - 2}
    async with (
        serving(desk, path, trusted=nobody_here),
        aiohttp.ClientSession("http://bubbled", connector=aiohttp.UnixConnector(str(path))) as session,
    ):
        assert "another user" in (await ask(session, "GET", "/v1/status", status=403))["error"]


async def test_only_one_daemon_serves(served: Path) -> None:
    with pytest.raises(AlreadyRunningError):
        async with serving(Desk(), served):
            pass
    reader, writer = await asyncio.open_unix_connection(str(served))
    writer.write(b"GET /v1/status HTTP/1.0\r\n\r\n")
    assert b" 200 " in await reader.readline()
    writer.close()


async def test_stopping_does_not_wait_for_those_who_follow(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    async with asyncio.timeout(2):
        async with serving(desk, path):
            reader, writer = await asyncio.open_unix_connection(str(path))
            writer.write(b"GET /v1/events HTTP/1.0\r\n\r\n")
            await reader.readuntil(b": following")
        await reader.read()
    writer.close()


async def test_a_call_is_wished(browser: aiohttp.ClientSession, desk: Desk) -> None:
    wish = {"source": "link", "text": "tel:+31201234567", "device": "Desk phone", "confirmed": True}
    answer = await ask(browser, "POST", "/v1/dial", wish)
    assert answer == {
        "answer": "dialled",
        "number": "+31201234567",
        "call": "bubbled-1a2b3c4d-1795341808.1",
        "device": "PJSIP/101",
        "phone": "Desk phone (PJSIP/101)",
        "question": None,
        "choices": [{"number": "+31201234567", "shown": "020 123 4567"}],
    }
    (wished,) = desk.wishes
    assert (wished.source, wished.text, wished.device) == (From.LINK, "tel:+31201234567", "Desk phone")
    assert (wished.is_confirmed, wished.asks_here) == (True, False)


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({}, "source"),
        ({"source": "web"}, "source"),
        ({"source": []}, "source"),
        ({"source": "typed", "text": 112}, "texts"),
        ({"source": "typed", "text": "1" * 3000}, "2100"),
        ({"source": "typed", "device": ["x"]}, "texts"),
        ({"source": "selection", "display": "x"}, "display"),
    ],
)
async def test_a_wish_that_is_none_is_refused(
    browser: aiohttp.ClientSession, desk: Desk, wish: dict[str, Any], complaint: str
) -> None:
    assert complaint in (await ask(browser, "POST", "/v1/dial", wish, status=400))["error"]
    assert desk.wishes == []


async def test_only_the_word_true_confirms(browser: aiohttp.ClientSession, desk: Desk) -> None:
    await ask(browser, "POST", "/v1/dial", {"source": "typed", "text": "112", "confirmed": "yes"})
    assert desk.wishes[0].is_confirmed is False


async def test_a_text_of_the_greatest_length_fits_however_it_is_escaped(
    browser: aiohttp.ClientSession, desk: Desk
) -> None:
    await ask(browser, "POST", "/v1/dial", {"source": "typed", "text": "\u2603" * 2100})
    assert len(desk.wishes[0].text) == 2100


async def test_the_phones_are_told_and_another_is_chosen(browser: aiohttp.ClientSession) -> None:
    told = (await ask(browser, "GET", "/v1/devices"))["devices"]
    assert told[0] == {"device": "PJSIP/101", "name": "Desk phone", "state": "ready", "default": True}
    chosen = (await ask(browser, "POST", "/v1/devices/default", {"device": "PJSIP/201"}))["devices"]
    assert [each["default"] for each in chosen] == [False, True]


@pytest.mark.parametrize("body", [{}, {"device": ""}, {"device": 7}, {"device": "x" * 201}])
async def test_a_phone_needs_a_name(browser: aiohttp.ClientSession, body: dict[str, Any]) -> None:
    assert "name" in (await ask(browser, "POST", "/v1/devices/default", body, status=400))["error"]


async def test_the_legend_of_layouts_is_told(browser: aiohttp.ClientSession) -> None:
    answer = await ask(browser, "GET", "/v1/layout/legend")
    assert [entry["word"] for entry in answer["variables"]] == ["$name"]


async def test_an_example_of_a_layout_is_shown(browser: aiohttp.ClientSession, desk: Desk) -> None:
    answer = await ask(browser, "POST", "/v1/layout/example", {"scene": "missed"})
    assert (desk.examples, answer["screen"]) == (["missed"], "native")


@pytest.mark.parametrize("scene", [None, 5, ["ringing"], "x" * 201])
async def test_an_impossible_example_is_refused(browser: aiohttp.ClientSession, scene: Any) -> None:
    answer = await ask(browser, "POST", "/v1/layout/example", {"scene": scene}, status=400)
    assert "bubbled layout example" in answer["error"]


async def test_the_story_of_a_call_comes_with_its_sentences(browser: aiohttp.ClientSession) -> None:
    told = await ask(browser, "GET", "/v1/calls/1700000000.1/why")
    assert [step["kind"] for step in told["story"]] == ["seen", "decided", "asked"]
    assert told["story"][1]["text"] == "It has a popup."
    assert datetime.fromisoformat(told["story"][1]["at"]).utcoffset() is not None


async def test_the_story_of_a_moment_is_told(browser: aiohttp.ClientSession, desk: Desk) -> None:
    told = await ask(browser, "GET", "/v1/why?at=2026-11-22T14:03")
    assert told["summary"] == told["reasons"][0]["text"]
    assert "PJSIP/102, which is not one of your devices (PJSIP/101)" in told["summary"]
    assert [step["kind"] for step in told["events"]] == ["muted", "heard"]
    assert desk.moments == [datetime(2026, 11, 22, 14, 3).astimezone()]
    begin, end = datetime.fromisoformat(told["from"]), datetime.fromisoformat(told["to"])
    assert end - begin == timedelta(minutes=20)


@pytest.mark.parametrize("query", ["", "?at=", "?at=soon", "?at=25:00"])
async def test_a_moment_that_is_none_is_refused(browser: aiohttp.ClientSession, query: str) -> None:
    assert "at must be a moment" in (await ask(browser, "GET", f"/v1/why{query}", status=400))["error"]


async def test_the_history_is_searched_page_by_page(browser: aiohttp.ClientSession, desk: Desk) -> None:
    first = await ask(browser, "GET", "/v1/history?text=06%2D1&whose=all&since=2026-11-01&missed=1&limit=1")
    assert desk.searches == [Search(text="06-1", whose="all", since=date(2026, 11, 1), missed=True, limit=1)]
    assert first == {"calls": [], "older": None, "gap": None}
    first = await ask(browser, "GET", "/v1/history?limit=1")
    second = await ask(browser, "GET", f"/v1/history?limit=1&before={first['older']}")
    ids = [call["id"] for call in (*first["calls"], *second["calls"])]
    assert (ids, second["older"]) == (["1700000000.2", "1700000000.1"], None)
    assert first["calls"][0]["owner"] == "me"


async def test_a_search_for_what_cannot_be_is_refused(browser: aiohttp.ClientSession, desk: Desk) -> None:
    for resource in ("/v1/history", "/v1/history.csv"):
        assert "a day" in (await ask(browser, "GET", f"{resource}?since=soon", status=400))["error"]
    assert desk.searches == []


async def test_whom_to_call_back_is_told(browser: aiohttp.ClientSession) -> None:
    (call,) = (await ask(browser, "GET", "/v1/history/to-call-back"))["calls"]
    assert (call["id"], call["times"], call["owner"]) == ("1700000000.2", 2, "me")


async def test_what_is_known_of_a_number_is_told(browser: aiohttp.ClientSession, desk: Desk) -> None:
    desk.notes = ["Wants 20"]
    person = await ask(browser, "GET", "/v1/history/person?number=%2B31612345678")
    assert (person["calls"], person["contact"]["name"]) == (2, "Jan Jansen")
    assert [each["text"] for each in person["notes"]] == ["Wants 20"]


async def test_a_number_of_which_nothing_is_known_is_told_so(browser: aiohttp.ClientSession) -> None:
    answer = await ask(browser, "GET", "/v1/history/person?number=%2B31201234567", status=404)
    assert "knows nothing of +31201234567" in answer["error"]
    await ask(browser, "GET", "/v1/history/person", status=400)


async def test_calls_are_given_as_a_file(browser: aiohttp.ClientSession, desk: Desk) -> None:
    async with browser.get("/v1/history.csv?text=jan") as answer:
        assert (answer.status, answer.content_type, answer.charset) == (200, "text/csv", "utf-8")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="calls.csv"'
        assert await answer.read() == b"1700000000.1\r\n1700000000.2\r\n"
    assert desk.searches == [Search(text="jan")]


async def test_a_file_that_cannot_be_made_is_a_refusal_and_no_file(
    browser: aiohttp.ClientSession, desk: Desk
) -> None:
    desk.refusal = ConfigError("There is no history.")
    assert await ask(browser, "GET", "/v1/history.csv", status=409) == {"error": "There is no history."}
