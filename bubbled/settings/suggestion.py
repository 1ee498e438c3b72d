"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Words for the same thing in other programs' settings, and products for the kind that they are of: too far
# apart for a comparison of letters.
_SYNONYMS = {
    "active_directory": "ldap",
    "address": "host",
    "ad": "ldap",
    "contacts": "carddav",
    "crm": "rest",
    "database": "sql",
    "file": "path",
    "hubspot": "rest",
    "mariadb": "sql",
    "mysql": "sql",
    "nextcloud": "carddav",
    "odoo": "rest",
    "openldap": "ldap",
    "password": "secret",
    "postgres": "sql",
    "postgresql": "sql",
    "salesforce": "rest",
    "server": "host",
    "sqlite": "sql",
    "user": "username",
    "vcf": "vcard",
    "xlsx": "excel",
}

# One letter wrong in a word of two or three leaves it half alike; longer words that are so are others.
_ALIKE = 0.6
_ALIKE_IF_SHORT = 0.5
_SHORT = 3
_LONGEST_WORD = 40


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of `known` that `word` most likely stands for, or None when nothing is near."""
    candidates = {candidate.lower(): candidate for candidate in known}
    folded = word.lower()
    if len(folded) > _LONGEST_WORD:
        return None
    if _SYNONYMS.get(folded) in candidates:
        return _SYNONYMS[folded]
    cutoff = _ALIKE_IF_SHORT if len(folded) <= _SHORT else _ALIKE
    matches = get_close_matches(folded, candidates, cutoff=cutoff)
    best = max(matches, key=lambda match: _likeness(folded, match), default=None)
    return None if best is None else candidates[best]


def _likeness(word: str, match: str) -> tuple[float, int, bool]:
    """Of two that are as near by their sequence, the one with the same letters, then with the same first."""
    common = sum((Counter(word) & Counter(match)).values())
    return SequenceMatcher(a=match, b=word).ratio(), common, word[:1] == match[:1]
