from __future__ import annotations

import pytest

from bubbled.directory.kinds.carddav.mark import BookMark, Mark

URL = "https://dav.example.com"
MARK = Mark(
    URL,
    "/home/",
    is_book=False,
    books={"/home/a/": BookMark("t1"), "/home/b/": BookMark(None, "c", {"/x": "e"})},
)


def test_what_was_written_is_read() -> None:
    assert Mark.read(MARK.written(), URL) == MARK


def test_for_another_address_it_does_not_count() -> None:
    assert Mark.read(MARK.written(), "https://other.example.com") is None


@pytest.mark.parametrize("token", ["", "t1", "[]", "{}", '{"books": []}', '{"books": {"a": {"x": 1}}}'])
def test_what_another_version_wrote_does_not_count(token: str) -> None:
    assert Mark.read(token, URL) is None
