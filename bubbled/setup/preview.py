"""What would be written, to look at first: no secret is in it, neither a new one nor one that goes."""

from __future__ import annotations

import difflib
import re
from typing import Final

from bubbled.settings.blanking import blanked

_SECRET: Final = re.compile("«secret-[0-9]+»")
_HEADINGS: Final = 2
"""Lines of a unified diff that name the files."""


def preview(now: str | None, then: str) -> str:
    """Give the whole text where there is none now, else the lines that go (-) and that come (+)."""
    if now is None:
        return _harmless(then)
    before, after = _harmless(now).splitlines(), _harmless(then).splitlines()
    lines = list(difflib.unified_diff(before, after, lineterm="", n=0))[_HEADINGS:]
    return "\n".join(line for line in lines if not line.startswith("@@")) or "Nothing changes."


def _harmless(text: str) -> str:
    return _SECRET.sub("•••", blanked(text)[0])
