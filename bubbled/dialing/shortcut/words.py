"""Commands as the desktops' settings write them. Pure."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from bubbled.dialing.exec_key import quoted
from bubbled.dialing.shortcut.port import ShortcutError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN: Final = re.compile(r"[\w/.+@: -]+")
"""What is in the usual paths. Anything else means something in one of the languages that a desktop speaks."""

_DIALS: Final = re.compile(r"\bbubbled\b.*\bdial\s+--selection\b")


def shell_line(command: Sequence[str]) -> str:
    """Write a command as one line for a shell, or for a desktop that reads it by the same rules.

    Raises:
        ShortcutError: it has a character that some desktop would not take as it is.
    """
    return shlex.join(_checked(command))


def exec_line(command: Sequence[str]) -> str:
    """Write it as the Exec key of a .desktop file; raises as `shell_line`."""
    return " ".join(map(quoted, _checked(command)))


def dials(line: str) -> bool:
    """Tell whether a command line of the user's own makes bubbled dial what is selected."""
    return bool(_DIALS.search(line))


def _checked(command: Sequence[str]) -> Sequence[str]:
    for word in command:
        if not _PLAIN.fullmatch(word):
            raise ShortcutError(
                f"No shortcut can be set up for {word!r}, because a desktop would misread that name; "
                "link bubbled into a folder with a plain name, such as ~/.local/bin, and run it from there."
            )
    return command
