"""The icons as pixels, for desktops that do not look into the folder of the icons."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.tray.icon import Icon

ICONS: Final = Path(__file__).parent / "icons"
"""A folder as the Icon Theme Specification wants it, with what `scripts/icons` drew."""

SIZES: Final = (16, 22, 24, 32, 48)
_HEAD: Final = struct.calcsize(">8sI4s")
"""Bytes before the fields of the first chunk of a PNG: the signature, and the length and kind of that."""

Pixmap = tuple[int, int, bytes]
"""Width, height, and ARGB32 in network byte order (StatusNotifierItem, "Icons")."""


@cache
def pixmaps(icon: Icon) -> Sequence[Pixmap]:
    """Read an icon in all sizes; empty when its files cannot be read, which costs only the picture."""
    try:
        return [_pixmap(ICONS / "hicolor" / f"{size}x{size}" / "apps" / f"{icon}.png") for size in SIZES]
    except OSError:
        return []


def _pixmap(file: Path) -> Pixmap:
    """Read a PNG of the kind that `scripts/icons` writes: RGBA, one chunk of pixels, no filters."""
    data = file.read_bytes()
    width, height = struct.unpack_from(">II", data, _HEAD)
    at = data.index(b"IDAT")
    (length,) = struct.unpack_from(">I", data, at - 4)
    rows = zlib.decompress(data[at + 4 : at + 4 + length])
    stride = 1 + 4 * width
    rgba = b"".join(rows[stride * y + 1 : stride * (y + 1)] for y in range(height))
    argb = bytearray(len(rgba))
    for channel, source in enumerate((3, 0, 1, 2)):
        argb[channel::4] = rgba[source::4]
    return width, height, bytes(argb)
