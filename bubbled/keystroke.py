"""Keys with their modifiers, as people write them: `F7`, `Ctrl+Alt+D`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Modifier(StrEnum):
    """A key that is held down meanwhile, in the order in which they are written."""

    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"
    SUPER = "Super"


_MODIFIERS: Final[Mapping[str, Modifier]] = {
    "ctrl": Modifier.CTRL,
    "control": Modifier.CTRL,
    "alt": Modifier.ALT,
    "shift": Modifier.SHIFT,
    "super": Modifier.SUPER,
    "win": Modifier.SUPER,
    "windows": Modifier.SUPER,
    "meta": Modifier.SUPER,
}

_ALONE: Final[Mapping[str, str]] = {
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
    **{
        name.lower(): name
        for name in ("Pause", "Print", "Scroll_Lock", "Insert", "Menu", "Home", "End", "Prior", "Next")
    },
    "pageup": "Prior",
    "pagedown": "Next",
    "scrolllock": "Scroll_Lock",
    "printscreen": "Print",
}
"""Keys that may stand without a modifier: nobody needs them to write. By their X11 names (keysymdef.h)."""

_CHARACTER = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One key, pressed while exactly these modifiers are held.

    Attributes:
        key: its X11 name: `F7`, `d`, `Pause`.
    """

    key: str
    modifiers: frozenset[Modifier] = frozenset()

    def __str__(self) -> str:
        held = [modifier.value for modifier in Modifier if modifier in self.modifiers]
        return "+".join((*held, self.key.upper() if len(self.key) == 1 else self.key))


def parse(text: str) -> Keystroke:
    """Read a key as people write it, in any case.

    Raises:
        ValueError: it is none, or one that people need to write with; the text says what is expected.
    """
    *held, key = (part.strip().lower() for part in text.split("+"))
    unknown = [name for name in held if name not in _MODIFIERS]
    if unknown:
        raise ValueError("may hold the modifiers Ctrl, Alt, Shift and Super before the key")
    modifiers = frozenset(_MODIFIERS[name] for name in held)
    if key in _ALONE:
        return Keystroke(_ALONE[key], modifiers)
    if not _CHARACTER.fullmatch(key):
        raise ValueError('must be a key such as "F7", "Pause" or "Ctrl+Alt+D"')
    if not modifiers - {Modifier.SHIFT}:
        raise ValueError("needs Ctrl, Alt or Super: the key alone is needed to write")
    return Keystroke(key, modifiers)
