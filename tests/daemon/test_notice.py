from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bubbled.daemon.notice import Notices
from bubbled.model import Button, Card, PopupId, Tone
from bubbled.popup.command import ClosePopup, ShowPopup, UpdatePopup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.popup.command import Command

ONE = PopupId("one")
CARD = Card("0900 1234", (), "Call it?", Tone.QUESTION, buttons=(Button("call", "Call"), Button("no", "No")))
LONG_S = 3600.0


class Board:
    """Notices, and what became of them."""

    def __init__(self) -> None:
        self.done: list[Command] = []
        self.answers: list[str] = []
        self.closed = asyncio.Event()
        self.notices = Notices(self._perform)

    def _perform(self, commands: Iterable[Command]) -> None:
        for command in commands:
            self.done.append(command)
            if isinstance(command, ClosePopup):
                self.closed.set()

    def ask(self, *, for_s: float = LONG_S) -> None:
        self.notices.show(ONE, CARD, for_s=for_s, on_answer=self.answers.append)


async def test_a_press_is_the_answer_and_takes_the_card_away() -> None:
    board = Board()
    board.ask()
    assert board.notices.pressed(ONE, "call")
    assert board.answers == ["call"]
    assert board.done == [ShowPopup(ONE, CARD), ClosePopup(ONE)]
    assert not board.notices.pressed(ONE, "call")
    assert board.answers == ["call"]


async def test_it_goes_by_itself_unanswered() -> None:
    board = Board()
    board.ask(for_s=0.01)
    async with asyncio.timeout(10):
        await board.closed.wait()
    assert board.answers == []
    assert not board.notices.pressed(ONE, "call")


async def test_the_next_takes_its_place_and_its_time() -> None:
    board = Board()
    board.ask(for_s=0.0)
    board.notices.show(ONE, Card("Nothing", (), "", Tone.QUESTION), for_s=LONG_S)
    await asyncio.sleep(0)
    assert [type(command) for command in board.done] == [ShowPopup, UpdatePopup]
    assert board.notices.pressed(ONE, "call")
    assert board.answers == []


async def test_the_user_closes_it_unanswered() -> None:
    board = Board()
    board.ask()
    assert board.notices.dismissed(ONE)
    assert not board.notices.dismissed(ONE)
    assert not board.notices.pressed(ONE, "call")
    assert board.done == [ShowPopup(ONE, CARD)]


async def test_at_the_end_none_goes_by_itself_any_more() -> None:
    board = Board()
    board.ask(for_s=0.0)
    board.notices.aclose()
    await asyncio.sleep(0)
    assert board.done == [ShowPopup(ONE, CARD)]
