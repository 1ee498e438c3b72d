"""Presses of buttons by command, for desktops that show none and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.press import Offered
from bubbled.error import ControlError
from bubbled.model import PopupId

if TYPE_CHECKING:
    from bubbled.daemon.desk import Desk
    from bubbled.model import CallId


def offered(desk: Desk, call_id: CallId | None) -> Offered:
    """Tell the buttons of the popup of a call; None: of the latest popup that has any.

    Raises:
        ControlError: there is no such popup.
    """
    popups = desk.popups
    if call_id is None:
        latest = next((popup_id for popup_id in reversed(tuple(popups)) if popups[popup_id].buttons), None)
        if latest is None:
            raise ControlError(
                "No popup with buttons is up; `bubbled show` brings that of the latest call back."
            )
    elif (latest := PopupId(call_id)) not in popups:
        raise ControlError(f"No popup of the call {call_id} is up; `bubbled show {call_id}` brings it back.")
    return Offered(latest, popups[latest].headline, popups[latest].buttons)


def press(desk: Desk, call_id: CallId | None, button: str, text: str) -> Offered:
    """Press a button, by its id, as if with the mouse; gives the popup as it was before.

    Raises:
        ControlError: there is no such popup, or no such button on it (any more).
    """
    found = offered(desk, call_id)
    if all(each.id != button for each in found.buttons):
        raise ControlError(
            "That button is not on the popup (any more); `bubbled press` lists those that are."
        )
    desk.pressed(found.popup, button, text, is_aimed=True)
    return found
