"""What the daemon and the process of the windows tell each other: JSON objects, one a line. Pure.

The daemon writes orders, each with a number `n` that grows:

    {"do": "look", "n": 1, "monitor": "primary", "corner": "bottom-right", "offset": [16, 16], "width": 380,
     "theme": "auto", "place_file": "/home/…/window-place.json"}      always first: where windows stand
    {"do": "show", "n": 2, "popup": "ID", "card": {…}}                put up, or change what is up
    {"do": "update", "n": 3, "popup": "ID", "card": {…}}              change; nothing when the user closed it
    {"do": "close", "n": 4, "popup": "ID"}                            take away
    {"do": "focus", "n": 5}                                           give the newest window the keyboard
    {"do": "describe", "n": 6}                                        tell about itself
    {"do": "ping", "n": 7}                                            nothing but to answer

and the process of the windows writes reports:

    {"said": "done", "n": 5, "ok": true}                             of every order, when it is carried out
    {"said": "described", "text": "…"}                               before the `done` of its order
    {"said": "pressed", "popup": "ID", "button": "id", "text": ""}   the window is about to go
    {"said": "dismissed", "popup": "ID"}                             the window is gone

A window that is to close while the user types into it goes when that is done, and what was typed is reported.
A window of which a button was pressed stays for `GRACE_MS`: a `show` within that time takes its place, so
that it neither flickers nor moves. A card is an object with the keys of `bubbled.model.Card`. Keys that are
not known are passed over.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, assert_never

from bubbled.model import PopupId
from bubbled.popup.window.card import card_from_json, card_json
from bubbled.popup.window.shape import an_object, as_whole, items, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.model import Card

GRACE_MS: Final = 250
"""Milliseconds in which a window that was pressed may be shown anew."""

LONGEST_LINE: Final = 1 << 20
"""Bytes: a card and a typed text are far below, also with every character escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where windows stand and how they look; lengths in pixels of an unscaled monitor.

    Attributes:
        monitor: `primary`, `pointer`, a number from 1 on, or a name such as `HDMI-1`.
        corner: `bottom-right` and so on.
        offset: from the corner, sideways and up or down.
        theme: `auto`, `light` or `dark`.
        place_file: where it is kept whereto the user dragged them; empty: nowhere.
    """

    monitor: str = "primary"
    corner: str = "bottom-right"
    offset: tuple[int, int] = (16, 16)
    width: int = 380
    theme: str = "auto"
    place_file: str = ""


@dataclass(frozen=True, slots=True)
class Show:
    """Put up a window, or change it where it is up."""

    popup_id: PopupId
    card: Card


@dataclass(frozen=True, slots=True)
class Update:
    """Change a window that is up."""

    popup_id: PopupId
    card: Card


@dataclass(frozen=True, slots=True)
class Close:
    """Take a window away."""

    popup_id: PopupId


@dataclass(frozen=True, slots=True)
class Focus:
    """Give the newest window the keyboard."""


@dataclass(frozen=True, slots=True)
class Describe:
    """Tell about monitors, platform and memory."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Show that you are alive."""


Order = Look | Show | Update | Close | Focus | Describe | Ping


@dataclass(frozen=True, slots=True)
class Done:
    """An order is carried out; `is_ok` is false when there was nothing to do it with."""

    n: int
    is_ok: bool = True


@dataclass(frozen=True, slots=True)
class Described:
    """What the process tells about itself, for the user."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The user pressed a button, and typed a text where it asks for one."""

    popup_id: PopupId
    button: str
    text: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The user closed a window."""

    popup_id: PopupId


Report = Done | Described | Pressed | Dismissed


def order_line(order: Order, n: int) -> bytes:
    """Write an order."""
    match order:
        case Look():
            body = {"do": "look", **asdict(order)}
        case Show(popup_id, card):
            body = {"do": "show", "popup": popup_id, "card": card_json(card)}
        case Update(popup_id, card):
            body = {"do": "update", "popup": popup_id, "card": card_json(card)}
        case Close(popup_id):
            body = {"do": "close", "popup": popup_id}
        case Focus():
            body = {"do": "focus"}
        case Describe():
            body = {"do": "describe"}
        case Ping():
            body = {"do": "ping"}
        case unreachable:
            assert_never(unreachable)
    return _line({**body, "n": n})


def read_order(line: bytes) -> tuple[Order, int]:
    """Read an order and its number.

    Raises:
        ValueError: it is none.
    """
    body = an_object(line)
    return _order(body), as_whole(body.get("n"))


_WORDS: Final[Mapping[str, Order]] = {"focus": Focus(), "describe": Describe(), "ping": Ping()}
"""Orders that say no more than what is to be done."""


def _order(body: dict[str, Any]) -> Order:
    kind = body.get("do")
    match kind:
        case "look":
            return _look(body)
        case "show" | "update":
            popup_id, card = PopupId(text(body, "popup")), card_from_json(body.get("card"))
            return Show(popup_id, card) if kind == "show" else Update(popup_id, card)
        case "close":
            return Close(PopupId(text(body, "popup")))
        case str() if kind in _WORDS:
            return _WORDS[kind]
        case _:
            raise ValueError(f"{kind!r:.40} is no order")


def report_line(report: Report) -> bytes:
    """Write a report."""
    match report:
        case Done(n, is_ok):
            return _line({"said": "done", "n": n, "ok": is_ok})
        case Described(about):
            return _line({"said": "described", "text": about})
        case Pressed(popup_id, button, typed):
            return _line({"said": "pressed", "popup": popup_id, "button": button, "text": typed})
        case Dismissed(popup_id):
            return _line({"said": "dismissed", "popup": popup_id})
        case unreachable:
            assert_never(unreachable)


def read_report(line: bytes) -> Report:
    """Read a report.

    Raises:
        ValueError: it is none.
    """
    body = an_object(line)
    match body.get("said"):
        case "done":
            return Done(as_whole(body.get("n")), body.get("ok") is True)
        case "described":
            return Described(text(body, "text"))
        case "pressed":
            return Pressed(PopupId(text(body, "popup")), text(body, "button"), text(body, "text"))
        case "dismissed":
            return Dismissed(PopupId(text(body, "popup")))
        case other:
            raise ValueError(f"{other!r:.40} is no report")


def _look(body: dict[str, Any]) -> Look:
    usual = Look()
    sideways, along = (*items(body, "offset"), *usual.offset)[:2]
    return Look(
        monitor=text(body, "monitor", usual.monitor),
        corner=text(body, "corner", usual.corner),
        offset=(as_whole(sideways), as_whole(along)),
        width=as_whole(body.get("width", usual.width)),
        theme=text(body, "theme", usual.theme),
        place_file=text(body, "place_file", usual.place_file),
    )


def _line(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode() + b"\n"  # ASCII: no letter of a caller can end a line
