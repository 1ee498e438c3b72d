"""What all sentences of stories are made with. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Gettext: TypeAlias = Callable[[str], str]
"""Translates a text; English stays as it is with `english`."""


def english(text: str) -> str:
    """Say it as it is written here."""
    return text


_ = english
"""Marks a text for the translators, who find it where it stands, before there is a catalogue to ask."""


def clock(at: datetime, beside: datetime) -> str:
    """A moment beside another: `14:03`, of another day `2026-11-26 14:03`."""
    return f"{at:%H:%M}" if at.date() == beside.date() else f"{at:%Y-%m-%d %H:%M}"


def listed(words: Sequence[str]) -> str:
    """Several in one sentence."""
    return ", ".join(words)
