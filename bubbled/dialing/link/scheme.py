"""The words of telephone links: which there are, and what can go wrong with them."""

from __future__ import annotations

from enum import StrEnum

from bubbled.error import BubbledError


class Scheme(StrEnum):
    """A kind of link that means a telephone number; `tel` is RFC 3966, `sip` RFC 3261, `callto` a habit."""

    TEL = "tel"
    CALLTO = "callto"
    SIP = "sip"

    @property
    def mime_type(self) -> str:
        """What the desktop calls it where it keeps which program opens what."""
        return f"x-scheme-handler/{self}"


class LinkError(BubbledError):
    """Links cannot be given to bubbled, or taken from it; the text tells the user what to do."""
