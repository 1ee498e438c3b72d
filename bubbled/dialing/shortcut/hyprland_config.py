"""How Hyprland's configuration binds a key: in its own language, or in Lua from Hyprland 0.55 on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bubbled.keystroke import Modifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.keystroke import Keystroke

_NAMES: Final[Mapping[Modifier, str]] = {
    Modifier.CTRL: "CTRL",
    Modifier.ALT: "ALT",
    Modifier.SHIFT: "SHIFT",
    Modifier.SUPER: "SUPER",
}
_BITS: Final[Mapping[Modifier, int]] = {
    Modifier.SHIFT: 1,
    Modifier.CTRL: 4,
    Modifier.ALT: 8,
    Modifier.SUPER: 64,
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language of the configuration.

    Attributes:
        comment: what begins a comment.
        template: of a line that binds a key: `{held}` and `{key}`, or `{keys}` for both, and `{command}`.
        pattern: of such a line.
    """

    comment: str
    template: str
    pattern: re.Pattern[str]

    def line(self, keystroke: Keystroke, command: str) -> str:
        """Write a line that has this key run this command line, without double quotes and backslashes."""
        held = [name for modifier, name in _NAMES.items() if modifier in keystroke.modifiers]
        words = {"held": " ".join(held), "key": keystroke.key, "keys": keys(keystroke)}
        return self.template.format(**words, command=command)

    def read(self, line: str) -> tuple[str, str] | None:
        """Give the keys and the command line of such a line; None of another."""
        found = self.pattern.fullmatch(line)
        if found is None:
            return None
        written = f"{found['held']} {found['key']}".replace("+", " ").split()
        return " + ".join(written), found["command"]


OWN_LANGUAGE: Final = Dialect(
    "#",
    "bind = {held}, {key}, exec, {command}",
    re.compile(r"bind = (?P<held>[A-Z ]*), (?P<key>\w+), exec, (?P<command>.+)"),
)
LUA: Final = Dialect(
    "--",
    'hl.bind("{keys}", hl.dsp.exec_cmd("{command}"))',
    re.compile(r'hl\.bind\("(?P<held>[A-Z +]*?)(?P<key>\w+)", hl\.dsp\.exec_cmd\("(?P<command>[^"]+)"\)\)'),
)


def keys(keystroke: Keystroke) -> str:
    """Write a key as Lua configurations do: `CTRL + ALT + d`."""
    held = [name for modifier, name in _NAMES.items() if modifier in keystroke.modifiers]
    return " + ".join((*held, keystroke.key))


def is_on(bind: Mapping[str, Any], keystroke: Keystroke) -> bool:
    """Tell whether one of the objects of `hyprctl -j binds` takes this key, outside all submaps."""
    mask = sum(_BITS[modifier] for modifier in keystroke.modifiers)
    pressed = (bind.get("modmask"), str(bind.get("key", "")).lower(), bind.get("submap", ""))
    return pressed == (mask, keystroke.key.lower(), "")
