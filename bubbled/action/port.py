"""What can keep an action from being done. Pure."""

from __future__ import annotations

from enum import Enum, auto

from bubbled.error import BubbledError


class Trouble(Enum):
    """Why something was not done, each with a remedy of its own."""

    NO_DESKTOP = auto()
    NO_OPENER = auto()
    """There is no program that finds out who opens an address."""
    NOT_OPENED = auto()
    """It found nobody, or failed; `about` is the kind of address."""
    NO_PROGRAM = auto()
    """`about` is the program that is missing."""
    CANNOT_START = auto()
    """`about` is the program and the reason."""
    PROGRAM_FAILED = auto()
    """`about` is the program and its exit status."""
    NO_CLIPBOARD = auto()
    """The program that writes to the clipboard is missing."""
    NOT_COPIED = auto()
    """`about` is the reason."""
    NOBODY_ASKS = auto()
    """There is no program that asks for a text."""


class ActionError(BubbledError):
    """Something that a button is for was not done.

    Attributes:
        trouble: why.
        about: what the sentence about it needs; see `Trouble`.
    """

    def __init__(self, trouble: Trouble, about: str = "") -> None:
        super().__init__(f"{trouble.name.lower()} {about}".strip())
        self.trouble = trouble
        self.about = about
