"""The Exec key of a .desktop file: how it writes a command (Desktop Entry Specification 1.5). Pure."""

from __future__ import annotations

import re
from typing import Final

# What makes a word need quotes, and what is escaped within them.
_RESERVED: Final = re.compile(r"""[\s"'\\><~|&;$*?#()`]""")
_ESCAPED: Final = re.compile(r'(["`$\\])')


def quoted(word: str) -> str:
    """Write a word of a command, so that desktops read it as it is.

    They cannot read one that has "%", "=" or what does not print; whoever writes it keeps those out.
    """
    if not _RESERVED.search(word):
        return word
    inside = _ESCAPED.sub(r"\\\1", word)
    # Once more, because every value of the file is read before the quotes are.
    return '"{}"'.format(inside.replace("\\", "\\\\"))
