"""One caller, several phones: ring groups, queues, follow-me, and one user with two devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.stage import CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.sip.call import Call
    from tests.lab.truth import Popup, Truth


def one_user(truth: Truth, first: Call, second: Call, outcome: str) -> Popup:
    """Say what a user with both devices sees: one call, from the first ringing until the last leg has gone.

    Args:
        truth: of the scenario.
        first: the leg that was answered, if any was.
        second: the other.
        outcome: of the one call.
    """
    owner = "+".join(sorted((first.line.user, second.line.user)))
    popup = truth.popup(first, CALLER, outcome, user=owner)
    popup.shown_at = round(min(first.began_at, second.began_at), 3)
    if first.answered_at is None:
        assert first.ended_at
        assert second.ended_at
        popup.closed_at = round(max(first.ended_at, second.ended_at), 3)
    return popup


async def _one_takes_it(stage: Stage, truth: Truth, extension: str, taker: str) -> None:
    outer = await stage.inbound(extension)
    legs = {phone.user: await phone.rings() for phone in (stage.alice, stage.bob)}
    await pause(1.0)
    taken = legs.pop(taker)
    (lost,) = legs.values()
    await taken.answer()
    await outer.is_up()
    await lost.is_over()
    await pause(1.0)
    await outer.hang_up()
    await taken.is_over()
    truth.popup(taken, CALLER, "answered")
    truth.popup(lost, CALLER, "answered_elsewhere").answered_by = taker
    one_user(truth, taken, lost, "answered")


@scenario
async def in_ringgroup(stage: Stage, truth: Truth) -> None:
    """Ring group 600 rings 101 and 102; Bob (102) answers; the caller hangs up."""
    await _one_takes_it(stage, truth, "600", "102")


@scenario
async def in_queue(stage: Stage, truth: Truth) -> None:
    """Queue 'support' (ringall, members PJSIP/101 and PJSIP/102); Alice answers; the caller hangs up."""
    await _one_takes_it(stage, truth, "500", "101")


@scenario
async def in_queue_local(stage: Stage, truth: Truth) -> None:
    """Queue 'supportlocal': members are Local/10x@from-queue/n, the way FreePBX does it; Alice answers."""
    await _one_takes_it(stage, truth, "501", "101")


@scenario
async def in_followme(stage: Stage, truth: Truth) -> None:
    """Direct number 400 rings 101 and 102, each through a Local channel that stays (/n); Bob answers."""
    await _one_takes_it(stage, truth, "400", "102")


@scenario
async def in_ringgroup_missed(stage: Stage, truth: Truth) -> None:
    """Ring group 600 rings 101 and 102 until the PBX stops."""
    outer = await stage.inbound("600")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await outer.is_over(within_s=15)
    await alices.is_over()
    await bobs.is_over()
    _all_missed(truth, alices, bobs)


@scenario
async def in_ringgroup_all_reject(stage: Stage, truth: Truth) -> None:
    """Ring group 600: Alice rejects, a second later Bob rejects too."""
    outer = await stage.inbound("600")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(0.8)
    alices.reject()
    await pause(1.0)
    bobs.reject()
    await outer.is_over()
    for call in (alices, bobs):
        truth.popup(call, CALLER, "rejected")
    one_user(truth, alices, bobs, "rejected")


@scenario
async def in_queue_caller_gives_up(stage: Stage, truth: Truth) -> None:
    """Queue 'support' rings Alice and Bob; the caller gives up."""
    outer = await stage.inbound("500")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(1.2)
    await outer.hang_up()
    await alices.is_over()
    await bobs.is_over()
    _all_missed(truth, alices, bobs)


def _all_missed(truth: Truth, alices: Call, bobs: Call) -> None:
    for call in (alices, bobs):
        truth.popup(call, CALLER, "missed")
    one_user(truth, alices, bobs, "missed")


@scenario
async def in_queue_member_rejects(stage: Stage, truth: Truth) -> None:
    """Queue 'support' rings Alice and Bob; Alice rejects; Bob answers."""
    outer = await stage.inbound("500")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(0.8)
    alices.reject()
    await pause(0.6)
    await bobs.answer()
    await pause(0.8)
    await outer.hang_up()
    await bobs.is_over()
    truth.popup(alices, CALLER, "rejected")
    truth.popup(bobs, CALLER, "answered")
    one_user(truth, bobs, alices, "answered")


@scenario
async def in_queue_timeout_then_other_member(stage: Stage, truth: Truth) -> None:
    """Queue 'supportlinear': Alice does not answer for 3 s, then Bob rings and answers."""
    outer = await stage.inbound("502")
    alices = await stage.alice.rings()
    await alices.is_over()
    truth.popup(alices, CALLER, "missed")
    await _answers_in_the_end(truth, outer, await stage.bob.rings())


@scenario
async def in_queue_rings_again(stage: Stage, truth: Truth) -> None:
    """Queue 'supportagain' rings Alice for 2 s, pauses, rings again; then she answers."""
    outer = await stage.inbound("503")
    first = await stage.alice.rings()
    await first.is_over()
    truth.popup(first, CALLER, "missed")
    await _answers_in_the_end(truth, outer, await stage.alice.rings())


async def _answers_in_the_end(truth: Truth, outer: Call, inner: Call) -> None:
    await pause(0.8)
    await inner.answer()
    await pause(1.0)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered")
