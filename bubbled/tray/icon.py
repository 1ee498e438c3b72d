"""Which icon stands for the daemon as it is. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bubbled.model import CallState
from bubbled.tray.state import Line

if TYPE_CHECKING:
    from bubbled.tray.state import TrayState


class Icon(StrEnum):
    """The icons, by the names of their files."""

    CONNECTED = "bubbled-connected"
    DISCONNECTED = "bubbled-disconnected"
    IN_CALL = "bubbled-in-call"
    MISSED = "bubbled-missed"
    MUTED = "bubbled-muted"
    MUTED_IN_CALL = "bubbled-muted-in-call"
    RINGING = "bubbled-ringing"


def icon(state: TrayState) -> Icon:
    """Choose the one that tells what the user has to know first.

    Without a connection nothing else is certain. Muted popups must be seen to be muted in a call, too; but a
    phone that rings then is what the user does not want to be told of.
    """
    is_talking = any(call.state is not CallState.RINGING for call in state.calls)
    if state.line is not Line.CONNECTED:
        return Icon.DISCONNECTED
    if state.mute is not None:
        return Icon.MUTED_IN_CALL if is_talking else Icon.MUTED
    if state.calls:
        return Icon.IN_CALL if is_talking else Icon.RINGING
    return Icon.MISSED if state.missed else Icon.CONNECTED
