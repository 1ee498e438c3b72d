"""A few lines of ours in a file of the user's, between marks by which they are found again. Pure.

Everywhere, `comment` is what begins a comment in that file, and ValueError means that somebody has changed
the marks, so that nobody knows which lines are ours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGIN: Final = "bubbled: a key that calls the selected number; `bubbled hotkey remove` takes this out"
END: Final = "bubbled: end"


def block_in(text: str, comment: str = "#") -> tuple[str, ...] | None:
    """Give the lines of ours; None when there are none."""
    found = _found(text, comment)
    return None if found is None else tuple(found["lines"].splitlines())


def with_block(text: str, lines: Iterable[str], comment: str = "#") -> str:
    """Give the text with these lines of ours: where they were before, else at its end."""
    found = _found(text, comment)
    line_end = found["line_end"] if found else "\r\n" if "\r\n" in text else "\n"
    block = line_end.join((f"{comment} {BEGIN}", *lines, f"{comment} {END}"))
    if found:
        return text[: found.start()] + block + text[found.end() :]
    if not text or text.endswith("\n"):
        return text + block + line_end
    return text + line_end + block  # which leaves it without a last line end, as it was


def without_block(text: str, comment: str = "#") -> str:
    """Give the text as it was before lines of ours came in."""
    found = _found(text, comment)
    if found is None:
        return text
    before, after = text[: found.start()], text[found.end() :]
    if after:
        return before + after.removeprefix(found["line_end"])
    return before.removesuffix(found["line_end"])


def _found(text: str, comment: str) -> re.Match[str] | None:
    begin, end = (re.escape(f"{comment} {mark}") for mark in (BEGIN, END))
    line_end = r"(?=\r?\n|\Z)"
    marks = len(re.findall(rf"^(?:{begin}|{end}){line_end}", text, re.MULTILINE))
    block = rf"^{begin}(?P<line_end>\r?\n)(?P<lines>.*?)^{end}{line_end}"
    found = re.search(block, text, re.MULTILINE | re.DOTALL)
    if marks and (found is None or marks != 2):  # noqa: PLR2004 - a beginning and an end
        raise ValueError("its lines of bubbled have been changed")
    return found
