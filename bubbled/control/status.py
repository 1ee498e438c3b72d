"""What `bubbled status` tells, and its JSON. Times are aware; on the wire they are ISO 8601 with zone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.model import Mute

JsonObject = dict[str, Any]
"""A JSON object; a call is one in the shape of contract 4 plus contact, times and popup."""


class ConnectionState(StrEnum):
    """How the daemon stands with the PBX."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """Broken off or never made; the daemon tries again by itself."""
    REFUSED = "refused"
    """The PBX does not accept the account; trying again hardly helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The connection with the PBX.

    Attributes:
        since: when it came into this state.
        detail: the reason in one line, where there is one.
    """

    host: str
    state: ConnectionState
    since: datetime | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryState:
    """One source of contacts.

    Attributes:
        count: how many contacts it holds; None where it cannot tell.
        state: a few words: `ready`, `indexing 37 %`, `failed: the file is gone`.
    """

    name: str
    kind: str
    state: str
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLogState:
    """How it stands with the calls that are written into one directory.

    Attributes:
        waiting: calls that are still to be written.
        unsure: when the calls began that are perhaps not written: only somebody who looks there can tell.
        failed: when the calls began that are not written, and will not be.
        reason: why calls wait or failed, where that is known, in one line.
    """

    directory: str
    waiting: int = 0
    unsure: tuple[datetime, ...] = ()
    failed: tuple[datetime, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HotkeyState:
    """The key that dials what is selected.

    Attributes:
        key: as the settings write it.
        way: how it is had: `x11`, `portal`; None while it is not.
        trouble: why it does nothing; None while it works.
    """

    key: str
    way: str | None
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The daemon as it is now.

    Attributes:
        uptime_s: seconds since the daemon started.
        mute: None while popups are shown.
        quiet: why the desktop wants no popups now, in words; empty when it does not mind.
        calls: the calls of the user that last now.
        screen: what shows the popups; None when nothing can.
        history_trouble: why the history is not kept as it should be; None when all is well.
        hotkey: None where the user wants none.
        call_log: the directories into which calls are written.
        call_log_trouble: why no call is written at all; None when nothing is in the way.
    """

    version: str
    uptime_s: float
    settings_path: str
    pbx: Connection
    devices: tuple[str, ...] = ()
    mute: Mute | None = None
    quiet: tuple[str, ...] = ()
    calls: tuple[JsonObject, ...] = ()
    directories: tuple[DirectoryState, ...] = ()
    screen: str | None = None
    history_trouble: str | None = None
    hotkey: HotkeyState | None = None
    call_log: tuple[CallLogState, ...] = ()
    call_log_trouble: str | None = None


def status_json(status: Status) -> JsonObject:
    """Give the answer of `GET /v1/status`."""
    return {
        "version": status.version,
        "uptime_s": status.uptime_s,
        "settings_path": status.settings_path,
        "pbx": {
            "host": status.pbx.host,
            "state": status.pbx.state.value,
            "since": _iso(status.pbx.since),
            "detail": status.pbx.detail,
        },
        "devices": list(status.devices),
        "mute": mute_json(status.mute),
        "quiet": list(status.quiet),
        "calls": list(status.calls),
        "directories": [
            {"name": each.name, "kind": each.kind, "state": each.state, "count": each.count}
            for each in status.directories
        ],
        "screen": status.screen,
        "history_trouble": status.history_trouble,
        "hotkey": hotkey_json(status.hotkey),
        "call_log": [call_log_json(each) for each in status.call_log],
        "call_log_trouble": status.call_log_trouble,
    }


def call_log_json(state: CallLogState) -> JsonObject:
    """Give how it stands with the calls of one directory."""
    return {
        "directory": state.directory,
        "waiting": state.waiting,
        "unsure": [at.isoformat() for at in state.unsure],
        "failed": [at.isoformat() for at in state.failed],
        "reason": state.reason,
    }


def hotkey_json(hotkey: HotkeyState | None) -> JsonObject | None:
    """Give `{"key": ..., "way": ..., "trouble": ...}`, or None where there is to be no key."""
    return None if hotkey is None else {"key": hotkey.key, "way": hotkey.way, "trouble": hotkey.trouble}


def mute_json(mute: Mute | None) -> JsonObject | None:
    """Give `{"until": ...}`, or None while popups are shown."""
    return None if mute is None else {"until": _iso(mute.until)}


def _iso(at: datetime | None) -> str | None:
    """Write a moment for the wire."""
    return None if at is None else at.isoformat()
