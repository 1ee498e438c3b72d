"""Moments and spans of time in the user's words. Pure; moments are aware, and told in the zone of `now`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gettext import NullTranslations

_TOKEN: Final = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|HH|H|mm|ss")

_LONGEST_DATE: Final = 40
"""Characters of a date with time as ISO 8601 writes it, and some to spare."""

_DAY_S: Final = 24 * 3600
_AGES: Final = ((2 * 365 * _DAY_S, 365 * _DAY_S), (60 * _DAY_S, 30 * _DAY_S), (14 * _DAY_S, 7 * _DAY_S))
"""From how many seconds on an age is told in units of how many: years, months, weeks."""


def clock(at: datetime, now: datetime) -> str:
    """The time of day: "14:03"."""
    return f"{_local(at, now):%H:%M}"


def day(at: datetime, now: datetime, catalogue: NullTranslations) -> str:
    """The day: "12 Nov", of another year "12 Nov 2025"."""
    local = _local(at, now)
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local.day} {_short_month(local, catalogue)}{year}"


def long_day(at: datetime, now: datetime, catalogue: NullTranslations) -> str:
    """The day in full: "Thursday 12 November 2026"."""
    local, gettext = _local(at, now), catalogue.gettext
    weekday = gettext("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()[local.weekday()]
    months = gettext("January February March April May June July August September October November December")
    return f"{weekday} {local.day} {months.split()[local.month - 1]} {local.year}"


def when(at: datetime, now: datetime, catalogue: NullTranslations, *, today: str = "") -> str:
    """Day and time, as short as they can be: "14:03" (after `today`), "tomorrow 14:03", "12 Nov 14:03"."""
    local = _local(at, now)
    match (local.date() - now.date()).days:
        case 0:
            return f"{today} {clock(at, now)}".strip()
        # Not within an f-string: there the translators' tool does not find them.
        case -1:
            return catalogue.gettext("yesterday") + f" {clock(at, now)}"
        case 1:
            return catalogue.gettext("tomorrow") + f" {clock(at, now)}"
    return day(at, now, catalogue) + (f" {clock(at, now)}" if local.year == now.year else "")


def patterned(at: datetime, now: datetime, pattern: str, catalogue: NullTranslations) -> str:
    """As a pattern of YYYY, YY, MMM, MM, M, DD, D, HH, H, mm and ss has it: "DD-MM-YYYY"."""
    local = _local(at, now)
    written = {
        "YYYY": f"{local.year:04}",
        "YY": f"{local.year % 100:02}",
        "MMM": _short_month(local, catalogue),
        "MM": f"{local.month:02}",
        "M": str(local.month),
        "DD": f"{local.day:02}",
        "D": str(local.day),
        "HH": f"{local.hour:02}",
        "H": str(local.hour),
        "mm": f"{local.minute:02}",
        "ss": f"{local.second:02}",
    }
    return _TOKEN.sub(lambda found: written[found[0]], pattern)


def ago(at: datetime, now: datetime, catalogue: NullTranslations) -> str:
    """How long ago: "5 minutes ago"; what is to come, as clocks that differ have it, is just now."""
    age_s, ngettext = (now - at).total_seconds(), catalogue.ngettext
    years, months, weeks = (int(age_s // unit) if age_s >= from_s else 0 for from_s, unit in _AGES)
    if years:
        text, count = ngettext("{count} year ago", "{count} years ago", years), years
    elif months:
        text, count = ngettext("{count} month ago", "{count} months ago", months), months
    elif weeks:
        text, count = ngettext("{count} week ago", "{count} weeks ago", weeks), weeks
    elif (days := int(age_s // _DAY_S)) > 0:
        text, count = ngettext("{count} day ago", "{count} days ago", days), days
    elif (hours := int(age_s // 3600)) > 0:
        text, count = ngettext("{count} hour ago", "{count} hours ago", hours), hours
    elif (minutes := int(age_s // 60)) > 0:
        text, count = ngettext("{count} minute ago", "{count} minutes ago", minutes), minutes
    else:
        return catalogue.gettext("just now")
    return text.format(count=count)


def span(begin: datetime, end: datetime) -> str:
    """How long something took: "2:05", "1:02:05"."""
    minutes, seconds = divmod(max(0, int((end - begin).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def read(text: str, now: datetime) -> datetime | None:
    """A date or a moment as an address book writes it (ISO 8601), in the zone of `now` if it names none."""
    if len(text) > _LONGEST_DATE:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        aware = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
        aware.astimezone(now.tzinfo)
    except (ValueError, OverflowError):  # the second of years at the ends of the calendar
        return None
    return aware


def _local(at: datetime, now: datetime) -> datetime:
    return at.astimezone(now.tzinfo)


def _short_month(local: datetime, catalogue: NullTranslations) -> str:
    return catalogue.gettext("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[local.month - 1]
