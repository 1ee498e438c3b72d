"""Calls on a real Asterisk, the newest and the oldest, from the first ring to the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.plugin import EVERY_ASTERISK
from tests.lab.scenes.click_to_call import Click, originate
from tests.lab.stage import CALLER, DESTINATION, DESTINATION_E164, OTHER_CALLER, pause

if TYPE_CHECKING:
    import asyncio

    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled, Json

pytestmark = EVERY_ASTERISK


async def changes_of(queue: asyncio.Queue[Json], call: Json) -> list[str]:
    """What happened to a call, until its end."""
    heard: list[str] = []
    while not heard or heard[-1] != "ended":
        change = await queue.get()
        if change["call"]["id"] == call["id"]:
            heard.append(change["change"])
    return heard


async def test_an_answered_call_is_known_followed_and_remembered(daemon: Bubbled, stage: Stage) -> None:
    async with daemon.changes() as changes:
        outer = await stage.inbound()
        inner = await stage.alice.rings()
        ringing = await daemon.call(state="ringing")
        assert (ringing["number"], ringing["dialled"]) == (CALLER, "+31201000101")
        await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
        await inner.answer()
        talking = await daemon.call(state="talking")
        assert (await daemon.status())["calls"][0]["id"] == talking["id"]
        await outer.hang_up()
        call = await daemon.call(state="ended", outcome="answered", id=ringing["id"])
        heard = await changes_of(changes, call)
    assert (heard[0], heard.count("answered"), heard[-1]) == ("started", 1, "ended")
    assert call["contact"]["name"] == "Jan Jansen"
    assert call["started_at"] < call["answered_at"] < call["ended_at"]
    assert call["popup"] == "shown"
    assert (await daemon.status())["calls"] == []
    assert CALLER not in daemon.log()
    assert "Jansen" not in daemon.log()


async def test_a_missed_call(daemon: Bubbled, stage: Stage) -> None:
    outer = await stage.inbound()
    await stage.alice.rings()
    await daemon.call(state="ringing")
    await outer.hang_up()
    call = await daemon.call(outcome="missed")
    assert call["answered_at"] is None


async def test_a_call_that_a_colleague_answers(daemon: Bubbled, stage: Stage) -> None:
    outer = await stage.inbound("600")
    await stage.alice.rings()
    bobs = await stage.bob.rings()
    await daemon.call(state="ringing")
    await bobs.answer()
    call = await daemon.call(outcome="answered_elsewhere")
    assert call["via"]["kind"] == "ring_group"
    await outer.hang_up()
    await bobs.is_over()


async def test_a_caller_who_spoke_with_a_colleague_before(daemon: Bubbled, stage: Stage) -> None:
    outer, bobs = await stage.conversation(stage.bob)
    await outer.hang_up()
    await bobs.is_over()
    again = await stage.inbound()
    await stage.alice.rings()
    mine = await daemon.calls(lambda calls: [call["state"] for call in calls] == ["ringing"])
    assert mine[0]["device"] == "PJSIP/101"
    await again.hang_up()
    await daemon.call(outcome="missed")


async def test_a_call_that_is_handed_over_blindly(daemon: Bubbled, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await daemon.call(state="talking")
    await alices.refer("102")
    bobs = await stage.bob.rings()
    await bobs.answer()
    call = await daemon.call(outcome="transferred", transferred_to="102")
    assert call["contact"]["name"] == "Jan Jansen"
    await alices.hang_up()
    await outer.hang_up()
    await bobs.is_over()


async def test_a_call_that_comes_by_blind_transfer(daemon: Bubbled, stage: Stage) -> None:
    outer, carols = await stage.conversation(stage.carol)
    await carols.refer("101")
    alices = await stage.alice.rings()
    call = await daemon.call(state="ringing")
    assert (call["number"], call["transferred_from"]) == (CALLER, "103")
    await alices.answer()
    await daemon.call(state="talking")
    await outer.hang_up()
    await daemon.call(outcome="answered")
    await carols.hang_up()


async def test_the_caller_behind_an_attended_transfer_is_named(daemon: Bubbled, stage: Stage) -> None:
    """Carol asks Alice first: Alice's popup changes from Carol to the caller when the call is handed over."""
    outer, carols = await stage.conversation(stage.carol)
    asking = await stage.carol.call("101")
    alices = await stage.alice.rings()
    before = await daemon.call(state="ringing", number="103", internal=True)
    assert before["contact"] is None
    await alices.answer()
    await daemon.call(id=before["id"], state="talking")
    await asking.is_up()
    await pause(0.8)  # they talk: of a transfer before they are connected the PBX does not tell who made it
    await carols.refer("101", replaces=asking)
    # The PBX tells who it is first, and then how that came about.
    call = await daemon.call(id=before["id"], number=CALLER, state="talking", transferred_from="103")
    assert not call["internal"]
    await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
    await outer.hang_up()
    await daemon.call(outcome="answered", id=before["id"])


async def test_another_program_clicks_to_call(daemon: Bubbled, stage: Stage) -> None:
    await originate(stage, Click())
    inner = await stage.alice.rings()
    own = await daemon.call(direction="outbound", e164=DESTINATION_E164)
    assert own["via"]["kind"] == "click_to_call"
    await inner.answer()
    outer = await stage.outside.rings()
    await outer.answer()
    await daemon.call(state="talking", id=own["id"])
    await inner.hang_up()
    await daemon.call(outcome="answered", id=own["id"])


async def test_the_user_dials(daemon: Bubbled, stage: Stage) -> None:
    inner = await stage.alice.call(DESTINATION)
    outer = await stage.outside.rings()
    call = await daemon.call(state="dialling", number=DESTINATION)
    await outer.answer()
    await daemon.call(state="talking", id=call["id"])
    await inner.hang_up()
    await daemon.call(outcome="answered", id=call["id"])


async def test_a_second_call_while_talking(daemon: Bubbled, stage: Stage) -> None:
    outer, inner = await stage.conversation()
    first = await daemon.call(state="talking")
    second = await stage.inbound(number=OTHER_CALLER)
    await stage.alice.rings()
    ringing = await daemon.call(state="ringing", number=OTHER_CALLER)
    assert [call["id"] for call in (await daemon.status())["calls"]] == [first["id"], ringing["id"]]
    await second.hang_up()
    await daemon.call(id=ringing["id"], outcome="missed")
    assert [call["id"] for call in (await daemon.status())["calls"]] == [first["id"]]
    await outer.hang_up()
    await inner.is_over()
    await daemon.status(lambda it: not it["calls"])
