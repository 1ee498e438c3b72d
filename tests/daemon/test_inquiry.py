from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.inquiry import MOST_QUESTIONS
from bubbled.daemon.placement import NotDialledError
from bubbled.dialing.destination import Source

if TYPE_CHECKING:
    from tests.daemon.office import Office


async def test_a_link_takes_no_question_away_from_under_the_finger(dial_office: Office) -> None:
    await dial_office.dialler.dial("tel:+31201234567", Source.LINK)
    (first,) = dial_office.cards
    await dial_office.dialler.dial("tel:09001234", Source.LINK)
    assert len(dial_office.cards) == 2
    assert dial_office.notices.pressed(first, "call")
    await dial_office.exchange.called("0201234567")
    assert [card.headline for card in dial_office.cards.values()] == ["0900 1234"]


async def test_links_cannot_fill_the_screen(dial_office: Office) -> None:
    for number in range(MOST_QUESTIONS):
        await dial_office.dialler.dial(f"tel:020123456{number}", Source.LINK)
    with pytest.raises(NotDialledError, match="several questions"):
        await dial_office.dialler.dial("tel:0612345678", Source.LINK)
    *questions, told = dial_office.cards.values()
    assert len(questions) == MOST_QUESTIONS
    assert "several questions" in told.headline
    await dial_office.dialler.dial("112", Source.SELECTION)
    assert dial_office.asked is not None
    assert dial_office.asked[0] == "112"


async def test_the_same_link_again_is_the_same_question(dial_office: Office) -> None:
    for _ in range(MOST_QUESTIONS + 1):
        await dial_office.dialler.dial("tel:+31201234567", Source.LINK)
    assert len(dial_office.cards) == 1
    await dial_office.dialler.dial("tel:0612345678", Source.LINK)
    assert len(dial_office.cards) == 2


async def test_what_the_user_asks_himself_takes_no_place_of_a_link(dial_office: Office) -> None:
    await dial_office.dialler.dial("112", Source.SELECTION)
    for number in range(MOST_QUESTIONS):
        await dial_office.dialler.dial(f"tel:020123456{number}", Source.LINK)
    assert len(dial_office.cards) == 1 + MOST_QUESTIONS


async def test_what_is_called_another_way_is_not_asked_any_more(dial_office: Office) -> None:
    await dial_office.dialler.dial("0900-1234", Source.SELECTION)
    await dial_office.dialler.dial("0900-1234", Source.TYPED, is_confirmed=True)
    assert dial_office.card is None


async def test_a_notice_goes_with_the_next_call(dial_office: Office) -> None:
    with pytest.raises(NotDialledError):
        await dial_office.dialler.dial("hello", Source.SELECTION)
    assert dial_office.card is not None
    await dial_office.dialler.dial("0201234567", Source.SELECTION)
    assert dial_office.card is None
