"""Strings and lists of them as `gsettings` writes and reads them: the text format of GVariant. Pure."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_EMPTY_LIST = "@as []"


def strings_in(text: str) -> tuple[str, ...]:
    """Read a string or a list of strings; any other value holds none.

    Its quotes and escapes are those of Python, of which it uses a part.
    """
    bare = text.strip()
    if not bare.startswith(("'", '"', "[")):
        return ()
    try:
        value = ast.literal_eval(bare)
    except (ValueError, SyntaxError):  # a list of anything else
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str))


def written(value: str | Iterable[str]) -> str:
    """Write a string, or a list of strings; they must print."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return f"[{', '.join(map(written, value))}]" if value else _EMPTY_LIST
