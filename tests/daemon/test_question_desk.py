from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.daemon.question_desk import why
from bubbled.model import CallId
from tests.daemon.stand_in import a_call, started
from tests.daemon.test_desk import open_office

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.daemon.port import DaemonPort
    from bubbled.pbx.demo import DemoPbx

FAST = 50.0


async def test_a_number_is_looked_up_in_any_notation(port: DaemonPort) -> None:
    found = await port.lookup("06 12345678")
    assert found.e164 == "+31612345678"
    assert [(each.directory, each.outcome) for each in found.asked] == [("Customers", "hit")]
    assert (await port.lookup("nonsense")).asked == ()


async def test_it_is_told_where_a_popup_was_shown_or_why_there_was_none(
    port: DaemonPort, pbx: DemoPbx
) -> None:
    await port.lookup("+31612345678")  # waits for the address book
    await pbx.play("answered", speed=FAST)
    shown = await port.why(None)
    assert shown is not None
    assert (shown.call["popup"], shown.screen) == ("shown", "terminal")
    await port.mute(None)
    await pbx.play("missed", speed=FAST)
    missed = await port.why(None)
    assert missed is not None
    assert (missed.call["popup"], missed.screen) == ("muted", None)


async def test_it_is_told_why_nobody_was_asked(tmp_path: Path) -> None:
    async with open_office(tmp_path / "history.sqlite") as office:
        office.happens(started(a_call(number=None)))
        told = await why(office.desk, office.history, None)
        assert told is not None
        assert "withheld" in (told.reason or "")
        assert await why(office.desk, office.history, CallId("nobody")) is None
