"""The status, as the daemon wrote it, the way a person reads it: a label and a few words on each line.

It reads the JSON itself: making a `Status` of it first would take a quarter of the time allowed in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.cli.moment import clock_time, moment, rough_length
from bubbled.cli.output import Colour, coloured, harmless
from bubbled.cli.person import outcome, who

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bubbled.control.status import JsonObject

_MOST_MOMENTS = 3
_COLOURS = {"connected": Colour.GOOD, "waiting": Colour.BAD, "refused": Colour.BAD}


def overview(status: JsonObject, now: datetime) -> list[str]:
    """Give the lines of an answer of `GET /v1/status`; `now` is in the zone in which times are to be told.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the daemon lacks what every version tells.
    """
    return [
        f"{'' if row else label:<12} {text}".rstrip()
        for label, texts in _parts(status, now)
        for row, text in enumerate(texts)
    ]


def _parts(status: JsonObject, now: datetime) -> Iterator[tuple[str, list[str]]]:
    yield "bubbled", [f"{harmless(status['version'])}, running for {rough_length(status['uptime_s'])}"]
    yield "PBX", [_connection(status["pbx"], now)]
    yield "Devices", [harmless(", ".join(status.get("devices", ()))) or coloured("none", Colour.DOUBTFUL)]
    yield "Popups", [_popups(status, now)]
    if hotkey := status.get("hotkey"):
        yield "Hotkey", [_hotkey(hotkey)]
    yield "Calls", [_call(call) for call in status.get("calls", ())] or ["none"]
    yield "Directories", [_directory(each) for each in status.get("directories", ())] or ["none"]
    if logged := [*_call_log(status, now)]:
        yield "Call log", logged
    if trouble := status.get("history_trouble"):
        yield "History", [coloured(harmless(trouble), Colour.BAD)]
    yield "Settings", [harmless(status.get("settings_path", ""))]


def _call_log(status: JsonObject, now: datetime) -> Iterator[str]:
    """How it stands with the calls that are written into directories."""
    if trouble := status.get("call_log_trouble"):
        yield coloured(harmless(trouble), Colour.BAD)
    for each in status.get("call_log", ()):
        parts = [f"{_calls(each['waiting'])} to be written"] if each["waiting"] else []
        if each["unsure"]:
            which = f"{_calls(len(each['unsure']))} perhaps not written ({_moments(each['unsure'], now)})"
            parts.append(coloured(f"{which}: look there", Colour.DOUBTFUL))
        if each["failed"]:
            which = f"{_calls(len(each['failed']))} not written ({_moments(each['failed'], now)})"
            parts.append(coloured(which, Colour.BAD))
        reason = f" ({harmless(each['reason'])})" if each.get("reason") else ""
        yield f"{harmless(each['directory'])}: {', '.join(parts) or 'nothing waits'}{reason}"


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _moments(moments: list[str], now: datetime) -> str:
    """The latest of them, as far as they fit in a line."""
    told = ", ".join(_told(each, now) for each in moments[-_MOST_MOMENTS:])
    return told if len(moments) <= _MOST_MOMENTS else f"..., {told}"


def _connection(pbx: JsonObject, now: datetime) -> str:
    state = coloured(harmless(pbx["state"]), _COLOURS.get(pbx["state"], Colour.DOUBTFUL))
    since = f" since {_told(pbx['since'], now)}" if pbx.get("since") else ""
    detail = f" ({harmless(pbx['detail'])})" if pbx.get("detail") else ""
    return f"{state}: {harmless(pbx['host'])}{since}{detail}"


def _popups(status: JsonObject, now: datetime) -> str:
    screen = status.get("screen")
    shown = harmless(screen) if screen else coloured("nothing can show them", Colour.BAD)
    mute = status.get("mute")
    why_not = [*([muted(mute, now)] if mute else []), *map(harmless, status.get("quiet", ()))]
    return ", ".join([shown, *(coloured(words, Colour.DOUBTFUL) for words in why_not)])


def _hotkey(hotkey: JsonObject) -> str:
    key, trouble = harmless(hotkey["key"]), hotkey.get("trouble")
    if trouble:
        return f"{key}: {coloured(harmless(trouble), Colour.BAD)}"
    return f"{key} dials what is selected" if hotkey.get("way") else f"{key} (not had yet)"


def muted(mute: JsonObject, now: datetime) -> str:
    """Say until when popups are muted."""
    return f"muted until {_told(mute['until'], now)}" if mute.get("until") else "muted until `bubbled unmute`"


def _told(text: str, now: datetime) -> str:
    at = moment(text)
    return clock_time(at.astimezone(now.tzinfo), now) if at else ""


def _call(call: JsonObject) -> str:
    parts = (outcome(call), who(call), call.get("number"), call.get("device"))
    return "  ".join(harmless(part) for part in parts if part)


def _directory(directory: JsonObject) -> str:
    count, state = directory.get("count"), str(directory.get("state", ""))
    contacts = "" if count is None else f", {count:,} {'contact' if count == 1 else 'contacts'}"
    told = coloured(harmless(state), Colour.BAD) if state.startswith("failed") else harmless(state)
    return f"{harmless(directory['name'])} ({harmless(directory.get('kind', ''))}{contacts}): {told}"
