"""What the tray tells of the daemon, out of what its rooms know. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.control.status import ConnectionState
from bubbled.dialing.phone import PhoneState
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.text import one_line
from bubbled.popup.variable import Values
from bubbled.tray.state import Line, TrayCall, TrayPhone

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.dialing.phone import Phone
    from bubbled.history.past_call import PastCall
    from bubbled.popup.layout import Layout

_LONGEST_NAME: Final = 50
"""A menu becomes as wide as its longest entry."""

_ABSENT: Final = frozenset({PhoneState.UNREGISTERED, PhoneState.ABSENT})


def line(state: ConnectionState) -> Line:
    """How it stands with the PBX, as far as the icon tells it."""
    match state:
        case ConnectionState.CONNECTED:
            return Line.CONNECTED
        case ConnectionState.CONNECTING:
            return Line.CONNECTING
        case _:
            return Line.DISCONNECTED


def call(past: PastCall, layout: Layout, now: datetime) -> TrayCall:
    """A call of the history, with the other party named as popups name it."""
    values = Values(Subject(call=past.call, finding=Finding(contact=past.contact)), layout, now)
    who, company = values["who"], values["company"]
    return TrayCall(
        id=past.call.id,
        who=one_line(who if company in {"", who} else f"{who}, {company}", _LONGEST_NAME),
        at=past.started_at,
        direction=past.call.direction,
        state=past.call.state,
        outcome=past.call.outcome,
    )


def phone(known: Phone, name: str) -> TrayPhone:
    """A phone, by the name that its user knows."""
    return TrayPhone(
        device=known.device,
        name=one_line(name, _LONGEST_NAME),
        rings=known.is_default,
        is_absent=known.state in _ABSENT,
    )
