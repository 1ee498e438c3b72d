from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.press_desk import offered, press
from bubbled.error import ControlError
from bubbled.model import CallId, Card, PopupId, Tone
from bubbled.popup.command import CopyText
from tests.daemon.stand_in import a_call, started
from tests.daemon.test_desk import open_office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.popup.command import Action
    from tests.daemon.test_desk import Office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path / "history.sqlite") as office:
        yield office


async def ring(office: Office, name: str, call_id: str) -> None:
    office.happens(started(a_call(call_id=call_id, name=name)))
    await office.wall.until(lambda: PopupId(call_id) in office.wall.up)


async def test_the_latest_popup_that_has_buttons_is_meant(office: Office) -> None:
    with pytest.raises(ControlError, match="`bubbled show`"):
        offered(office.desk, None)
    await ring(office, "JAN", "1")
    await ring(office, "PIET", "2")
    office.desk.notices.show(Card("Read this", (), "", Tone.NOTICE), for_s=60)
    await office.wall.until(lambda: "Read this" in office.wall.headlines)
    latest = offered(office.desk, None)
    assert latest.popup == "2"
    assert "Note" in [button.label for button in latest.buttons]
    assert offered(office.desk, CallId("1")).popup == "1"


async def test_a_press_does_what_the_mouse_would_and_leaves_the_popup_up(office: Office) -> None:
    done: list[Action] = []
    office.desk.on_action = done.append
    await ring(office, "JAN", "1")
    shown = len(office.wall.seen)
    press(office.desk, None, "copy", "")
    await office.wall.until(lambda: len(office.wall.seen) > shown)
    assert done == [CopyText("+31612345678")]
    assert list(office.wall.up) == ["1"]


async def test_what_is_not_there_is_not_pressed(office: Office) -> None:
    await ring(office, "JAN", "1")
    with pytest.raises(ControlError, match="any more"):
        press(office.desk, None, "call", "")
    with pytest.raises(ControlError, match="`bubbled show 7`"):
        press(office.desk, CallId("7"), "copy", "")
