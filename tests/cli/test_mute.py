from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bubbled.model import Mute

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk


async def test_popups_are_muted_for_a_while(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    before = datetime.now(UTC)
    ended = await bubbled("--socket", served, "mute", "1h30m")

    assert ended.status == 0
    assert ended.out.startswith("Popups are muted until ")
    assert desk.mute_state is not None
    assert desk.mute_state.until is not None
    assert (
        before + timedelta(minutes=90) <= desk.mute_state.until <= datetime.now(UTC) + timedelta(minutes=90)
    )


async def test_words_need_no_quotes(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "mute", "until", "14:00", "--json")
    until = json.loads(ended.out)["mute"]["until"]
    assert "T14:00:00" in until
    assert desk.mute_state == Mute(datetime.fromisoformat(until))


async def test_without_a_time_popups_are_muted_until_unmuted(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    assert (await bubbled("--socket", served, "mute")).out == "Popups are muted until `bubbled unmute`.\n"
    assert desk.mute_state == Mute(None)

    assert (await bubbled("--socket", served, "unmute")).out == "Popups are shown again.\n"
    assert desk.mute_state is None


async def test_a_key_mutes_and_unmutes(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    first = await bubbled("--socket", served, "mute", "--toggle")
    assert (first.out, desk.mute_state) == ("Popups are muted until `bubbled unmute`.\n", Mute(None))
    second = await bubbled("--socket", served, "mute", "--toggle")
    assert (second.out, desk.mute_state) == ("Popups are shown again.\n", None)
    third = await bubbled("--socket", served, "mute", "--toggle", "--json")
    assert json.loads(third.out) == {"mute": {"until": None}}


async def test_a_key_mutes_for_no_time_of_its_own(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    refused = await bubbled("--socket", served, "mute", "--toggle", "30m")
    assert (refused.status, desk.mute_state) == (2, None)
    assert "without a DURATION" in refused.err
