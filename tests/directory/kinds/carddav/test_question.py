from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bubbled.directory.kinds.carddav.question import cards, changes, versions, whereabouts

DAV, CARD = "{DAV:}", "{urn:ietf:params:xml:ns:carddav}"


def read(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - our own


def test_a_first_report_asks_with_an_empty_token() -> None:
    root = read(changes(None))
    assert root.tag == f"{DAV}sync-collection"
    assert (root.findtext(f"{DAV}sync-token"), root.findtext(f"{DAV}sync-level")) == ("", "1")
    assert [prop.tag for prop in root.findall(f"{DAV}prop/*")] == [f"{DAV}getetag", f"{DAV}getcontentlength"]


@pytest.mark.parametrize("text", ["http://x/1", "</d:sync-token><evil/>", "&lt;\"'", "ü"])
def test_what_a_server_wrote_comes_back_to_it_literally(text: str) -> None:
    assert read(changes(text)).findtext(f"{DAV}sync-token") == text
    assert [href.text for href in read(cards([text, "/b"])).findall(f"{DAV}href")] == [text, "/b"]


def test_of_cards_all_is_asked_that_is_of_use_and_no_photograph() -> None:
    names = [
        prop.get("name") for prop in read(cards(["/a"])).findall(f"{DAV}prop/{CARD}address-data/{CARD}prop")
    ]
    assert {"FN", "TEL", "ORG", "KIND"} < set(names)
    assert "PHOTO" not in names


def test_places_are_asked_for_all_that_leads_to_address_books() -> None:
    asked = {prop.tag for prop in read(whereabouts()).findall(f"{DAV}prop/*")}
    assert {f"{DAV}current-user-principal", f"{CARD}addressbook-home-set", f"{DAV}sync-token"} < asked
    assert read(versions()).find(f"{DAV}prop/{DAV}getetag") is not None
