"""Pictures that a notification server can be trusted with."""

from __future__ import annotations

import asyncio
import re
import struct
from pathlib import Path
from typing import Final

from bubbled.settings.small_file import read_small_file

PATIENCE_S: Final = 0.1
"""How long a popup waits for its picture; a network share may hang."""

LARGEST_BYTES: Final = 4 * 1024 * 1024
"""Of a file: more than the photograph of a person needs."""

WIDEST: Final = 4096
"""Pixels in each direction: servers unpack all of them, 4 bytes each, before they make it small."""

_ICON_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")


async def usable(picture: str) -> str:
    """Give a card's picture, an absolute path or the name of an icon, if servers can show it; else nothing.

    A picture is no reason to go without popup.
    """
    if not picture.startswith("/"):
        return picture if _ICON_NAME.fullmatch(picture) else ""
    path = Path(picture)
    try:
        async with asyncio.timeout(PATIENCE_S):
            fits = await asyncio.to_thread(is_fit, path)
    except TimeoutError:
        return ""
    return picture if fits else ""


def is_fit(path: Path) -> bool:
    """Whether the file is a picture, PNG, JPEG or GIF, of no more bytes and pixels than these limits."""
    try:
        content, _ = read_small_file(path, LARGEST_BYTES)
    except (OSError, ValueError):  # not there, not readable, or no name of a file at all
        return False
    size = pixels(content)
    return size is not None and all(0 < length <= WIDEST for length in size)


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
