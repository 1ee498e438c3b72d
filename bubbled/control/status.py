"""What `bubbled status` tells, and its JSON. Times are aware; on the wire they are ISO 8601 with zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

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
    UNKNOWN = "unknown"
    """A word that a newer daemon uses and this program does not know."""

    @classmethod
    def _missing_(cls, _value: object) -> ConnectionState:
        return cls.UNKNOWN


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


@dataclass(frozen=True, slots=True)
class Mute:
    """Popups are muted, until a moment or (None) until unmuted."""

    until: datetime | None = None


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
class Status:
    """The daemon as it is now.

    Attributes:
        uptime_s: seconds since the daemon started.
        mute: None while popups are shown.
        calls: the calls of the user that last now.
        screen: what shows the popups; None when nothing can.
        history_trouble: why the history is not kept as it should be; None when all is well.
    """

    version: str
    uptime_s: float
    settings_path: str
    pbx: Connection
    devices: tuple[str, ...] = ()
    mute: Mute | None = None
    calls: tuple[JsonObject, ...] = ()
    directories: tuple[DirectoryState, ...] = ()
    screen: str | None = None
    history_trouble: str | None = None


def status_json(status: Status) -> JsonObject:
    """Give the answer of `GET /v1/status`."""
    return {
        "version": status.version,
        "uptime_s": status.uptime_s,
        "settings_path": status.settings_path,
        "pbx": {
            "host": status.pbx.host,
            "state": status.pbx.state.value,
            "since": iso(status.pbx.since),
            "detail": status.pbx.detail,
        },
        "devices": list(status.devices),
        "mute": mute_json(status.mute),
        "calls": list(status.calls),
        "directories": [
            {"name": each.name, "kind": each.kind, "state": each.state, "count": each.count}
            for each in status.directories
        ],
        "screen": status.screen,
        "history_trouble": status.history_trouble,
    }


def status_from_json(answer: JsonObject) -> Status:
    """Read what a daemon of this or another version answered.

    Raises:
        KeyError, TypeError, ValueError: it lacks what every version tells.
    """
    pbx = answer["pbx"]
    return Status(
        version=answer["version"],
        uptime_s=answer["uptime_s"],
        settings_path=answer.get("settings_path", ""),
        pbx=Connection(
            host=pbx["host"],
            state=ConnectionState(pbx["state"]),
            since=moment(pbx.get("since")),
            detail=pbx.get("detail"),
        ),
        devices=tuple(answer.get("devices", ())),
        mute=mute_from_json(answer.get("mute")),
        calls=tuple(answer.get("calls", ())),
        directories=tuple(map(_directory_from_json, answer.get("directories", ()))),
        screen=answer.get("screen"),
        history_trouble=answer.get("history_trouble"),
    )


def _directory_from_json(each: JsonObject) -> DirectoryState:
    return DirectoryState(
        name=each["name"], kind=each.get("kind", ""), state=each.get("state", ""), count=each.get("count")
    )


def mute_json(mute: Mute | None) -> JsonObject | None:
    """Give `{"until": ...}`, or None while popups are shown."""
    return None if mute is None else {"until": iso(mute.until)}


def mute_from_json(mute: JsonObject | None) -> Mute | None:
    """Read what `mute_json` gave."""
    return None if mute is None else Mute(moment(mute.get("until")))


def iso(at: datetime | None) -> str | None:
    """Write a moment for the wire."""
    return None if at is None else at.isoformat()


def moment(text: str | None) -> datetime | None:
    """Read a moment from the wire.

    Raises:
        ValueError: it is not ISO 8601.
    """
    return None if text is None else datetime.fromisoformat(text)
