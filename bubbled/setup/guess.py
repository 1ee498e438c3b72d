"""What the computer itself tells before anybody is asked."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from phonenumbers import SUPPORTED_REGIONS

from bubbled.popup import country
from bubbled.popup.language import catalogue
from bubbled.setup.known import Known
from bubbled.setup.presets import Needs, choices
from bubbled.setup.question import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from bubbled.setup.answer import Given


_ZONES = Path("/usr/share/zoneinfo/zone.tab")


def known(present: Mapping[str, Any], given: Given, ca_file: str) -> Known:
    """Put together what is known before the first question."""
    return Known(
        present=present,
        folder=str(Path.cwd()),
        region=region(os.environ, Path("/etc/localtime"), _ZONES),
        countries=_countries(),
        presets=choices(),
        needs=Needs(),
        places=given.places,
        more=given.more,
        ca_file=ca_file,
    )


def region(environ: Mapping[str, str], local_time: Path, zones: Path) -> str | None:
    """The country of the time zone, which people set to where they are; else that of the locale.

    Args:
        environ: TZ, LC_ALL, LC_TELEPHONE and LANG.
        local_time: the link to the zone of the computer.
        zones: the table of the zones with their countries (zone.tab of the tz database).
    """
    zone = environ.get("TZ", "").removeprefix(":") or _zone_of(local_time)
    locale = next((v for key in ("LC_ALL", "LC_TELEPHONE", "LANG") if (v := environ.get(key))), "")
    by_locale = re.match(r"[a-z]{2,3}_([A-Z]{2})\b", locale)
    found = _country_of(zone, zones) or (by_locale[1] if by_locale else None)
    return found if found in SUPPORTED_REGIONS else None


def _zone_of(link: Path) -> str:
    try:
        return str(link.resolve()).partition("zoneinfo/")[2]
    except OSError:
        return ""


def _country_of(zone: str, zones: Path) -> str | None:
    try:
        lines = zones.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return next((row[0] for row in rows if len(row) > 2 and row[2] == zone), None)  # noqa: PLR2004 - code, place, zone


def _countries() -> tuple[Choice, ...]:
    language = catalogue(os.environ).info().get("language", "en")
    named = [Choice(code, country.name(code, language)) for code in sorted(SUPPORTED_REGIONS)]
    english = [Choice(code, country.name(code, "en")) for code in sorted(SUPPORTED_REGIONS)]
    return tuple(dict.fromkeys((*named, *english)))
