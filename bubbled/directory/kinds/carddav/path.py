"""Where resources are on one server. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_CARDS: Final = 100
"""In one question."""

LARGEST_CARD: Final = 1_000_000
"""Bytes; a larger one holds a photograph in a size that no address book shows."""

_MOST_BYTES = 1_000_000  # of the cards in one answer
_USUAL_BYTES = 10_000  # of a card whose size is not told
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~@+-][A-Za-z0-9._~@+-]*)+/?")  # nearly all: nothing to quote or resolve
_UNQUOTED = "-._~!$&'()*+,;=:@"  # RFC 3986: what may stand in a path as it is


def path_of(href: str, url: str) -> str | None:
    """The path of a resource, always written in the same way; None when it is on another host.

    Args:
        href: as the server wrote it: a path, or a whole address.
        url: where it was asked.
    """
    if _PLAIN.fullmatch(href):
        return href
    try:
        target, base = urlsplit(urljoin(url, href)), urlsplit(url)
        if target.hostname != base.hostname:
            return None
    except ValueError:
        return None
    segments = (quote(unquote(segment), safe=_UNQUOTED) for segment in target.path.split("/"))
    return "/".join(segments) or "/"


def host_of(href: str) -> str:
    """The host in an address, for the eye."""
    try:
        return urlsplit(href).hostname or "?"
    except ValueError:
        return "?"


def batches(lengths: Mapping[str, int | None]) -> Iterator[list[str]]:
    """The cards in portions whose answers stay small; those that are too large are left out."""
    batch: list[str] = []
    size = 0
    for path, length in lengths.items():
        known = _USUAL_BYTES if length is None else length
        if known > LARGEST_CARD:
            continue
        if batch and (len(batch) >= MOST_CARDS or size + known > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += known
    if batch:
        yield batch
