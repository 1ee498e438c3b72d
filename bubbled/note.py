"""What may stand in a note that a user takes of a call. Pure."""

from __future__ import annotations

from typing import Final

LONGEST_TEXT: Final = 2000
"""Characters of what is noted at once."""

LONGEST_NOTE: Final = 4000
"""Characters of all that is noted of one call."""


def plain(text: str) -> str:
    """A note as it is kept: printable, in its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c if c.isprintable() else " " for c in line).rstrip() for line in lines).strip()


def with_note(earlier: str, text: str) -> str:
    """The notes of a call with one more at their end.

    Raises:
        ValueError: they would be longer than `LONGEST_NOTE`.
    """
    note = f"{earlier}\n{text}" if earlier else text
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"the notes of one call can have {LONGEST_NOTE} characters")
    return note
