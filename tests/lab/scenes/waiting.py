"""Several calls of one phone, and calls on hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.stage import CALLER, OTHER_CALLER, Stage, pause

if TYPE_CHECKING:
    from tests.lab.truth import Truth


@scenario
async def in_second_call(stage: Stage, truth: Truth) -> None:
    """101 is talking; a second caller rings through (call waiting). Alice holds the first, answers the
    second; the second hangs up; Alice takes the first back; the first hangs up.
    """
    outer, inner = await stage.conversation()
    other = await stage.inbound(number=OTHER_CALLER)
    waiting = await stage.alice.rings()
    await pause(0.8)
    await inner.hold()
    await waiting.answer()
    await other.is_up()
    await pause(0.8)
    await other.hang_up()
    await waiting.is_over()
    await inner.unhold()
    await pause(0.5)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered")
    truth.popup(waiting, OTHER_CALLER, "answered")


@scenario
async def in_call_waiting_missed(stage: Stage, truth: Truth) -> None:
    """Alice talks; another caller rings through and gives up; Alice talks on."""
    await _waits_in_vain(stage, truth, OTHER_CALLER)


@scenario
async def in_same_caller_twice(stage: Stage, truth: Truth) -> None:
    """The same caller is on the line twice: Alice talks to the first; the second rings and is given up."""
    await _waits_in_vain(stage, truth, CALLER)


async def _waits_in_vain(stage: Stage, truth: Truth, number: str) -> None:
    outer, inner = await stage.conversation()
    other = await stage.inbound(number=number)
    waiting = await stage.alice.rings()
    await pause(1.2)
    await other.hang_up()
    await waiting.is_over()
    await pause(0.5)
    await inner.hang_up()
    await outer.is_over()
    truth.popup(inner, CALLER, "answered")
    truth.popup(waiting, number, "missed")


@scenario
async def in_same_caller_again(stage: Stage, truth: Truth) -> None:
    """A caller gives up and calls again at once; Alice answers the second time."""
    outer = await stage.inbound()
    first = await stage.alice.rings()
    await pause(0.8)
    await outer.hang_up()
    await first.is_over()
    truth.popup(first, CALLER, "missed")
    outer, second = await stage.conversation()
    await outer.hang_up()
    await second.is_over()
    truth.popup(second, CALLER, "answered")


@scenario
async def in_two_ringing(stage: Stage, truth: Truth) -> None:
    """Two callers ring Alice at once; she answers the second; the first gives up; the second hangs up."""
    first_outer = await stage.inbound()
    first = await stage.alice.rings()
    await pause(0.4)
    second_outer = await stage.inbound(number=OTHER_CALLER)
    second = await stage.alice.rings()
    await pause(0.6)
    await second.answer()
    await second_outer.is_up()
    await pause(0.6)
    await first_outer.hang_up()
    await first.is_over()
    await pause(0.5)
    await second_outer.hang_up()
    await second.is_over()
    truth.popup(first, CALLER, "missed")
    truth.popup(second, OTHER_CALLER, "answered")


@scenario
async def hold_unhold(stage: Stage, truth: Truth) -> None:
    """Alice holds twice and takes back twice."""
    outer, inner = await stage.conversation()
    for _ in range(2):
        await inner.hold()
        await pause(0.6)
        await inner.unhold()
        await pause(0.4)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, CALLER, "answered")
