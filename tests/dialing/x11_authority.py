"""Xauthority files, as libXau writes them (xau.h)."""

from __future__ import annotations

INTERNET, INTERNET_6, LOCAL, WILD = 0, 6, 256, 65_535
COOKIE = b"MIT-MAGIC-COOKIE-1"


def entry(family: int, address: bytes, number: bytes, cookie: bytes, scheme: bytes = COOKIE) -> bytes:
    """One entry; an empty number stands for every display."""
    fields = (address, number, scheme, cookie)
    return family.to_bytes(2) + b"".join(len(field).to_bytes(2) + field for field in fields)
