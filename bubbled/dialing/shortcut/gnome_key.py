"""Keys as GNOME writes them: `<Control><Alt>d`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bubbled.keystroke import Modifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.keystroke import Keystroke

_NAMES: Final[Mapping[Modifier, str]] = {
    Modifier.CTRL: "<Control>",
    Modifier.ALT: "<Alt>",
    Modifier.SHIFT: "<Shift>",
    Modifier.SUPER: "<Super>",
}
_MODIFIERS: Final[Mapping[str, Modifier]] = {
    "control": Modifier.CTRL,
    "ctrl": Modifier.CTRL,
    "ctl": Modifier.CTRL,
    "primary": Modifier.CTRL,
    "alt": Modifier.ALT,
    "mod1": Modifier.ALT,
    "shift": Modifier.SHIFT,
    "shft": Modifier.SHIFT,
    "super": Modifier.SUPER,
    "mod4": Modifier.SUPER,
}
_HELD: Final = re.compile(r"<([^<>]*)>")

# Each key of these has two names (keysymdef.h).
_TWINS: Final[Mapping[str, str]] = {"page_up": "prior", "page_down": "next"}


def accelerator(keystroke: Keystroke) -> str:
    """Write a key as GNOME reads it."""
    held = [name for modifier, name in _NAMES.items() if modifier in keystroke.modifiers]
    return "".join((*held, keystroke.key))


def is_on(written: str, keystroke: Keystroke) -> bool:
    """Tell whether this is the key, whatever the order and the names of the modifiers."""
    key = _HELD.sub("", written).lower()
    held = {_MODIFIERS.get(name.lower(), name) for name in _HELD.findall(written)}
    return _TWINS.get(key, key) == keystroke.key.lower() and held == keystroke.modifiers
