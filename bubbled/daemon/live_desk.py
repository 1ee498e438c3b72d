"""What the pages show of the calls that go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.live import LiveCall
from bubbled.model import PopupId
from bubbled.popup.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.daemon.desk import Desk
    from bubbled.history.store import History
    from bubbled.popup.layout import Layout


async def live(desk: Desk, history: History, layout: Layout) -> Sequence[LiveCall]:
    """Give the user's calls, the latest first, with the card that is up, or that would be."""
    found = [await history.call(call_id) for call_id in tuple(desk.calls)]
    calls = []
    for past in reversed([past for past in found if past is not None]):
        shown = desk.popups.get(PopupId(past.call.id))
        card = shown or lay_out(await desk.subject_of(past), layout, desk.now())
        calls.append(LiveCall(past.to_json(), card, is_up=shown is not None))
    return calls
