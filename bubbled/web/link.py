"""Addresses that others have written, as links of a page. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset({"http", "https"})


def web_link(url: str | None) -> str | None:
    """Give an address on the web; None for one that would do something else, as `javascript:` does."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in _SCHEMES and parts.netloc else None
