"""Addresses for the desktop to open, made of templates and of what strangers wrote. Pure.

Values are escaped here as one component each (RFC 3986, section 2), so that none of them can end its place:
what the user wrote in the settings keeps its meaning, whatever a caller is called.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from bubbled.popup.filling import fill, line
from bubbled.popup.text import one_line
from bubbled.template import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.popup.variable import Values
    from bubbled.template import Template

_RESERVED: Final = "%:/?#[]@!$&'()*+,;=~"
"""What may stand in an address as it is: delimiters, and escapes that are there already."""

_PAGES: Final = frozenset({"http", "https"})
_CALLS: Final = ("tel:", "callto:", "sip:", "sips:")
_LONGEST: Final = 2000
"""Characters of a line of a mail."""

_MAIL_ADDRESS: Final = re.compile(r"[^\s,;:<>()\[\]\"\\@]+@[\w.-]+")


def component(text: str) -> str:
    """Escape a value for a place within an address; nothing in it is a delimiter any more.

    Dots alone would be a step up in a path, also escaped (WHATWG URL, "double-dot path segment"); they go.
    """
    return "" if text in {".", ".."} else quote(text, safe="")


def address(template: Template, values: Values) -> str:
    """Fill in the address that a button opens; "" when what comes out may not be opened.

    A variable alone is a whole address, which must be that of a page: an address book could hold anything.
    """
    if template.alone is not None:
        return page(values.of(template.alone))
    # Only in the address of a phone is the plus of +31 no blank.
    is_call = template.text.lower().startswith(_CALLS)
    return _plain(fill(template, values, lambda text: quote(text, safe="+") if is_call else component(text)))


def page(text: str) -> str:
    """Give the address of a page in the letters that an address may have; "" when it is none.

    One with a user in it is refused: `https://crm.example.com@evil.example` seems to be of another server.
    """
    try:
        parts = urlsplit(text)
        is_page = parts.scheme.lower() in _PAGES and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return _plain(text) if is_page else ""


def mail(recipient: Template, subject: Template, body: Template, values: Values) -> str:
    """Fill in a mail that is to be begun (RFC 6068). A value cannot add recipients, copies or attachments.

    As on the popup, a line of the body whose variables are all empty disappears, and one that says what one
    before it said.
    """
    to = quote(fill(recipient, values, _one_mail_address), safe="@,")
    text = "\r\n".join(_lines(body, values))
    about = quote(one_line(fill(subject, values), _LONGEST), safe="")
    return f"mailto:{to}?subject={about}" + (f"&body={quote(text, safe='')}" if text else "")


def _lines(body: Template, values: Values) -> Iterator[str]:
    before = {""}
    for written in body.text.splitlines():
        filled = line(written, values, _LONGEST)
        if filled not in before or not parse(written).placeholders:
            yield filled
        before.add(filled)


def _one_mail_address(text: str) -> str:
    return text if _MAIL_ADDRESS.fullmatch(text) else ""


def _plain(text: str) -> str:
    return quote(text, safe=_RESERVED)
