from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.carddav.path import LARGEST_CARD, MOST_CARDS, batches, host_of, path_of

URL = "https://dav.example.com/remote.php/dav"


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/a/b.vcf", "/a/b.vcf"),
        ("https://dav.example.com/a/b.vcf", "/a/b.vcf"),
        ("http://DAV.example.com:8080/a", "/a"),
        ("/a b/ü@x+1.vcf", "/a%20b/%C3%BC@x+1.vcf"),
        ("/a%20b/%c3%bc%40x+1.vcf", "/a%20b/%C3%BC@x+1.vcf"),
        ("/a%2Fb%25", "/a%2Fb%25"),
        ("/a?x=1#y", "/a"),
        ("", "/remote.php/dav"),
        ("https://dav.example.com", "/"),
    ],
)
def test_a_path_is_always_written_in_the_same_way(href: str, path: str) -> None:
    assert path_of(href, URL) == path
    assert path_of(path, URL) == path


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.example/a",
        "//evil.example/a",
        "javascript:alert(1)",
        "https://[::1/a",
        "https://dav.example.com@evil.example/",
    ],
)
def test_what_is_elsewhere_has_no_path_here(href: str) -> None:
    assert path_of(href, URL) is None


@given(st.text())
def test_whatever_a_server_writes_stays_on_its_host_and_can_be_sent(href: str) -> None:
    path = path_of(href, URL)
    assert path is None or (path.startswith("/") and all("!" <= c <= "~" for c in path))
    assert path is None or path_of(path, URL) in {path, None}


def test_the_host_elsewhere_is_told() -> None:
    assert host_of("https://p1.example.com:443/a") == "p1.example.com"
    assert host_of("https://[::1/a") == host_of("/a") == "?"


@given(st.dictionaries(st.text(max_size=5), st.none() | st.integers(0, 1_200_000), max_size=300))
def test_portions_are_small_and_hold_every_card_once_but_those_that_are_too_large(
    lengths: dict[str, int | None],
) -> None:
    portions = list(batches(lengths))
    fitting = [path for path, length in lengths.items() if (length or 0) <= LARGEST_CARD]
    assert [path for portion in portions for path in portion] == fitting
    for portion in portions:
        assert 0 < len(portion) <= MOST_CARDS
        assert sum(lengths[path] or 0 for path in portion) <= 1_000_000
