"""How the daemon is, for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled import __version__
from bubbled.control.status import DirectoryState, Status
from bubbled.daemon.directory_assembly import enabled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.daemon.daemon import Daemon
    from bubbled.directory.order.lookup import Lookup
    from bubbled.settings.schema import Settings


async def status(daemon: Daemon) -> Status:
    """Tell how it is now."""
    desk = daemon.desk
    found = [await daemon.history.call(call_id) for call_id in tuple(desk.calls)]
    return Status(
        version=__version__,
        uptime_s=(desk.now() - daemon.started_at).total_seconds(),
        settings_path=str(daemon.settings_path),
        pbx=daemon.line.connection,
        devices=tuple(daemon.settings.me.devices),
        mute=daemon.muting.state,
        quiet=daemon.quiet.reasons,
        calls=tuple(past.to_json() for past in found if past is not None),
        directories=tuple(_directories(desk.lookup, daemon.settings)),
        screen=None if desk.screen.trouble else desk.screen.name,
        history_trouble=daemon.history.trouble,
        hotkey=daemon.dialling.desktop.hotkey,
        call_log=daemon.call_log.states(),
        call_log_trouble=daemon.call_log.trouble,
    )


def _directories(lookup: Lookup, settings: Settings) -> Iterator[DirectoryState]:
    for directory, its in zip(lookup.directories, enabled(settings), strict=True):
        state = str(lookup.state_of(directory))
        yield DirectoryState(name=directory.name, kind=its.kind.value, state=state, count=directory.count)
