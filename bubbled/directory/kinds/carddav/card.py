"""From a resource of an address book to a contact. Pure."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

from bubbled.directory.entry import Entry
from bubbled.directory.local.formats.vcard import read_cards

_GROUP = re.compile(
    r"^(?:[\w-]+\.)?(?:KIND|X-ADDRESSBOOKSERVER-KIND)(?:;[^:\n]*)?:[ \t]*group[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_NAME = 80


def contact_in(card: str, path: str) -> Entry | None:
    """The contact with its path as id; None for a group, or a card without a name or a phone number."""
    if _GROUP.search(card):
        return None
    # Not `splitlines`, which breaks lines at characters that may stand in a name.
    entry = next((read for read in read_cards(card.split("\n")) if isinstance(read, Entry)), None)
    return entry and replace(entry, where=f"card {path.rpartition('/')[2][:_LONGEST_NAME]}", id=path)


def memory_of(entry: Entry) -> int:
    """Bytes that the texts of a contact take while it is kept in memory."""
    texts = (
        entry.name,
        entry.company,
        entry.url,
        entry.id,
        *entry.numbers,
        *(text for _, text in entry.fields),
    )
    return sum(map(sys.getsizeof, texts))
