"""Keys as KDE counts them: Qt::Key and Qt::KeyboardModifier in one number. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.keystroke import Keystroke, Modifier

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODIFIERS: Final[Mapping[Modifier, int]] = {
    Modifier.SHIFT: 0x0200_0000,
    Modifier.CTRL: 0x0400_0000,
    Modifier.ALT: 0x0800_0000,
    Modifier.SUPER: 0x1000_0000,
}
_ALL: Final = sum(_MODIFIERS.values())

_KEYS: Final[Mapping[str, int]] = {
    **{f"F{number}": 0x0100_002F + number for number in range(1, 25)},
    "Insert": 0x0100_0006,
    "Pause": 0x0100_0008,
    "Print": 0x0100_0009,
    "Home": 0x0100_0010,
    "End": 0x0100_0011,
    "Prior": 0x0100_0016,
    "Next": 0x0100_0017,
    "Scroll_Lock": 0x0100_0026,
    "Menu": 0x0100_0055,
}
_NAMES: Final = {code: name for name, code in _KEYS.items()}


def key_code(keystroke: Keystroke) -> int:
    """Give the number of a key; letters have that of their capital."""
    key = _KEYS.get(keystroke.key) or ord(keystroke.key.upper())
    return key + sum(_MODIFIERS[modifier] for modifier in keystroke.modifiers)


def keystroke_of(code: int) -> Keystroke | None:
    """Give the key of a number; None for one that bubbled never sets."""
    key = code & ~_ALL
    name = _NAMES.get(key) or (chr(key).lower() if 0 < key < 128 and chr(key).isalnum() else "")  # noqa: PLR2004 - ASCII
    held = frozenset(modifier for modifier, bit in _MODIFIERS.items() if code & bit)
    return Keystroke(name, held) if name else None
