"""Which requests our own pages make, as their headers tell. Pure.

A page of somebody else in the same browser can send requests to us, too; and a name of its own that leads to
127.0.0.1 (DNS rebinding) would even let it read the answers. So a request must name us by our address, and
say that it comes from ourselves (Fetch Metadata, https://www.w3.org/TR/fetch-metadata/; the Fetch Standard
on `Origin`).
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers then send forms of our own pages with "Origin: null" (Fetch, section 3.2).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""What goes with every answer: nothing of a page comes from elsewhere, runs in line, is framed or is kept."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})

_OWN_SITES: Final = frozenset({"same-origin", "none"})
"""What browsers say of a request by our page, and of one that the user made himself."""


def objection(method: str, target: str, headers: Mapping[str, str], address: str) -> str | None:
    """Say why a request is not one of our own pages; None when it may be.

    Args:
        method: of the request.
        target: as it was sent: a path, or what only a proxy is asked for (RFC 9112, section 3.2).
        headers: of the request, by name whatever its case.
        address: ours, as `127.0.0.1:41231`.
    """
    if not target.startswith("/"):
        return "it is meant for a proxy"
    if headers.get("Host", "") != address:
        return "it does not name this computer by its address"
    if headers.get("Sec-Fetch-Site", "none") not in _OWN_SITES:
        return "it comes from another page"
    if headers.get("Origin", f"http://{address}") != f"http://{address}":
        return "it comes from a page of another origin"
    if method not in SAFE_METHODS and "Origin" not in headers and "Sec-Fetch-Site" not in headers:
        return "it does not say from which page it comes"
    return None


def is_ours(sent: str, csrf: str) -> bool:
    """Whether a form brought along what only our own pages know."""
    return hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), csrf.encode())
