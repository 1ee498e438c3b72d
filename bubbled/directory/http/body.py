"""The body of an answer, unpacked, and never more of it than is good for us. Pure."""

from __future__ import annotations

import zlib
from typing import Final

from bubbled.error import DirectoryError

LARGEST_BYTES: Final = 2 * 1024 * 1024
"""Of an answer, packed or unpacked. A page of 200 contacts has some 300 KB."""

LARGEST_LIST_BYTES: Final = 16 * 1024 * 1024
"""The same where a server lists a whole address book: some 300 bytes for each of 50,000 cards."""

_GZIP = 16 + zlib.MAX_WBITS
_MOST_MEMBERS = 16  # RFC 1952, 2.2: one after the other; servers send one


def plain(packed: bytes, encoding: str | None, host: str, most_bytes: int = LARGEST_BYTES) -> bytes:
    """What the server packed for the way (`Content-Encoding`).

    Raises:
        DirectoryError: it is damaged, in a form that we did not ask for, or larger than `most_bytes`.
    """
    if encoding is None or encoding.strip().lower() == "identity" or not packed:
        return packed
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        raise DirectoryError(
            f"{host} packs its answer in a way that bubbled did not ask for and cannot read: "
            "is there a proxy between, or is the address wrong?"
        )
    try:
        body = _unpacked(packed, most_bytes + 1)
    except zlib.error:
        raise DirectoryError(f"{host} sent a damaged answer: try again") from None
    if len(body) > most_bytes:
        raise too_large(host, most_bytes)
    return body


def _unpacked(packed: bytes, most_bytes: int) -> bytes:
    """At most so many bytes of what `packed` holds.

    Not by `gzip`, which goes through headers and padding byte by byte: an answer of nothing else would keep
    it, and everybody else, busy for half a second.
    """
    body, rest = b"", packed
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(wbits=_GZIP)
        body += member.decompress(rest, most_bytes - len(body))
        if len(body) == most_bytes:
            return body
        if not member.eof:
            break
        rest = member.unused_data.lstrip(b"\0")
        if not rest:
            return body
    raise zlib.error("cut off, or in too many pieces")


def too_large(host: str, most_bytes: int) -> DirectoryError:
    """For an answer that is given up."""
    return DirectoryError(
        f"{host} answers with more than {most_bytes // 1024**2} MB, which is not read: "
        "is it the right address, and does the question ask for few contacts?"
    )
