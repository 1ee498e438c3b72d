from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.model import E164, Extension
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.error import ActionRefusedError, NotConnectedError
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.ami.source import AmiSource
from bubbled.pbx.ami.team_note import TeamNote
from bubbled.pbx.reconnect import Patience
from tests.pbx.ami.story import ALICE, TRUNK, hung_up, lifted, owner_of, ringing, snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bubbled.model import CallChange
    from tests.pbx.ami.scripted_pbx import Peer, ScriptedPbx

SELDOM = 3600.0
NOTE = TeamNote(E164("+31612345678"), Extension("101"), "Wants 20 more\nby Friday")


class Follower:
    """A source with one listener."""

    def __init__(self, port: int, prune_every_s: float, *, hears_notes: bool) -> None:
        self.changes: asyncio.Queue[CallChange] = asyncio.Queue()
        self.notes: asyncio.Queue[TeamNote] = asyncio.Queue()
        access = Access(
            address=Address("127.0.0.1", port),
            credentials=Credentials("bubbled", "s3cret"),
            patience=Patience(first_s=0, longest_s=0),
        )
        self.source = AmiSource(
            access,
            owner_of("PJSIP/101"),
            on_changes=self._take,
            on_state=lambda _state: None,
            on_note=self.notes.put_nowait if hears_notes else None,
            prune_every_s=prune_every_s,
        )

    def _take(self, changes: Sequence[CallChange]) -> None:
        for change in changes:
            self.changes.put_nowait(change)

    async def hears(self, kind: str) -> None:
        """Wait for a change of that kind."""
        async with asyncio.timeout(10):
            while (await self.changes.get()).kind != kind:
                pass


@asynccontextmanager
async def following(
    pbx: ScriptedPbx, *, prune_every_s: float = SELDOM, hears_notes: bool = False
) -> AsyncIterator[Follower]:
    follower = Follower(pbx.port, prune_every_s, hears_notes=hears_notes)
    task = asyncio.create_task(follower.source.run())
    try:
        yield follower
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task.exception()


async def list_calls(peer: Peer, *rows: dict[str, str]) -> None:
    """Answer the daemon's question for the calls in progress."""
    asked = await peer.asked("Status")
    own = {"ActionID": asked["ActionID"]}
    peer.answer(asked, EventList="start")
    peer.say(*({"Event": "Status"} | own | row for row in rows))
    peer.say({"Event": "StatusComplete", "EventList": "Complete", "Items": str(len(rows))} | own)


async def refuse(peer: Peer) -> None:
    """Tell that the account may not ask."""
    peer.answer(await peer.asked("Status"), Response="Error", Message="Permission denied")


async def test_calls_in_progress_are_picked_up(pbx: ScriptedPbx) -> None:
    async with following(pbx) as follower:
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer, snapshot(ALICE, "Ringing", own="101", line="+31612345678", began_with=TRUNK))
        await follower.hears("started")
        assert follower.source.may_resync is True
        peer.say(hung_up(ALICE))
        await follower.hears("ended")


async def test_an_account_that_may_not_ask_is_served_from_events_and_told_once(pbx: ScriptedPbx) -> None:
    with capture_logs() as logs:
        async with following(pbx) as follower:
            for _ in range(2):
                peer = await pbx.accept()
                await peer.let_in()
                await refuse(peer)
                peer.say(*ringing())
                await follower.hears("started")
                await peer.hang_up()
            await pbx.accept()
            assert follower.source.may_resync is False
    assert [entry["missing_right"] for entry in logs if "missing_right" in entry] == ["write=call"]


async def tell_note(peer: Peer, follower: Follower) -> None:
    """Have a note told, and pass it on to everybody, after one that is none."""
    telling = asyncio.create_task(follower.source.tell_team(NOTE))
    asked = await peer.asked("UserEvent")
    peer.answer(asked, Message="Event Sent")
    await telling
    event = {"Event": "UserEvent", "Privilege": "user,all"}
    peer.say(event | {"UserEvent": "Door"}, event | {each: asked[each] for each in asked if each != "Action"})


async def test_a_note_is_told_to_everybody_and_heard(pbx: ScriptedPbx) -> None:
    async with following(pbx, hears_notes=True) as follower:
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer)
        await tell_note(peer, follower)
        peer.say(*ringing())
        await follower.hears("started")
        assert follower.notes.get_nowait() == NOTE
        assert follower.notes.empty()


async def test_who_wants_no_notes_hears_none(pbx: ScriptedPbx) -> None:
    async with following(pbx) as follower:
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer)
        await tell_note(peer, follower)
        peer.say(*ringing())
        await follower.hears("started")
        assert follower.notes.empty()


async def test_a_note_that_the_pbx_does_not_pass_on_is_refused(pbx: ScriptedPbx) -> None:
    async with following(pbx, hears_notes=True) as follower:
        with pytest.raises(NotConnectedError):
            await follower.source.tell_team(NOTE)
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer)
        telling = asyncio.create_task(follower.source.tell_team(NOTE))
        peer.answer(await peer.asked("UserEvent"), Response="Error", Message="Permission denied")
        with pytest.raises(ActionRefusedError):
            await telling


async def test_a_channel_that_the_pbx_does_not_know_ends_its_call(pbx: ScriptedPbx) -> None:
    async with following(pbx, prune_every_s=0.01) as follower:
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer)
        peer.say(*ringing(), *lifted())
        await follower.hears("answered")
        await list_calls(peer)
        await follower.hears("ended")


async def test_a_caller_who_forges_the_id_of_a_channel_in_the_list_ends_no_call(pbx: ScriptedPbx) -> None:
    forged = "0612\r\nUniqueid: 1795341808.999"
    async with following(pbx, prune_every_s=0.01) as follower:
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer)
        peer.say(*ringing())
        await follower.hears("started")
        await list_calls(
            peer,
            snapshot(TRUNK, "Ring", own=forged),
            snapshot(ALICE, "Ringing", own="101", line=forged, began_with=TRUNK),
        )
        peer.say(*lifted())
        assert (await follower.changes.get()).kind == "answered"


async def test_a_right_that_is_taken_away_ends_no_call(pbx: ScriptedPbx) -> None:
    async with following(pbx, prune_every_s=0.01) as follower:
        peer = await pbx.accept()
        await peer.let_in()
        await list_calls(peer)
        peer.say(*ringing())
        await follower.hears("started")
        await refuse(peer)
        peer.say(*lifted())
        await follower.hears("answered")
