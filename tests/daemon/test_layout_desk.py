from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.layout_desk import LayoutDesk
from bubbled.error import ControlError
from bubbled.model import CallState, Outcome, Tone
from bubbled.popup.button import ButtonRule
from bubbled.popup.example import SCENES
from bubbled.popup.layout import Layout
from bubbled.popup.purpose import Run
from bubbled.template import parse
from tests.daemon.stand_in import a_call, ended, started
from tests.daemon.test_desk import open_office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.popup.command import Action
    from tests.daemon.test_desk import Office

HARM = ButtonRule.of("run", "Look in the shop", Run((parse("/bin/shop"), parse("$number_e164"))), None)
LAYOUT = Layout(region="NL", headline="$company", buttons=(HARM,))


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path / "history.sqlite") as office:
        yield office


@pytest.fixture
def layouts(office: Office) -> LayoutDesk:
    return LayoutDesk(office.desk, office.history, lambda: LAYOUT)


async def test_before_the_first_call_the_legend_is_of_one_that_is_made_up(layouts: LayoutDesk) -> None:
    found = await layouts.legend()
    assert found.call is None
    assert all(entry.example for entry in (*found.variables, *found.columns, *found.filters))


async def test_the_legend_is_of_the_latest_call(office: Office, layouts: LayoutDesk) -> None:
    call = a_call(name="JAN")
    office.happens(started(call))
    await office.wall.shows("Jan Jansen")
    office.happens(ended(replace(call, state=CallState.ENDED, outcome=Outcome.MISSED)))
    found = await layouts.legend()
    told = {entry.word: entry.example for entry in found.variables}
    assert found.call == call.id
    assert (told["$name"], told["$number_formatted"], told["$url"]) == ("Jan Jansen", "06 12345678", "")
    assert told["$status"].startswith("Missed call")


@pytest.mark.parametrize("scene", SCENES)
async def test_an_example_is_on_the_screen_with_the_users_layout_and_buttons(
    scene: str, office: Office, layouts: LayoutDesk
) -> None:
    card = layouts.show_example(scene)
    await office.wall.shows(card.headline)
    assert [button.label for button in card.buttons] == ["Look in the shop"]


async def test_a_button_of_an_example_tells_what_it_would_do_and_does_nothing(
    office: Office, layouts: LayoutDesk
) -> None:
    done: list[Action] = []
    office.desk.on_action = done.append
    card = layouts.show_example("ringing")
    await office.wall.shows("Bakkerij De Vries")
    (popup,) = office.wall.up
    office.desk.pressed(popup, card.buttons[0].id)
    await office.wall.shows("Bakkerij De Vries", "Look in the shop")
    (_, outcome) = office.wall.up.values()
    assert (outcome.lines, outcome.tone) == (("It would run: /bin/shop +31612345678",), Tone.NOTICE)
    assert done == []


async def test_an_example_that_does_not_exist_is_refused(layouts: LayoutDesk) -> None:
    with pytest.raises(ControlError, match="there are ringing, talking"):
        layouts.show_example("raining")
