"""The letters that stand for a picture of who is on the line. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bubbled.model import Tone

if TYPE_CHECKING:
    from bubbled.model import Card


def letters(card: Card) -> str:
    """Give what stands in the circle for a picture; empty where a silhouette does."""
    match card.tone:
        case Tone.QUESTION:
            return ""
        case Tone.NOTICE:  # its headline is no name
            return "!"
        case _:
            return initials(card.headline)


def initials(name: str) -> str:
    """Give the first letters of the first word and the next that matters; none of a number."""
    words = [word for word in re.split(r"[\s,.&()/-]+", name) if word and word[0].isalpha()]
    if not words or any(char.isdigit() for char in words[0]):
        return ""
    # "Jan van den Berg" is JB; scripts without capitals take the words as they come.
    others = [word for word in words[1:] if not word[0].islower()] or words[1:]
    return "".join(word[0] for word in (words[0], *others[:1])).upper()[:2]
