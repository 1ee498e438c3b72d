"""What a WebDAV server is asked, as XML. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from bubbled.directory.kinds.carddav.multistatus import CALENDAR_SERVER, CARD, DAV

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACE: Final = (
    f"{DAV}resourcetype",
    f"{DAV}current-user-principal",
    f"{CARD}addressbook-home-set",
    f"{DAV}sync-token",
    f"{CALENDAR_SERVER}getctag",
)
_VERSION: Final = (f"{DAV}getetag", f"{DAV}getcontentlength")
_SHOWN: Final = (
    *("VERSION", "UID", "KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS"),
    *("FN", "N", "ORG", "TITLE", "ROLE", "TEL", "EMAIL", "ADR", "URL", "SOURCE", "NOTE", "CATEGORIES"),
)
"""All of a card that is of use: servers that can leave out the rest do so, photographs first of all."""


def whereabouts() -> bytes:
    """Ask with PROPFIND what a resource is, and whose."""
    return _written(_with_props(ET.Element(f"{DAV}propfind"), _PLACE))


def versions() -> bytes:
    """Ask with PROPFIND for the version of each card."""
    return _written(_with_props(ET.Element(f"{DAV}propfind"), (*_VERSION, f"{DAV}resourcetype")))


def changes(token: str | None) -> bytes:
    """Ask with REPORT what has changed since a token; None: what there is (RFC 6578, section 3.2)."""
    root = ET.Element(f"{DAV}sync-collection")
    ET.SubElement(root, f"{DAV}sync-token").text = token
    ET.SubElement(root, f"{DAV}sync-level").text = "1"
    return _written(_with_props(root, _VERSION))


def cards(hrefs: Iterable[str]) -> bytes:
    """Ask with REPORT for these cards (RFC 6352, section 8.7)."""
    root = _with_props(ET.Element(f"{CARD}addressbook-multiget"), (f"{DAV}getetag",))
    data = ET.SubElement(root[0], f"{CARD}address-data")
    for name in _SHOWN:
        ET.SubElement(data, f"{CARD}prop", name=name)
    for href in hrefs:
        ET.SubElement(root, f"{DAV}href").text = href
    return _written(root)


def _with_props(root: ET.Element, names: Iterable[str]) -> ET.Element:
    prop = ET.SubElement(root, f"{DAV}prop")
    for name in names:
        ET.SubElement(prop, name)
    return root


def _written(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body
