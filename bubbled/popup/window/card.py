"""Cards as JSON. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bubbled.model import Button, Card, Direction, Tone
from bubbled.popup.window.shape import as_object, as_text, items, text


def card_json(card: Card) -> dict[str, Any]:
    """Give a card as an object with its keys; the time as ISO 8601."""
    return {**asdict(card), "since": card.since and card.since.isoformat()}


def card_from_json(value: object) -> Card:
    """Read a card back; what is left out is as in a card of few words.

    Raises:
        ValueError: it cannot be one.
    """
    shape = as_object(value)
    since, direction = shape.get("since"), shape.get("direction")
    return Card(
        headline=text(shape, "headline"),
        lines=tuple(map(as_text, items(shape, "lines"))),
        status=text(shape, "status"),
        tone=Tone(text(shape, "tone")),
        footnote=text(shape, "footnote", ""),
        buttons=tuple(map(_button, items(shape, "buttons"))),
        instead=text(shape, "instead", ""),
        picture=text(shape, "picture", ""),
        since=None if since is None else _moment(as_text(since)),
        direction=None if direction is None else Direction(as_text(direction)),
        is_vip=shape.get("is_vip") is True,
    )


def _button(value: object) -> Button:
    shape = as_object(value)
    return Button(text(shape, "id"), text(shape, "label"), text(shape, "asks", ""))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(f"{text:.40} has no zone")
    return moment
