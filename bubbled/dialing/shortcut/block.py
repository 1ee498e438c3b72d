"""A few lines of ours in a file of the user's, between marks by which they are found again. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGIN: Final = "# bubbled: a key that calls the selected number; `bubbled hotkey remove` takes this out"
END: Final = "# bubbled: end"

_LINE_END: Final = r"(?=\r?\n|\Z)"
_MARK: Final = re.compile(rf"^(?:{re.escape(BEGIN)}|{re.escape(END)}){_LINE_END}", re.MULTILINE)
_BLOCK: Final = re.compile(
    rf"^{re.escape(BEGIN)}(?P<line_end>\r?\n)(?P<lines>.*?)^{re.escape(END)}{_LINE_END}",
    re.MULTILINE | re.DOTALL,
)


def block_in(text: str) -> tuple[str, ...] | None:
    """Give the lines of ours; None when there are none.

    Raises:
        ValueError: somebody has changed the marks, so that nobody knows which lines are ours.
    """
    found = _found(text)
    return None if found is None else tuple(found["lines"].splitlines())


def with_block(text: str, lines: Iterable[str]) -> str:
    """Give the text with these lines of ours: where they were before, else at its end.

    Raises:
        ValueError: see `block_in`.
    """
    found = _found(text)
    line_end = found["line_end"] if found else "\r\n" if "\r\n" in text else "\n"
    block = line_end.join((BEGIN, *lines, END))
    if found:
        return text[: found.start()] + block + text[found.end() :]
    if not text or text.endswith("\n"):
        return text + block + line_end
    return text + line_end + block  # which leaves it without a last line end, as it was


def without_block(text: str) -> str:
    """Give the text as it was before lines of ours came in.

    Raises:
        ValueError: see `block_in`.
    """
    found = _found(text)
    if found is None:
        return text
    before, after = text[: found.start()], text[found.end() :]
    if after:
        return before + after.removeprefix(found["line_end"])
    return before.removesuffix(found["line_end"])


def _found(text: str) -> re.Match[str] | None:
    marks = len(_MARK.findall(text))
    found = _BLOCK.search(text)
    if marks and (found is None or marks != 2):  # noqa: PLR2004 - a beginning and an end
        raise ValueError("its lines of bubbled have been changed")
    return found
