"""The buttons of a popup, for `bubbled press`, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject
    from bubbled.model import Button, PopupId


@dataclass(frozen=True, slots=True)
class Offered:
    """A popup that is up, with its buttons in the order in which they are numbered, from 1 on.

    Attributes:
        popup: its id; that of the call, if it is about one.
        headline: who or what it is about.
    """

    popup: PopupId
    headline: str
    buttons: tuple[Button, ...]


def offered_json(offered: Offered) -> JsonObject:
    """Give the answer of `GET /v1/calls/{id}/buttons`."""
    return {
        "popup": offered.popup,
        "headline": offered.headline,
        "buttons": [
            {"number": number, "id": each.id, "label": each.label, "asks": each.asks}
            for number, each in enumerate(offered.buttons, 1)
        ],
    }
