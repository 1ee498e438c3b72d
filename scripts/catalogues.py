"""Bring the translations in step with the sources: `.venv/bin/python scripts/catalogues.py`.

What is new in the sources comes into the catalogues untranslated, what is gone leaves them, and the compiled
catalogues are written anew. Says what is still to be translated; exit 1 while there is any.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bubbled.condition import FLAGS
from bubbled.popup.legend import meaning_of_filter
from bubbled.vocabulary import FILTERS, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PACKAGE: Final = Path(__file__).resolve().parents[1] / "bubbled"
DUTCH: Final = PACKAGE / "locale" / "nl" / "LC_MESSAGES"

DOMAINS: Final[Mapping[str, Sequence[str]]] = {
    "bubbled": ("popup", "dialing", "action", "tray", "speech"),
    "pages": ("web", "story", "settings"),
}
"""The rooms whose texts each has; that of the pages has the words of templates and conditions, too."""

_WAYS: Final = [("**.py", "python"), ("**.html", "jinja2")]


def texts(domain: str) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    """Each text of the sources, or its singular and plural, with what is said of it to translators."""
    for room in DOMAINS[domain]:
        for _file, _line, text, comments, _context in extract_from_dir(PACKAGE / room, _WAYS):
            if text:
                yield text, comments
    if domain == "pages":
        yield from (
            (meaning, [])
            for meaning in (*FLAGS.values(), *VARIABLES.values(), *map(meaning_of_filter, FILTERS))
        )


def catalogue(domain: str) -> Catalog:
    """The catalogue as it is written."""
    with (DUTCH / f"{domain}.po").open("rb") as file:
        return read_po(file, locale="nl")


def untranslated(found: Catalog) -> list[Message]:
    """What of it has no translation, or one that somebody has to look at."""
    return [message for message in found if message.id and (message.fuzzy or not _is_whole(message.string))]


def _is_whole(translated: str | Sequence[str] | None) -> bool:
    return bool(translated) and (isinstance(translated, str) or all(translated or ()))


def _renewed(domain: str) -> Catalog:
    sources = Catalog()
    for text, comments in texts(domain):
        sources.add(text, auto_comments=comments)
    found = catalogue(domain)
    written_at = found.creation_date
    found.update(sources, no_fuzzy_matching=True)
    found.creation_date = written_at  # else every run would change the file
    return found


def main() -> int:
    """Renew all catalogues."""
    missing = 0
    for domain in DOMAINS:
        found = _renewed(domain)
        with (DUTCH / f"{domain}.po").open("wb") as file:
            write_po(file, found, no_location=True, width=110, ignore_obsolete=True)
        with (DUTCH / f"{domain}.mo").open("wb") as file:
            write_mo(file, found)
        for message in untranslated(found):
            missing += 1
            print(f"{domain}: {message.id!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
