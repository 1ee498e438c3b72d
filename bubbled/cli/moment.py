"""Moments and times as people write and read them. Pure: `now` is passed in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NoReturn

from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable

MUTE_LIMIT = timedelta(days=366)

_PREFIX = re.compile(r"(until|till|for)\s+")
_LENGTH = re.compile(r"(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*m(?:in)?)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_OF_MONTH = re.compile(r"(\d{1,2}) ?([a-z]{3})[a-z]*(?: (\d{4}))?", re.ASCII)
_DAYS_AGO = {"today": 0, "yesterday": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class UnreadableMomentError(ControlError):
    """Nobody can tell which moment the user means."""


def mute_end(
    text: str, now: datetime, *, on_the_wall: Callable[[datetime], datetime] = datetime.astimezone
) -> datetime:
    """Read until when to mute: `30m`, `2h`, `1h30m`, `1d`, `until 14:00`, `14:00` or `tomorrow`.

    A time of day that has passed means tomorrow's; `tomorrow` means until midnight.

    Args:
        text: as the user wrote it.
        now: the present, aware, in the user's zone.
        on_the_wall: gives a naive local time its zone; by default the computer's, summer time included.

    Raises:
        UnreadableMomentError: it is none of these, or further away than a year.
    """
    wish = _PREFIX.sub("", text.strip().lower(), count=1).strip()
    if wish == "tomorrow":
        return on_the_wall(_midnight_after(now))
    if clock := _CLOCK.fullmatch(wish):
        return _next_time(clock, now, on_the_wall)
    length = _length(wish)
    if not timedelta() < length <= MUTE_LIMIT:
        raise UnreadableMomentError(
            "A mute lasts from a minute to a year; leave the time out to mute until unmuted."
        )
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo)


def _midnight_after(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time())


def _next_time(clock: re.Match[str], now: datetime, on_the_wall: Callable[[datetime], datetime]) -> datetime:
    try:
        wanted = time(int(clock[1]), int(clock[2]))
    except ValueError:
        raise UnreadableMomentError(f"{clock[0]} is no time of day; write it as 14:00.") from None
    today = on_the_wall(datetime.combine(now.date(), wanted))
    # By timestamp: in the hour that a clock shows twice, datetimes of one zone compare by what it shows.
    if today.timestamp() > now.timestamp():
        return today
    return on_the_wall(datetime.combine(now.date() + timedelta(days=1), wanted))


def _length(wish: str) -> timedelta:
    parts = _LENGTH.fullmatch(wish)
    if parts is None or not wish:
        raise UnreadableMomentError(
            f"'{wish}' is no time to mute for; write it as 30m, 2h, 1h30m, until 14:00 or tomorrow."
        )
    days, hours, minutes = (int(part or 0) for part in parts.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def day(text: str, today: date) -> date:
    """Read a day that is not to come: `2026-11-20`, `20 Nov`, `today`, `yesterday`, `Monday` (the last one).

    Raises:
        UnreadableMomentError: it is none of these.
    """
    wish = text.strip().lower()
    if wish in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[wish])
    weekday = next((number for number, name in enumerate(_WEEKDAYS) if wish in {name, name[:3]}), None)
    if weekday is not None:
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    found = _date(wish, today)
    if found is None or found > today:
        raise UnreadableMomentError(
            f"'{text.strip()}' is no day that has been; write it as 2026-11-20, 20 Nov, yesterday or Monday."
        )
    return found


def past_moment(
    text: str, now: datetime, *, on_the_wall: Callable[[datetime], datetime] = datetime.astimezone
) -> datetime:
    """Read a moment that has been: `14:03`, `yesterday 14:03`, `Monday 14:03` or `2026-11-20 14:03`.

    A time of day that is to come means yesterday's.

    Args:
        text: as the user wrote it.
        now: the present, aware, in the user's zone.
        on_the_wall: as with `mute_end`.

    Raises:
        UnreadableMomentError: it is none of these.
    """
    wish, _, last = text.strip().replace("T", " ").rpartition(" ")
    try:
        clock = _CLOCK.fullmatch(last)
        return _last_time(clock, wish, now, on_the_wall) if clock else _no_time(text)
    except (ValueError, OverflowError):
        return _no_time(text)


def _last_time(
    clock: re.Match[str], wish: str, now: datetime, on_the_wall: Callable[[datetime], datetime]
) -> datetime:
    wanted = time(int(clock[1]), int(clock[2]))
    if wish.strip():
        return on_the_wall(datetime.combine(day(wish, now.date()), wanted))
    today = on_the_wall(datetime.combine(now.date(), wanted))
    # By timestamp, as in `_next_time`.
    if today.timestamp() <= now.timestamp():
        return today
    return on_the_wall(datetime.combine(now.date() - timedelta(days=1), wanted))


def _no_time(text: str) -> NoReturn:
    raise UnreadableMomentError(
        f"'{text.strip()}' is no time that has been; write it as 14:03, yesterday 14:03 or 2026-11-20 14:03."
    )


def _date(wish: str, today: date) -> date | None:
    try:
        if _ISO_DAY.fullmatch(wish):
            return date.fromisoformat(wish)
        if written := _DAY_OF_MONTH.fullmatch(wish):
            month = [name.lower() for name in _MONTHS].index(written[2]) + 1
            found = date(int(written[3] or today.year), month, int(written[1]))
            return found if written[3] or found <= today else found.replace(year=today.year - 1)
    except ValueError:
        return None
    return None


def moment(text: str | None) -> datetime | None:
    """Read a moment that the daemon wrote, as ISO 8601; None stays None.

    Raises:
        ValueError, TypeError: it is none.
    """
    return None if text is None else datetime.fromisoformat(text)


def clock_time(at: datetime, now: datetime) -> str:
    """Write a moment, in the zone of now, briefly: `14:03`, `12 Nov 14:03`, `12 Nov 2025 14:03`."""
    hour = f"{at:%H:%M}"
    if at.date() == now.date():
        return hour
    day = f"{at.day} {_MONTHS[at.month - 1]}"
    return f"{day} {hour}" if at.year == now.year else f"{day} {at.year} {hour}"


def length(seconds: float) -> str:
    """Write how long a call lasted: `0:07`, `12:40`, `1:02:03`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def rough_length(seconds: float) -> str:
    """Write how long something lasts in its two largest units: `12 s`, `5 min`, `2 h 5 min`, `3 d 4 h`."""
    minutes = int(seconds) // 60
    if not minutes:
        return f"{int(seconds)} s"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
