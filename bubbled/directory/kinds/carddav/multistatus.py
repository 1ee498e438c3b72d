"""What a WebDAV server answers (RFC 4918, section 13): an XML document of a response for each resource. Pure.

The document comes from outside. Document types are refused at once, before any entity in them is read, so
that nothing of them can grow or reach elsewhere, whichever expat is installed; no WebDAV answer has one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator

DAV: Final = "{DAV:}"
CARD: Final = "{urn:ietf:params:xml:ns:carddav}"
CALENDAR_SERVER: Final = "{http://calendarserver.org/ns/}"

MOST_RESPONSES: Final = 200_000
"""More cards than anybody has."""

OK: Final = 200
_DEEPEST = 32
_MOST_ELEMENTS = 10_000  # of one response, which is in memory as a whole
_LONGEST = 2000  # characters of a path, version or token; of these there can be very many
_PIECE = 64 * 1024  # between two, other threads have their turn
_STATUS = re.compile(r"\s*HTTP/\S+\s+(\d{3})\b")


@dataclass(frozen=True, slots=True)
class Resource:
    """What the server says of one resource; None is what it does not say.

    Attributes:
        href: as the server writes it.
        status: of the resource as a whole: 404 when it is gone.
        is_book: whether it is an address book.
        is_collection: whether it can hold other resources.
        etag: differs whenever the resource does.
        length: of a card, in bytes.
        token: of an address book, for asking later what has changed since (RFC 6578).
        ctag: of an address book, differs whenever something in it does.
        card: the vCard itself.
        principal: where the server describes the user that we are.
        home: where the address books of a user are.
    """

    href: str
    status: int = OK
    is_book: bool = False
    is_collection: bool = False
    etag: str | None = None
    length: int | None = None
    token: str | None = None
    ctag: str | None = None
    card: str | None = None
    principal: str | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Multistatus:
    """The whole answer; `token` is that of a report on changes."""

    resources: tuple[Resource, ...]
    token: str | None = None


def read_multistatus(body: bytes) -> Multistatus:
    """Read an answer.

    Raises:
        DirectoryError: it is something else; its text goes on after the name of the server.
    """
    target = _Target()
    parser = ET.XMLParser(target=target)  # noqa: S314 - document types are refused, see above
    try:
        for start in range(0, len(body), _PIECE):
            parser.feed(body[start : start + _PIECE])
        parser.close()
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise DirectoryError("answers with something that is no WebDAV; is the address right?") from problem
    return Multistatus(tuple(target.resources), target.token)


class _Target(ET.TreeBuilder):
    """Takes each response apart as soon as it is whole, and forgets it: answers can be large."""

    def __init__(self) -> None:
        super().__init__()
        self.resources: list[Resource] = []
        self.token: str | None = None
        self._open: list[ET.Element] = []
        self._elements = 0

    def doctype(self, *_: Any) -> None:
        raise ValueError("a document type")

    def start(self, tag: Any, attrs: Any, /) -> ET.Element:
        if len(self._open) >= _DEEPEST or (not self._open and tag != f"{DAV}multistatus"):
            raise ValueError("not the document that was asked for")
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise ValueError("endless")
        self._open.append(super().start(tag, attrs))
        return self._open[-1]

    def end(self, tag: Any, /) -> ET.Element:
        element = super().end(tag)
        self._open.pop()
        if len(self._open) == 1:
            self._take(element)
            self._elements = 0
            self._open[0].remove(element)
        return element

    def _take(self, element: ET.Element) -> None:
        if element.tag == f"{DAV}response":
            self.resources.extend(_resources(element))
        elif element.tag == f"{DAV}sync-token":
            self.token = _text(element)
        if len(self.resources) > MOST_RESPONSES:
            raise ValueError("endless")


def _resources(response: ET.Element) -> Iterator[Resource]:
    """One, or one for each of several hrefs that share a status."""
    hrefs = [text for href in response.findall(f"{DAV}href") if (text := _text(href))]
    status = _status(response)
    if status != OK:
        yield from (Resource(href, status) for href in hrefs)
        return
    props = {
        prop.tag: prop
        for propstat in response.findall(f"{DAV}propstat")
        if _status(propstat) == OK
        for prop in propstat.findall(f"{DAV}prop/*")
    }
    for href in hrefs[:1]:
        yield _resource(href, props)


def _resource(href: str, props: dict[str, ET.Element]) -> Resource:
    kinds = [kind.tag for kind in props.get(f"{DAV}resourcetype", ())]
    length = _text(props.get(f"{DAV}getcontentlength")) or ""
    return Resource(
        href,
        is_book=f"{CARD}addressbook" in kinds,
        is_collection=f"{DAV}collection" in kinds,
        etag=_text(props.get(f"{DAV}getetag")),
        length=int(length) if length.isascii() and length.isdecimal() and len(length) < 16 else None,  # noqa: PLR2004 - no card is larger
        token=_text(props.get(f"{DAV}sync-token")),
        ctag=_text(props.get(f"{CALENDAR_SERVER}getctag")),
        card=_whole_text(props.get(f"{CARD}address-data")),
        principal=_href_in(props.get(f"{DAV}current-user-principal")),
        home=_href_in(props.get(f"{CARD}addressbook-home-set")),
    )


def _status(element: ET.Element) -> int:
    found = _STATUS.match(element.findtext(f"{DAV}status", ""))
    return int(found[1]) if found else OK


def _text(element: ET.Element | None) -> str | None:
    text = _whole_text(element)
    return None if text is None or len(text) > _LONGEST else text


def _whole_text(element: ET.Element | None) -> str | None:
    return None if element is None else (element.text or "").strip() or None


def _href_in(element: ET.Element | None) -> str | None:
    return None if element is None else _text(element.find(f"{DAV}href"))
