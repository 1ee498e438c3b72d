from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bubbled.story.fact import Seen
from bubbled.story.step import Step
from tests.control import desk as control_desk
from tests.control.desk import a_call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk


async def test_why_tells_who_was_asked(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "why", "1700000000.1")
    *story, crm, customers = ended.out.splitlines()
    assert (crm, customers) == ("CRM\ttimeout\t2000.0\t", "Customers\thit, cached\t0.2\t")
    assert story[0].endswith("the popup was shown (native).")
    assert story[2:] == ["10:00:00 PJSIP/101 rings: +31612345678 calls.", "10:00:00 It has a popup."]
    assert not any("\t" in line for line in story)
    told = json.loads((await bubbled("--socket", served, "why", "1700000000.1", "--json")).out)
    assert [(asked["outcome"], asked["cached"]) for asked in told["asked"]] == [
        ("timeout", False),
        ("hit", True),
    ]


async def test_why_explains_to_a_person(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "why", "1700000000.1")
    assert "the popup was shown (native)." in seen.screen
    assert "The contact is from Customers." in seen.screen
    rows = [" ".join(line.split()) for line in seen.screen.splitlines()]
    assert "10:00:00 PJSIP/101 rings: +31612345678 calls." in rows
    assert "10:00:00 It has a popup." in rows
    assert rows.index("10:00:00 It has a popup.") < rows.index("CRM timeout 2000.0")
    seen = await terminal("--socket", served, "why")
    assert "Nobody was asked" in seen.screen


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("muted until 14:00", "+31612345678: no popup: muted until 14:00."),
        ("outside the hours Mon-Fri 08:30-17:30", "no popup: outside the hours Mon-Fri 08:30-17:30."),
        (None, "+31612345678"),
    ],
)
async def test_why_explains_why_there_was_no_popup(
    terminal: Terminal, served: Path, desk: Desk, verdict: str | None, words: str
) -> None:
    desk.kept.append(a_call("1700000000.3", popup=verdict))
    seen = await terminal("--socket", served, "why")
    assert words in " ".join(seen.screen.split())
    assert ("no popup" in seen.screen) is (verdict is not None)


async def test_why_of_an_unknown_call_is_refused(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "why", "17")
    assert (ended.status, "There is no call 17" in ended.err) == (1, True)


async def test_a_story_of_strangers_cannot_forge_a_line(
    bubbled: Bubbled, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = Seen(device="PJSIP/101", direction="inbound", state="ringing", name="A\n10:00:00\tB\x1b[2J")
    monkeypatch.setattr(control_desk, "STORY", (Step(control_desk.NINE, evil),))
    ended = await bubbled("--socket", served, "why", "1700000000.1")
    assert (
        ended.out.splitlines()[2]
        == "10:00:00 PJSIP/101 rings: A 10:00:00 B\N{REPLACEMENT CHARACTER}[2J calls."
    )


async def test_a_daemon_of_before_tells_no_story(
    bubbled: Bubbled, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_desk, "STORY", ())
    ended = await bubbled("--socket", served, "why", "1700000000.1")
    assert len(ended.out.splitlines()) == 4


async def test_why_no_popup_came_at_a_time(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "why", "--at", "2026-11-25 14:03")
    reason, call, muted, heard = ended.out.splitlines()
    assert "the PBX told of a call ringing at PJSIP/102, which is not one of your devices" in reason
    assert call.split("\t") == [
        "1700000000.1",
        "2026-11-22T09:00:00+00:00",
        "Jan Jansen, Bakkerij De Vries",
        "+31612345678",
        "shown",
    ]
    assert muted.split("\t")[1:] == ["muted", "Popups were muted until you unmute them."]
    assert heard.split("\t")[1:] == ["heard", "Within this minute rang: PJSIP/102."]
    assert "\t" not in reason
    assert desk.moments == [datetime.fromisoformat("2026-11-25T14:03+01:00")]
    told = json.loads((await bubbled("--socket", served, "why", "--at", "yesterday 9:05", "--json")).out)
    assert told["summary"] == told["reasons"][0]["text"]
    wanted = datetime.fromisoformat(told["at"]).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert f"{wanted:%H:%M}" == "09:05"


async def test_why_no_popup_came_is_shown_to_a_person(terminal: Terminal, served: Path) -> None:
    seen = await terminal("--socket", served, "why", "--at", "2026-11-25 14:03")
    assert "which is not one of your devices (PJSIP/101)" in " ".join(seen.screen.split())
    rows = [" ".join(line.split()) for line in seen.screen.splitlines()]
    assert "14:03 Popups were muted until you unmute them." in rows


@pytest.mark.parametrize("at", ["soon", "25:00", "14", "2126-01-01 10:00", "0001-01-01 00:00"])
async def test_a_time_that_has_not_been_is_refused(bubbled: Bubbled, served: Path, at: str) -> None:
    ended = await bubbled("--socket", served, "why", "--at", at)
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (1, "", 1)


async def test_a_time_goes_without_a_call(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "why", "1700000000.1", "--at", "14:03")
    assert (ended.status, "--at goes without a CALL" in ended.err) == (2, True)
