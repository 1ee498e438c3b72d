"""The language of the popups, chosen as GNU gettext chooses it."""

from __future__ import annotations

from gettext import NullTranslations, translation
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOGUES: Final = Path(__file__).parents[1] / "locale"


def preferred(environ: Mapping[str, str]) -> list[str]:
    """List the wished languages, best first, ending before English: that is what the sources speak.

    LC_ALL, LC_MESSAGES and LANG name the locale, first set wins; LANGUAGE lists others to prefer, unless the
    locale is C (GNU gettext manual, "Locale Environment Variables" and "The LANGUAGE variable").
    """
    locale = next((v for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environ.get(key))), "C")
    if _language(locale) in {"C", "POSIX"}:
        return []
    wished = [*environ.get("LANGUAGE", "").split(":"), locale]
    return list(takewhile(lambda name: _language(name) != "en", filter(None, wished)))


def catalogue(environ: Mapping[str, str]) -> NullTranslations:
    """Open the catalogue of the first wished language there is one for; English without one."""
    return translation("bubbled", CATALOGUES, languages=preferred(environ), fallback=True)


def _language(locale: str) -> str:
    return locale.partition(".")[0].partition("_")[0]
