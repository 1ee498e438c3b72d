"""A card as a desktop notification (freedesktop Desktop Notifications 1.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Final

from dbus_fast import Variant

from bubbled.model import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.model import Card

SIGNATURE: Final = "susssasa{sv}i"
"""Of the arguments of Notify: application, replaced id, icon, summary, body, actions, hints, timeout."""

_NEVER: Final = 0
"""The server must not let the popup expire: the presenter knows when it goes."""

# From the Icon Naming Specification, so that every theme has them.
_ICONS: Final[Mapping[Tone, str]] = {
    Tone.RINGING: "call-start",
    Tone.TALKING: "call-start",
    Tone.MISSED: "call-stop",
    Tone.ENDED: "call-stop",
    Tone.QUESTION: "dialog-question",
    Tone.NOTICE: "dialog-information",
}

# From the specification's section "Categories".
_CATEGORIES: Final[Mapping[Tone, str]] = {
    Tone.RINGING: "call.incoming",
    Tone.TALKING: "call",
    Tone.MISSED: "call.unanswered",
    Tone.ENDED: "call.ended",
    Tone.QUESTION: "call",
    Tone.NOTICE: "call",
}

_MOST_BUTTONS: Final[Mapping[str, int]] = {"dunst": 1, "gnome-shell": 3, "mako": 0}
"""Of servers that cannot have four."""

_HIDES_BUTTONS: Final = frozenset({"dunst", "mako"})
"""Servers that show none; a middle click on dunst does what the only one would do."""

_YES_OR_NO: Final = 2

_KEEPS_BUTTONS: Final = frozenset({"gnome-shell"})
"""Servers on which a notification that changes keeps the buttons that it had, also when that is none."""

_NORMAL: Final = 1
_CRITICAL: Final = 2

_TUCKS_AWAY: Final = frozenset({"gnome-shell"})
"""Servers that take a normal banner away after seconds, whatever its timeout; a critical one stays.

The others get no critical ones: they would paint a call as an alarm and break through "do not disturb".
"""


@dataclass(frozen=True, slots=True)
class Server:
    """What a notification server says about itself."""

    name: str
    vendor: str
    version: str
    spec_version: str
    capabilities: frozenset[str]

    def __str__(self) -> str:
        skills = ", ".join(sorted(self.capabilities)) or "nothing more than a title"
        return f"{self.name} {self.version} by {self.vendor}, notifications {self.spec_version}: {skills}"


def arguments(card: Card, replaces: int, server: Server) -> list[Any]:
    """Make the arguments of Notify.

    Args:
        card: what to show; a caller may have chosen its text.
        replaces: the id of the notification to change in its place; 0 for a new one.
        server: decides what is markup: the body is, when it says `body-markup`; the summary never is.
    """
    said = replace(card, lines=_in_words(card, server))
    headline = card.headline if "body" in server.capabilities else f"{card.headline} · {card.status}"
    return [
        "bubbled",
        replaces,
        _ICONS[card.tone],
        _sendable(headline),
        _sendable(_marked_up(said) if "body-markup" in server.capabilities else _plain(said)),
        _actions(card, server),
        {
            "urgency": Variant("y", _urgency(card.tone, server)),
            "category": Variant("s", _CATEGORIES[card.tone]),
            "desktop-entry": Variant("s", "bubbled"),
            "suppress-sound": Variant("b", True),  # noqa: FBT003 - the library's way; the phone rings already
        },
        _NEVER,
    ]


def _actions(card: Card, server: Server) -> list[str]:
    """The buttons as the specification wants them: ids and labels in turn."""
    if "actions" not in server.capabilities:
        return []
    possible = card.buttons[: _MOST_BUTTONS.get(server.name.lower())]
    if server.name.lower() in _HIDES_BUTTONS and len(card.buttons) > _YES_OR_NO:
        return []  # a blind press would choose the first of several
    return [text for button in possible for text in (button.id, _sendable(button.label))]


def _in_words(card: Card, server: Server) -> tuple[str, ...]:
    """The lines, and where buttons cannot be seen, what to do instead."""
    seen = "actions" in server.capabilities and server.name.lower() not in _HIDES_BUTTONS
    return card.lines if seen or not card.instead else (*card.lines, card.instead)


def must_be_new(card: Card, before: Card, server: Server) -> bool:
    """Whether a card can take the place of another only as a new notification."""
    return server.name.lower() in _KEEPS_BUTTONS and card.buttons != before.buttons


def _urgency(tone: Tone, server: Server) -> int:
    running = tone in {Tone.RINGING, Tone.TALKING}
    return _CRITICAL if running and server.name.lower() in _TUCKS_AWAY else _NORMAL


def _plain(card: Card) -> str:
    return "\n".join(filter(None, (card.status, *card.lines, card.footnote)))


def _marked_up(card: Card) -> str:
    status, *lines = (escape(text, quote=False) for text in (card.status, *card.lines))
    footnote = [f"<i>{escape(card.footnote, quote=False)}</i>"] if card.footnote else []
    return "\n".join([f"<b>{status}</b>", *lines, *footnote])


def _sendable(text: str) -> str:
    """Without what D-Bus forbids in a string, for which the bus would hang up: NUL and half characters."""
    return text.replace("\0", "").encode(errors="replace").decode()
