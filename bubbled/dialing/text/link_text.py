"""The number within a `tel:`, `callto:` or `sip:` link. Pure.

RFC 3966 says what a tel: link is, RFC 3261 (19.1) what a sip: link is; callto: was never written down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from bubbled.dialing.text.plain_text import plain

_LINK = re.compile(r"(?P<scheme>tel|callto|sips?):(?://)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
# A bracket that closes ends it, as in Markdown, unless more of a number follows: `tel:+31(20)1234567`.
_LINK_IN_TEXT = re.compile(r"\b(?:tel|callto|sips?):(?![\s:])(?:[^\s\"'<>)]|\)(?=[\d.(-]))+", re.IGNORECASE)
_CONTEXT = re.compile(r"(?:^|;)\s*phone-context=(\+[\d.()-]*\d)", re.IGNORECASE)
_END = re.compile(r"[;?&]|\+type=")
_SIP_USER_ALONE = re.compile(r"[+*#]?[\d*#-]+")


@dataclass(frozen=True, slots=True)
class LinkedNumber:
    """What a link asks to call, as plain text that anybody may have written.

    Attributes:
        number: as the link writes it, perhaps with separators and pauses; "" when there is none.
        context: the beginning of an international number, `+3120`, that belongs before `number`, if any.
    """

    number: str
    context: str | None = None


def linked(text: str) -> LinkedNumber | None:
    """Read a text that is one link; None when it is none."""
    link = _LINK.fullmatch(text.strip())
    if link is None:
        return None
    rest = link["rest"]
    return _sip(rest) if link["scheme"].lower().startswith("sip") else _tel(rest)


def is_other_link(text: str) -> bool:
    """Whether it is a link of a kind that calls nobody, such as `javascript:`, or one in disguise."""
    return linked(text) is None and ":" in text


def unlinked(text: str) -> str:
    """Put numbers where links to them are in a text: in the source of a page, in the `From` of a SIP call."""
    return _LINK_IN_TEXT.sub(_written_out, text)


def _written_out(link: re.Match[str]) -> str:
    number = linked(link[0])
    return f" {number.context or ''}{number.number} " if number else " "


def _tel(rest: str) -> LinkedNumber:
    context = _CONTEXT.search(unquote(rest.partition(";")[2]))
    number = _decoded(rest)
    return LinkedNumber(number, context[1] if context and not number.startswith("+") else None)


def _sip(rest: str) -> LinkedNumber:
    user, at, _ = rest.partition("@")
    user = user.partition(":")[0]  # a password
    if not at and not _SIP_USER_ALONE.fullmatch(_decoded(user)):
        return LinkedNumber("")  # nothing but a host
    return LinkedNumber(_decoded(user))


def _decoded(escaped: str) -> str:
    # First the end, then the escapes: an escaped `;` belongs to the number.
    return plain(unquote(_END.split(escaped, maxsplit=1)[0]))
