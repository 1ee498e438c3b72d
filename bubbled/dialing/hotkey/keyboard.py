"""Which keycodes and modifiers of an X keyboard make a keystroke. Pure.

X Window System Protocol, section 5 (Keyboards), and keysymdef.h.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_
from typing import TYPE_CHECKING, Final

from Xlib import X
from Xlib.keysymdef import miscellany

from bubbled.keystroke import Modifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bubbled.keystroke import Keystroke

_FIXED: Final[Mapping[Modifier, int]] = {Modifier.CTRL: X.ControlMask, Modifier.SHIFT: X.ShiftMask}

# Which of Mod1 to Mod5 these are is told by the keys that hold them; the first that is found counts.
_BY_KEY: Final[Mapping[Modifier, tuple[int, ...]]] = {
    Modifier.ALT: (miscellany.XK_Alt_L, miscellany.XK_Alt_R, miscellany.XK_Meta_L, miscellany.XK_Meta_R),
    Modifier.SUPER: (miscellany.XK_Super_L, miscellany.XK_Super_R),
}
_LOCKS: Final[tuple[int, ...]] = (miscellany.XK_Num_Lock, miscellany.XK_Scroll_Lock)

_FIRST_MOVABLE: Final = 3
"""Of the eight modifiers: the first three are Shift, Lock and Control on every keyboard."""


@dataclass(frozen=True, slots=True, order=True)
class Grab:
    """A key with exactly these modifiers held, as a server grabs it.

    Attributes:
        modifiers: a sum of masks: Shift 1, Lock 2, Control 4, Mod1 8 ... Mod5 128.
    """

    keycode: int
    modifiers: int


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What an X server tells of its keys.

    Attributes:
        keysyms: what each keycode means; the first is what it means without Shift.
        modifiers: for each of the eight modifiers, the keycodes that hold it; 0 is none.
    """

    keysyms: Mapping[int, Sequence[int]]
    modifiers: Sequence[Sequence[int]]

    def grabs(self, keystroke: Keystroke) -> frozenset[Grab]:
        """Find all that must be grabbed for one keystroke, whichever locks are on.

        Returns:
            nothing when the keyboard has no such key, or no such modifier.
        """
        held = [self._mask(modifier) for modifier in keystroke.modifiers]
        if not all(held):
            return frozenset()
        mask = reduce(or_, held, 0)
        return frozenset(
            Grab(keycode, mask | locks)
            for keycode in self._keycodes(_keysym(keystroke.key))
            for locks in self._locks(mask)
        )

    def _keycodes(self, keysym: int) -> list[int]:
        plain = [code for code, meanings in self.keysyms.items() if list(meanings[:1]) == [keysym]]
        # A French keyboard has its digits above Shift; Ctrl+Alt+1 is pressed there without it all the same.
        return plain or [code for code, meanings in self.keysyms.items() if keysym in meanings]

    def _mask(self, modifier: Modifier) -> int:
        return _FIXED.get(modifier) or next(self._masks(_BY_KEY[modifier]), 0)

    def _masks(self, keysyms: Sequence[int]) -> Iterator[int]:
        for keysym in keysyms:
            for index, keycodes in enumerate(self.modifiers):
                holds = (keysym in self.keysyms.get(code, ()) for code in keycodes if code)
                if index >= _FIRST_MOVABLE and any(holds):
                    yield 1 << index

    def _locks(self, mask: int) -> list[int]:
        """Every sum of the locks that may be on, beside what must be held."""
        locks = sorted({X.LockMask, *self._masks(_LOCKS)} - set(_bits(mask)))
        return [sum(some) for count in range(len(locks) + 1) for some in combinations(locks, count)]


def _bits(mask: int) -> Iterator[int]:
    return (1 << index for index in range(8) if mask >> index & 1)


def _keysym(key: str) -> int:
    """The number of a key that `bubbled.keystroke` allows: Latin letters and digits are their own."""
    number: int = ord(key) if len(key) == 1 else getattr(miscellany, f"XK_{key}")
    return number
