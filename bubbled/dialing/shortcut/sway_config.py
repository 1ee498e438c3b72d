"""What sway's configuration binds to which keys, as far as we must know: sway(5). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bubbled.keystroke import Modifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bubbled.keystroke import Keystroke

_MODIFIERS: Final[Mapping[str, Modifier]] = {
    "ctrl": Modifier.CTRL,
    "control": Modifier.CTRL,
    "alt": Modifier.ALT,
    "mod1": Modifier.ALT,
    "shift": Modifier.SHIFT,
    "mod4": Modifier.SUPER,
    "super": Modifier.SUPER,
}
_NAMES: Final[Mapping[Modifier, str]] = {
    Modifier.CTRL: "Ctrl",
    Modifier.ALT: "Mod1",
    Modifier.SHIFT: "Shift",
    Modifier.SUPER: "Mod4",
}
_GROUP: Final = re.compile(r"group\d", re.IGNORECASE)
_BINDING: Final = re.compile(r"(?:--\S+\s+)*(?P<keys>\S+)\s+(?P<command>.+)")
_VARIABLE: Final = re.compile(r"\$[\w-]+")


@dataclass(frozen=True, slots=True)
class Bound:
    """A combination of keys and the sway command that it runs, both as they are written."""

    keys: str
    command: str

    def is_on(self, keystroke: Keystroke) -> bool:
        """Tell whether it takes this key, whatever the order and the names of the modifiers."""
        words = [word for word in self.keys.lower().split("+") if not _GROUP.fullmatch(word)]
        wanted = {*keystroke.modifiers, keystroke.key.lower()}
        return {_MODIFIERS.get(word, word) for word in words} == wanted


def keys(keystroke: Keystroke) -> str:
    """Write a key as sway reads it: `Ctrl+Mod1+d`."""
    held = [name for modifier, name in _NAMES.items() if modifier in keystroke.modifiers]
    return "+".join((*held, keystroke.key))


def bindings(text: str, included: Callable[[str], Iterable[str]]) -> Iterator[Bound]:
    """Give what is bound in the default mode, in the order in which sway reads it.

    Args:
        text: of the configuration.
        included: gives the texts that an `include` means.
    """
    yield from _Reader(included).read(text)


@dataclass
class _Reader:
    """Reads line by line, with the variables and the blocks that are open."""

    included: Callable[[str], Iterable[str]]
    variables: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> Iterator[Bound]:
        blocks: list[str] = []
        for line in text.replace("\\\n", "").splitlines():
            words = self._resolved(line.strip())
            if words.startswith("#"):
                continue
            if words.endswith("{"):
                blocks.append(words.removesuffix("{").strip())
            elif words == "}":
                del blocks[-1:]
            else:
                yield from self._meaning(" ".join((*blocks, words)))

    def _meaning(self, line: str) -> Iterator[Bound]:
        match line.split(maxsplit=1):
            case ["set", rest]:
                name, _, value = rest.partition(" ")
                self.variables[name] = value.strip()
            case ["include", rest]:
                for text in self.included(rest):
                    yield from self.read(text)
            case ["bindsym", rest]:
                found = _BINDING.fullmatch(rest)
                if found:
                    yield Bound(found["keys"], found["command"])

    def _resolved(self, line: str) -> str:
        if line.startswith("set "):
            word, name, *value = line.split(maxsplit=2)
            return " ".join((word, name, *map(self._resolved, value)))
        return _VARIABLE.sub(lambda found: self.variables.get(found[0], found[0]), line)
