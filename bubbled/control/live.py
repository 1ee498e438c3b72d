"""The calls of this moment with their cards, for the pages, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject
    from bubbled.model import Card


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call that goes on.

    Attributes:
        call: as a JSON object, with `popup`: "shown", or why there was none.
        card: what its popup shows, or would show.
        is_up: whether that popup is on the screen, so that its buttons can be pressed.
    """

    call: JsonObject
    card: Card
    is_up: bool


def live_json(live: LiveCall) -> JsonObject:
    """Give one of the calls of `GET /v1/live`."""
    return {"call": live.call, "card": card_json(live.card), "is_up": live.is_up}


def card_json(card: Card) -> JsonObject:
    """Give what a card shows; text is plain, nothing is escaped."""
    return {
        "headline": card.headline,
        "lines": list(card.lines),
        "status": card.status,
        "tone": card.tone.value,
        "footnote": card.footnote,
        "buttons": [{"id": each.id, "label": each.label, "asks": each.asks} for each in card.buttons],
        "since": card.since and card.since.isoformat(),
        "direction": card.direction and card.direction.value,
        "is_vip": card.is_vip,
    }
