"""Lines of text files whose encoding nobody knows, broken places included."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_LINE: Final = 1_000_000
"""Characters after which a line is cut in two, so that a file without line ends does not fill the memory."""

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
_LINES_PER_STEP = 1000


def lines(file: BinaryIO, size: int, progress: Callable[[float], None]) -> Iterator[str]:
    """The lines with their ends, which may be LF, CRLF or CR.

    Each line is UTF-8 where it can be, else Windows-1252, because one odd line must not spoil the others.
    UTF-16 and UTF-32 are known by their byte order mark, UTF-16 also by its NUL bytes. What is
    no text becomes U+FFFD.

    Args:
        file: at its beginning; it is closed in the end.
        size: in bytes.
        progress: is told every now and then which share has been read.
    """
    encoding = _wide_encoding(file)
    number = 0
    with io.TextIOWrapper(file, encoding or "latin-1", errors="replace", newline="") as wrapped:
        while line := wrapped.readline(LONGEST_LINE):
            text = line if encoding or line.isascii() else _narrow(line)
            yield text if number else text.removeprefix("\ufeff")
            number += 1
            if number % _LINES_PER_STEP == 0 and size:
                progress(min(file.tell() / size, 1.0))


def _wide_encoding(file: BinaryIO) -> str | None:
    head = file.read(_SAMPLE)
    file.seek(0)
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return encoding
    return _by_nul_bytes(head)


def _by_nul_bytes(head: bytes) -> str | None:
    """Latin letters in UTF-16 have a NUL as every second byte."""
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.7 and head[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if half and head[::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _narrow(line: str) -> str:
    """A line that was read as Latin-1, which keeps every byte, read as what it is."""
    data = line.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
