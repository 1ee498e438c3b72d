"""A card as a desktop notification (freedesktop Desktop Notifications 1.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dbus_fast import Variant

from bubbled.model import Button, Direction, Tone
from bubbled.popup.screen import CALL_PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.model import Card
    from bubbled.popup.screens.notification_server import Server

SIGNATURE: Final = "susssasa{sv}i"
"""Of the arguments of Notify: application, replaced id, icon, summary, body, actions, hints, timeout."""

# No button of a card has such an id: those have no hyphen.
MORE: Final = "more-buttons"
"""The id of the button that shows the next ones."""

CLOSE: Final = "close-popup"
"""The id of the button that takes the popup away."""

REPLY: Final = "inline-reply"
"""The id by which Plasma knows a button that asks for a text."""

VIP: Final = "★"
"""Marks who is important: by a sign, because an urgent notification would break through "do not disturb"."""

_NEVER: Final = 0
"""The server must not let the popup expire: the presenter knows when it goes."""

# From the Icon Naming Specification, so that every theme has them.
_ICONS: Final[Mapping[Tone, str]] = {
    Tone.RINGING: "call-start",
    Tone.TALKING: "call-start",
    Tone.HELD: "call-start",
    Tone.MISSED: "call-stop",
    Tone.ENDED: "call-stop",
    Tone.QUESTION: "dialog-question",
    Tone.NOTICE: "dialog-information",
}

# From the specification's section "Categories".
_CATEGORIES: Final[Mapping[Tone, str]] = {
    Tone.RINGING: "call.incoming",
    Tone.MISSED: "call.unanswered",
    Tone.ENDED: "call.ended",
}

_NORMAL: Final = 1
_CRITICAL: Final = 2


@dataclass(frozen=True, slots=True)
class Labels:
    """What the buttons say that are no part of a card."""

    more: str = "More…"
    close: str = "Close"
    page: str = ""
    """Of the button that opens the page of the call; empty: there are no pages."""


def fitted(card: Card, page: int, server: Server, labels: Labels) -> Card:
    """Leave on a card the buttons that the server can show.

    Where there are too many, one shows the next ones; behind the last `page` comes the first again. There is
    room for the page of the call then, behind all of them: it takes the place of none. A click must not do
    unseen what the only button is for: with a second one the server asks which.
    """
    buttons, most = card.buttons, server.habits.most_buttons
    if "actions" not in server.capabilities:
        return replace(card, buttons=())
    if most is not None and len(buttons) > most:
        if labels.page and card.direction is not None:  # else it is about no call
            buttons = (*buttons, Button(CALL_PAGE, labels.page))
        each = most - 1  # the last turns the page
        start = each * (page % -(-len(buttons) // each))
        return replace(card, buttons=(*buttons[start : start + each], Button(MORE, labels.more)))
    if server.habits.presses_unseen and len(buttons) == 1:
        return replace(card, buttons=(*buttons, Button(CLOSE, labels.close)))
    return card


def arguments(card: Card, replaces: int, server: Server, image: str = "") -> list[Any]:
    """Make the arguments of Notify.

    Args:
        card: what to show, with buttons that fit; a caller may have chosen its text.
        replaces: the id of the notification to change in its place; 0 for a new one.
        server: decides what is markup: the body is, when it says `body-markup`; the summary never is.
        image: a picture that is there: an absolute path, or the name of an icon; empty: none.
    """
    said = replace(card, lines=_in_words(card, server))
    headline = card.headline if "body" in server.capabilities else f"{card.headline} · {card.status}"
    return [
        "bubbled",
        replaces,
        _ICONS[card.tone],
        _sendable(f"{VIP} {headline}" if card.is_vip else headline),
        _sendable(_marked_up(said) if "body-markup" in server.capabilities else _plain(said)),
        [text for button in card.buttons for text in (_key(card, button, server), _sendable(button.label))],
        _hints(card, server, image),
        _NEVER,
    ]


def must_be_new(card: Card, before: Card, server: Server) -> bool:
    """Whether a card can take the place of another only as a new notification."""
    if server.habits.loses_buttons:
        return bool(card.buttons)
    return server.habits.keeps_buttons and card.buttons != before.buttons


def asking(card: Card, server: Server) -> Button | None:
    """The button of a card for which a text can be typed on the notification itself, if one can."""
    if REPLY not in server.capabilities:
        return None
    return next((button for button in card.buttons if button.asks), None)  # Plasma takes one


def _key(card: Card, button: Button, server: Server) -> str:
    return REPLY if button is asking(card, server) else button.id


def _hints(card: Card, server: Server, image: str) -> dict[str, Variant]:
    hints: dict[str, str | bool] = {
        "category": _category(card),
        "desktop-entry": "bubbled",
        "suppress-sound": True,  # the phone rings already
    }
    if server.habits.keeps_pressed:
        hints["resident"] = True
    if image:
        hints["image-path"] = _address(image, server)
    if (button := asking(card, server)) is not None:
        hints["x-kde-reply-placeholder-text"] = _sendable(button.asks)
    urgency = Variant("y", _urgency(card.tone, server))
    return {"urgency": urgency} | {name: _variant(value) for name, value in hints.items()}


def _address(image: str, server: Server) -> str:
    is_path = image.startswith("/") and not server.habits.wants_paths
    return Path(image).as_uri() if is_path else image


def _variant(value: str | bool) -> Variant:  # noqa: FBT001 - it is the value of a hint
    return Variant("b" if isinstance(value, bool) else "s", value)


def _category(card: Card) -> str:
    outbound = card.tone is Tone.RINGING and card.direction is Direction.OUTBOUND
    return "call" if outbound else _CATEGORIES.get(card.tone, "call")


def _in_words(card: Card, server: Server) -> tuple[str, ...]:
    """The lines, and where buttons cannot be seen, what to do instead."""
    return card.lines if server.shows_buttons or not card.instead else (*card.lines, card.instead)


def _urgency(tone: Tone, server: Server) -> int:
    running = tone in {Tone.RINGING, Tone.TALKING, Tone.HELD}
    return _CRITICAL if running and server.habits.tucks_away else _NORMAL


def _plain(card: Card) -> str:
    return "\n".join(filter(None, (card.status, *card.lines, card.footnote)))


def _marked_up(card: Card) -> str:
    status, *lines = (escape(text, quote=False) for text in (card.status, *card.lines))
    footnote = [f"<i>{escape(card.footnote, quote=False)}</i>"] if card.footnote else []
    return "\n".join([f"<b>{status}</b>", *lines, *footnote])


def _sendable(text: str) -> str:
    """Without what D-Bus forbids in a string, for which the bus would hang up: NUL and half characters."""
    return text.replace("\0", "").encode(errors="replace").decode()
