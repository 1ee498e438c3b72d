from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.http.body import LARGEST_BYTES, LARGEST_LIST_BYTES, plain
from bubbled.error import DirectoryError


@given(st.binary(max_size=1000), st.sampled_from(["gzip", "GZIP", " x-gzip "]))
def test_what_was_packed_is_unpacked(body: bytes, encoding: str) -> None:
    assert plain(gzip.compress(body), encoding, "h") == body


@given(st.binary(max_size=1000), st.sampled_from([None, "identity"]))
def test_what_was_not_packed_stays(body: bytes, encoding: str | None) -> None:
    assert plain(body, encoding, "h") == body


def test_several_packed_pieces_are_one_answer() -> None:
    assert plain(gzip.compress(b"ab") + gzip.compress(b"cd"), "gzip", "h") == b"abcd"


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b"") * 1000,
        gzip.compress(b"ab")[:-1],
        gzip.compress(b"ab") + b"cd",
        b"\x1f\x8b" + b"a" * 50,
    ],
    ids=["in pieces", "cut", "rubbish behind", "rubbish"],
)
def test_what_no_server_sends_is_damaged(packed: bytes) -> None:
    with pytest.raises(DirectoryError, match="damaged answer"):
        plain(packed, "gzip", "h")


def test_zeros_behind_what_was_packed_do_not_count() -> None:
    assert plain(gzip.compress(b"ab") + bytes(1000), "gzip", "h") == b"ab"


def test_as_much_as_is_allowed_is_unpacked() -> None:
    assert len(plain(gzip.compress(bytes(LARGEST_BYTES)), "gzip", "h")) == LARGEST_BYTES


def test_lists_may_be_longer_where_the_caller_says_so() -> None:
    packed = gzip.compress(bytes(LARGEST_BYTES + 1))
    assert len(plain(packed, "gzip", "h", LARGEST_LIST_BYTES)) == LARGEST_BYTES + 1
    with pytest.raises(DirectoryError, match="more than 2 MB"):
        plain(packed, "gzip", "h")


@given(
    st.binary(min_size=1, max_size=200) | st.binary(max_size=50).map(lambda body: gzip.compress(body)[:-3])
)
def test_rubbish_is_an_error_and_nothing_worse(packed: bytes) -> None:
    with suppress(DirectoryError):
        assert len(plain(packed, "gzip", "h")) <= LARGEST_BYTES
