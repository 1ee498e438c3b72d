"""The shortcut that the desktop itself keeps, where bubbled cannot have a key: the port."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bubbled.error import BubbledError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.keystroke import Keystroke


class ShortcutError(BubbledError):
    """The desktop's shortcut cannot be read or changed; all is as before, and the text says what to do."""


class KeyTakenError(ShortcutError):
    """The key does something else on this desktop; whoever gave it that decides, not bubbled."""

    def __init__(self, keystroke: Keystroke, by: str) -> None:
        super().__init__(
            f"{keystroke} is taken by {by}, so nothing was changed; "
            "free it there, or choose another key with --key."
        )


@dataclass(frozen=True, slots=True)
class Binding:
    """A key of the desktop that dials what is selected.

    Attributes:
        key: as the desktop writes it.
        command: the command line that it runs, as the desktop writes it.
        ours: whether bubbled set it up; else the user did, and bubbled leaves it alone.
    """

    key: str
    command: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What would be changed, for the user to consent to; nothing is before it is made.

    Attributes:
        lines: what is changed and where; empty when all is as it should be.
        make: makes it, once. Raises ShortcutError when it cannot be made; then all is as before.
    """

    lines: tuple[str, ...]
    make: Callable[[], None]


NO_CHANGE = Change((), lambda: None)


class Shortcut(Protocol):
    """Binds a key of one kind of desktop to a command, in the settings of the user. Everything may block."""

    @property
    def name(self) -> str:
        """What users call the desktop."""

    def state(self) -> Binding | None:
        """Tell which key dials now; None for none.

        Raises:
            ShortcutError: it cannot be told.
        """

    def install(self, keystroke: Keystroke, command: tuple[str, ...]) -> Change:
        """Plan to have this key run this command, which is a program with its arguments.

        Raises:
            ShortcutError: the key is taken by something else, or it cannot be done.
        """

    def remove(self) -> Change:
        """Plan to take out what `install` put in, and nothing else.

        Raises:
            ShortcutError: it cannot be done.
        """
