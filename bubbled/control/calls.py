"""Which calls are listed, as it stands in the question for them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CALLS: Final = 1000
"""Calls in one list."""

_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def limit(query: Mapping[str, str]) -> int | None:
    """Read how many calls are wanted; None: as many as is usual.

    Raises:
        ValueError: it is no such number; the text is for the user.
    """
    text = query.get("limit")
    if text is None:
        return None
    if not _COUNT.fullmatch(text) or int(text) > MOST_CALLS:
        raise ValueError(f"limit must be a number from 1 to {MOST_CALLS}.")
    return int(text)


def day(query: Mapping[str, str]) -> date | None:
    """Read the day of which the calls are wanted; None: of any.

    Raises:
        ValueError: it is no day; the text is for the user.
    """
    text = query.get("on")
    if text is None:
        return None
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError("on must be a day, as in 2026-11-20.") from None
