"""What would be written, to look at first: no secret is in it, neither a new one nor one that goes."""

from __future__ import annotations

import difflib
import re
from typing import Final

from bubbled.settings.blanking import blanked

_SECRET: Final = re.compile("«secret-[0-9]+»")


def preview(now: str | None, then: str) -> str:
    """Give the whole text where there is none now, else the lines that change."""
    if now is None:
        return _harmless(then)
    before, after = _harmless(now).splitlines(), _harmless(then).splitlines()
    lines = difflib.unified_diff(before, after, "as it is", "as it would be", lineterm="", n=0)
    return "\n".join(lines) or "Nothing changes."


def _harmless(text: str) -> str:
    return _SECRET.sub("•••", blanked(text)[0])
