"""The language of the pages: the one that the browser asks for, of those there are."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CATALOGUES: Final = Path(__file__).parents[1] / "locale"
SOURCE: Final = "en"
DUTCH: Final = "nl"


class Language:
    """What the pages, and what popups say as well, in one language.

    Attributes:
        name: as HTML writes it (BCP 47).
        speech: the translations of what popups say, too: moments, outcomes.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._pages = _opened("pages", name)
        self.speech = _opened("bubbled", name)

    @property
    def gettext(self) -> Callable[[str], str]:
        """Says a text of the pages in this language."""
        return self._pages.gettext

    @property
    def ngettext(self) -> Callable[[str, str, int], str]:
        """Says a text that depends on a number."""
        return self._pages.ngettext


def language(accepted: str) -> Language:
    """Choose by the header Accept-Language (RFC 9110, section 12.5.4); English where it asks for others."""
    return _spoken(next((name for name in _by_preference(accepted) if name in {SOURCE, DUTCH}), SOURCE))


@cache
def _spoken(name: str) -> Language:
    return Language(name)


def _by_preference(accepted: str) -> Iterator[str]:
    wishes = []
    for part in accepted.split(",")[:20]:
        name, _, quality = part.partition(";")
        wishes.append((_weight(quality), name.strip().partition("-")[0].lower()))
    return (name for weight, name in sorted(wishes, key=lambda wish: -wish[0]) if weight > 0)


def _weight(text: str) -> float:
    try:
        return float(text.partition("=")[2] or 1) if text.strip() else 1.0
    except ValueError:
        return 0.0


def _opened(domain: str, name: str) -> NullTranslations:
    return translation(domain, CATALOGUES, languages=[name], fallback=True)
