"""Which of several screens shows cards, and what becomes of popups when that changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bubbled.model import Card, PopupId, Tone
from bubbled.popup.screen import Equipment
from bubbled.popup.screens.chain import ChainScreen
from bubbled.popup.screens.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ONE, TWO = PopupId("1"), PopupId("2")
JAN, LUC = Card("Jan", (), "", Tone.RINGING), Card("Luc", (), "", Tone.RINGING)


@dataclass
class Stand:
    """A screen that is well or not as the test wants, and keeps what is up."""

    name: str
    equipment: Equipment
    is_broken: bool = False
    up: dict[PopupId, Card] = field(default_factory=dict)
    is_started: bool = False
    is_closed: bool = False

    def __post_init__(self) -> None:
        self._trouble = Trouble()
        self._changed = asyncio.Condition()

    @property
    def trouble(self) -> str | None:
        return self._trouble.text

    def watch(self, on_trouble_changed: Callable[[], None]) -> None:
        self._trouble.on_changed = on_trouble_changed

    def fail(self) -> None:
        self._trouble.report(f"{self.name} is broken")

    def recover(self) -> None:
        self._trouble.over()

    async def start(self) -> None:
        self.is_started = True
        if self.is_broken:
            self.fail()

    async def show(self, popup_id: PopupId, card: Card) -> None:
        self.up[popup_id] = card
        async with self._changed:
            self._changed.notify_all()

    async def update(self, popup_id: PopupId, card: Card) -> None:
        if popup_id in self.up:
            await self.show(popup_id, card)

    async def close(self, popup_id: PopupId) -> None:
        self.up.pop(popup_id, None)
        async with self._changed:
            self._changed.notify_all()

    async def describe(self) -> str:
        return self.trouble or f"{self.name} is well"

    async def aclose(self) -> None:
        self.is_closed = True
        self.up.clear()

    async def has(self, **wanted: Card) -> None:
        """Wait until exactly this is up."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: list(self.up.values()) == list(wanted.values()))


@dataclass
class Several:
    chain: ChainScreen
    stands: list[Stand]
    done: list[object]


@pytest.fixture
def make() -> Callable[..., Several]:
    def several(*broken: str) -> Several:
        stands: list[Stand] = []
        done: list[object] = []

        def maker(name: str) -> Callable[[Equipment], Stand]:
            def make_one(equipment: Equipment) -> Stand:
                stands.append(Stand(name, equipment, is_broken=name in broken))
                return stands[-1]

            return make_one

        async def nowhere(_is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as the port has it
            return {}

        equipment = Equipment(
            on_dismissed=done.append, on_pressed=lambda *press: done.append(press), find_desktop=nowhere
        )
        chain = ChainScreen([maker(name) for name in ("window", "native", "terminal")], equipment)
        return Several(chain, stands, done)

    return several


async def test_only_the_first_is_used_and_started_while_it_is_well(make: Callable[..., Several]) -> None:
    it = make()
    await it.chain.start()
    await it.chain.show(ONE, JAN)
    await it.chain.update(ONE, LUC)
    window, native, terminal = it.stands
    assert (it.chain.name, it.chain.trouble, window.up) == ("window", None, {ONE: LUC})
    assert not native.is_started
    assert not terminal.is_started
    await it.chain.close(ONE)
    assert window.up == {}
    await it.chain.aclose()
    assert window.is_closed


async def test_the_first_that_is_well_is_taken(make: Callable[..., Several]) -> None:
    it = make("window", "native")
    await it.chain.start()
    await it.chain.show(ONE, JAN)
    assert (it.chain.name, it.stands[2].up) == ("terminal", {ONE: JAN})
    assert await it.chain.describe() == (
        "terminal is well (instead of window: window is broken) (instead of native: native is broken)"
    )
    await it.chain.aclose()


async def test_whoever_watches_is_told_when_another_screen_is_used_and_when_none_is(
    make: Callable[..., Several],
) -> None:
    it, told = make(), asyncio.Queue[tuple[str, str | None]]()
    window, native, terminal = it.stands
    it.chain.watch(lambda: told.put_nowait((it.chain.name, it.chain.trouble)))
    await it.chain.start()
    async with asyncio.timeout(10):
        window.fail()
        assert await told.get() == ("native", None)
        native.fail()
        while await told.get() != ("terminal", None):
            pass
        terminal.fail()
        while await told.get() != ("terminal", "terminal is broken"):
            pass
    await it.chain.aclose()


async def test_popups_move_along_both_ways_and_are_never_up_twice(make: Callable[..., Several]) -> None:
    it = make()
    window, native, _ = it.stands
    await it.chain.start()
    await it.chain.show(ONE, JAN)
    await it.chain.show(TWO, LUC)
    window.fail()
    await native.has(one=JAN, two=LUC)
    assert window.up == {}
    await it.chain.close(TWO)
    window.recover()
    await window.has(one=JAN)
    await native.has()
    assert it.chain.name == "window"
    await it.chain.aclose()


async def test_what_the_user_closed_or_pressed_does_not_move_along(make: Callable[..., Several]) -> None:
    it = make()
    window, native, _ = it.stands
    await it.chain.start()
    for popup_id in (ONE, TWO, PopupId("3")):
        await it.chain.show(popup_id, JAN)
    window.equipment.on_dismissed(ONE)
    window.equipment.on_pressed(TWO, "open", "typed")
    assert it.done == [ONE, (TWO, "open", "typed")]
    window.fail()
    await native.has(three=JAN)
    await it.chain.update(ONE, LUC)
    assert native.up == {PopupId("3"): JAN}
    await it.chain.aclose()


async def test_while_none_is_well_the_last_goes_on_trying(make: Callable[..., Several]) -> None:
    it = make("window", "native", "terminal")
    await it.chain.start()
    assert (it.chain.name, it.chain.trouble) == ("terminal", "terminal is broken")
    await it.chain.show(ONE, JAN)
    it.stands[1].recover()
    await it.stands[1].has(one=JAN)
    assert (it.chain.name, it.chain.trouble) == ("native", None)
    await it.chain.aclose()


async def test_a_screen_without_a_keyboard_takes_none(make: Callable[..., Several]) -> None:
    it = make()
    await it.chain.start()
    assert not await it.chain.focus()
    await it.chain.aclose()
