from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.carddav.multistatus import Resource, read_multistatus
from bubbled.error import DirectoryError
from tests.directory.kinds.carddav.scripted import (
    BOOK,
    card,
    etag,
    home,
    multistatus,
    principal,
    resource,
    token,
)


def test_what_is_told_of_each_resource_is_read() -> None:
    body = multistatus(
        resource("/b/", BOOK, token("t1"), principal("/p/"), home("/h/"), "<cs:getctag>c1</cs:getctag>"),
        resource("/b/jan.vcf", etag('"e1"'), "<d:getcontentlength>120</d:getcontentlength>"),
        resource("/b/gone.vcf", status="404 Not Found"),
        token="t2",
    ).body
    answer = read_multistatus(body)
    assert answer.token == "t2"
    assert answer.resources == (
        Resource("/b/", is_book=True, is_collection=True, token="t1", ctag="c1", principal="/p/", home="/h/"),
        Resource("/b/jan.vcf", etag='"e1"', length=120),
        Resource("/b/gone.vcf", 404),
    )


def test_properties_that_a_resource_lacks_are_not_taken_for_empty_ones() -> None:
    lacking = (
        "<d:response><d:href>/b/</d:href>"
        "<d:propstat><d:prop><d:getetag>e</d:getetag></d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
        "<d:propstat><d:prop><d:sync-token>no</d:sync-token></d:prop>"
        "<d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>"
    )
    assert read_multistatus(multistatus(lacking).body).resources == (Resource("/b/", etag="e"),)


def test_several_resources_may_share_a_status() -> None:
    hrefs = "<d:href>/a</d:href><d:href>/b</d:href>"
    shared = f"<d:response>{hrefs}<d:status>HTTP/1.1 404 Gone</d:status></d:response>"
    answer = read_multistatus(multistatus(shared).body)
    assert [(each.href, each.status) for each in answer.resources] == [("/a", 404), ("/b", 404)]


def test_the_lines_of_a_card_stay() -> None:
    (read,) = read_multistatus(multistatus(resource("/b/1", card("Jan &amp; Kees", "102"))).body).resources
    assert read.card == "BEGIN:VCARD\nVERSION:3.0\nFN:Jan & Kees\nTEL:102\nEND:VCARD"


def test_a_response_without_end_does_not_fill_the_memory() -> None:
    with pytest.raises(DirectoryError, match="no WebDAV"):
        read_multistatus(multistatus(resource("/b/1", "<d:prop/>" * 20_000)).body)
    many = multistatus(*(resource(f"/b/{n}", etag("e")) for n in range(5000)))
    assert len(read_multistatus(many.body).resources) == 5000


def test_endless_paths_and_versions_are_nobodys() -> None:
    long = "x" * 5000
    answer = multistatus(resource(f"/b/{long}", etag("e")), resource("/b/1", etag(long), token(long)))
    (read,) = read_multistatus(answer.body).resources
    assert (read.href, read.etag, read.token) == ("/b/1", None, None)


@pytest.mark.parametrize("length", ["", "-1", "1e9", "9" * 400, "٣"])
def test_a_length_that_is_none_is_not_told(length: str) -> None:
    body = multistatus(resource("/b/1", f"<d:getcontentlength>{length}</d:getcontentlength>")).body
    assert read_multistatus(body).resources[0].length is None


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]><d:multistatus xmlns:d="DAV:"><d:sync-token>&b;</d:sync-token></d:multistatus>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<d:multistatus xmlns:d="DAV:"><d:sync-token>&a;</d:sync-token></d:multistatus>"""
EMPTY_DOCTYPE = b"""<!DOCTYPE m><d:multistatus xmlns:d="DAV:"/>"""


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        OUTSIDE,
        EMPTY_DOCTYPE,
        b"",
        b"<html><body>Log in</body></html>",
        b'{"error": "no"}',
        b"<d:multistatus xmlns:d='DAV:'>",
        b"<d:multistatus xmlns:d='DAV:'>" + b"<d:a>" * 40 + b"</d:a>" * 40 + b"</d:multistatus>",
        b"<d:multistatus xmlns:d='DAV:'>" + b"<d:a>" * 500_000,
        b"<?xml version='1.0' encoding='nonsense'?><d:multistatus xmlns:d='DAV:'/>",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_answer_of_webdav_is_refused(body: bytes) -> None:
    with pytest.raises(DirectoryError, match="something that is no WebDAV; is the address right"):
        read_multistatus(body)


@given(st.binary() | st.text().map(lambda text: multistatus(text).body))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(DirectoryError):
        read_multistatus(body)
