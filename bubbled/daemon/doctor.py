"""What `bubbled doctor` asks a daemon that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.check import Check, Verdict
from bubbled.control.status import ConnectionState
from bubbled.daemon import button_check, check
from bubbled.error import BubbledError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.daemon.daemon import Daemon


async def checks(daemon: Daemon) -> Sequence[Check]:
    """Check what the daemon needs, room by room; the PBX by a login of its own."""
    settings, desk = daemon.settings, daemon.desk
    return (
        _line(daemon),
        *await _pbx(daemon),
        *await check.shown_by(desk.screen),
        *check.state_of(desk.lookup),
        *check.layout(settings, desk.lookup),
        _history(daemon),
        *check.call_log(daemon.call_log.states(), daemon.call_log.trouble),
        *check.hotkey(daemon.dialling.desktop.hotkey),
        *check.keys(daemon.keys.states),
        *check.quiet(daemon.quiet.troubles),
        *check.tray(daemon.tray.trouble, is_wanted=settings.tray.show),
        *await button_check.buttons(settings, desk.screen.name),
    )


def _line(daemon: Daemon) -> Check:
    connection = daemon.line.connection
    verdict = {
        ConnectionState.CONNECTED: Verdict.WARNING if connection.detail else Verdict.OK,
        ConnectionState.REFUSED: Verdict.FAILED,
    }.get(connection.state, Verdict.WARNING)
    return Check("Daemon", verdict, connection.detail or f"{connection.state.value} {connection.host}")


async def _pbx(daemon: Daemon) -> Sequence[Check]:
    try:
        return await check.pbx(daemon.settings)
    except BubbledError as error:
        return [Check("PBX", Verdict.FAILED, str(error))]


def _history(daemon: Daemon) -> Check:
    trouble = daemon.history.trouble
    return Check("History", Verdict.WARNING if trouble else Verdict.OK, trouble or "kept")
