from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.notice import Notices
from bubbled.model import Button, Card, Tone
from bubbled.popup.command import ClosePopup, ShowPopup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.model import PopupId
    from bubbled.popup.command import Command

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

    def ask(self, *, for_s: float = LONG_S) -> PopupId:
        return self.notices.show(CARD, for_s=for_s, on_answer=self.answers.append)


async def passed(seconds: float = 0.02) -> None:
    """Wait until every timer of before has had its turn."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    await over.wait()


async def test_a_press_is_the_answer_and_takes_the_card_away() -> None:
    board = Board()
    asked = board.ask()
    assert board.notices.is_up(asked)
    assert board.notices.pressed(asked, "call")
    assert board.answers == ["call"]
    assert board.done == [ShowPopup(asked, CARD), ClosePopup(asked)]
    assert not board.notices.pressed(asked, "call")
    assert board.answers == ["call"]


async def test_it_goes_by_itself_unanswered() -> None:
    board = Board()
    asked = board.ask(for_s=0.01)
    async with asyncio.timeout(10):
        await board.closed.wait()
    assert board.answers == []
    assert not board.notices.pressed(asked, "call")


async def test_each_has_its_own_popup_so_that_no_press_answers_another() -> None:
    board = Board()
    first, second = board.ask(), board.ask()
    assert first != second
    board.notices.close(first)
    assert not board.notices.pressed(first, "call")
    assert board.notices.is_up(second)
    assert board.answers == []


@pytest.mark.parametrize("end", ["dismissed", "aclose"])
async def test_what_is_away_already_does_not_go_once_more(end: str) -> None:
    board = Board()
    asked = board.ask(for_s=0.01)
    if end == "dismissed":
        assert board.notices.dismissed(asked)
        assert not board.notices.dismissed(asked)
    else:
        board.notices.aclose()
    await passed()
    assert board.done == [ShowPopup(asked, CARD)]
    assert board.answers == []
