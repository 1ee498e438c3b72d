"""Whose match wins: the first in the user's order, however fast another is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.directory.order.answer import Asked


def winner(trace: Sequence[Asked | None]) -> Asked | None:
    """The directory whose match is to be shown when nothing more is waited for; None when nobody matched.

    A guess by a company's main number counts only when no directory knows the number itself. Those that have
    not answered (None) count as if they did not know it.
    """
    matching = [asked for asked in trace if asked is not None and asked.matches]
    return next(filter(is_sure, matching), matching[0] if matching else None)


def is_sure(asked: Asked) -> bool:
    """Whether it knows the number itself: then nobody behind it can win, whatever they say."""
    return bool(asked.matches) and not asked.matches[0].probable
