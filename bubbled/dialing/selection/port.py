"""What reads the text that the user has selected: the port."""

from __future__ import annotations

from typing import Final, Protocol

from bubbled.error import BubbledError

LARGEST_BYTES: Final = 65_536
"""Of a selection as it is read; more is no number, and is not waited for."""

PATIENCE_S: Final = 1.0
"""How long a program may take to hand over what is selected in it."""


def _(text: str) -> str:
    """Mark a text for the translators, who find it here: a popup says it in the user's language."""
    return text


NO_DESKTOP: Final = _(
    "bubbled finds no desktop, so it cannot read what is selected; start it within your desktop session, "
    "or name the number: `bubbled dial 0201234567`."
)
NO_DISPLAY: Final = _(
    "The Wayland desktop cannot be reached, so nothing that is selected can be dialled; "
    "run bubbled within your desktop session."
)
NO_PROGRAM: Final = _(
    "What is selected cannot be read because the program wl-paste is missing; install wl-clipboard."
)
NO_PRIMARY: Final = _(
    "This desktop does not tell what is selected, so it cannot be dialled; use `bubbled dial NUMBER` instead."
)
SILENT: Final = _(
    "The program in which the number is selected does not answer, so nothing is dialled; "
    "try again when it does."
)


class SelectionError(BubbledError):
    """The selection cannot be read; the text tells the user what to do."""


class Selection(Protocol):
    """Reads what is selected now, on one display. It never changes it, and never presses keys."""

    async def read(self) -> str:
        """Give the selected text, "" when nothing is selected; of a very long one only the beginning.

        Takes at most `PATIENCE_S` and a little; undecodable bytes become U+FFFD. What is longer than
        `LARGEST_BYTES` is cut there, so that it can be seen to be too long.

        Raises:
            SelectionError: there is no display, or the program that holds the selection does not answer.
        """

    async def aclose(self) -> None:
        """Let go of the display."""
