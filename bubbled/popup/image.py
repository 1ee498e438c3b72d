"""Picture files that can be shown without harm."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES: Final = 4 * 1024 * 1024
"""Of a file: more than the photograph of a person needs."""

WIDEST: Final = 4096
"""Pixels in each direction: whoever shows it unpacks all of them, 4 bytes each, before it is made small."""


def content(path: Path) -> bytes:
    """Read a picture, PNG, JPEG or GIF, of no more bytes and pixels than these limits; else nothing.

    Other formats do more than hold pixels: an SVG can name other files, and take hours to be drawn.
    """
    try:
        image, _ = read_small_file(path, LARGEST_BYTES)
    except (OSError, ValueError):  # not there, not readable, or no name of a file at all
        return b""
    size = pixels(image)
    return image if size is not None and all(0 < length <= WIDEST for length in size) else b""


def pixels(image: bytes) -> tuple[int, int] | None:
    """Read width and height from the head of a picture; None when it is no PNG, JPEG or GIF."""
    try:
        if image.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(">II", image, 16)
        if image.startswith((b"GIF87a", b"GIF89a")):
            return _pair("<HH", image, 6)
        return _pair(">HH", image, _frame(image))[::-1]  # a JPEG says its height first
    except (struct.error, ValueError):
        return None


def _pair(shape: str, image: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(shape, image, at)
    return first, second


_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The JPEG markers of segments that hold the size; the three others in that range hold tables."""


def _frame(image: bytes) -> int:
    """Find where a JPEG says its size. Raises ValueError or struct.error where it does not."""
    if not image.startswith(b"\xff\xd8"):
        raise ValueError("no JPEG")
    at = 2
    while True:
        sign, marker, length = struct.unpack_from(">BBH", image, at)
        if sign != 0xFF:  # noqa: PLR2004 - every segment begins with it
            raise ValueError("no segment")
        if marker in _FRAMES:
            return at + 5
        at += 2 + length
