from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.local.encoding import LONGEST_LINE, lines

TEXT = "Naam;Telefoon\r\nJoë de Vries;06-12345678\r\nMüller;030 1234567\r\n"


def read(data: bytes) -> list[str]:
    return list(lines(io.BytesIO(data), len(data), lambda _: None))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_usual_encoding_is_recognised(encoding: str) -> None:
    assert "".join(read(TEXT.encode(encoding))) == TEXT


def test_a_mixed_file_is_read_line_by_line() -> None:
    assert read("Joë\n".encode() + "Zoë\n".encode("cp1252") + b"Jan\n") == ["Joë\n", "Zoë\n", "Jan\n"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(end: str) -> None:
    assert read(f"a{end}b{end}c".encode()) == [f"a{end}", f"b{end}", "c"]


def test_a_line_without_end_is_cut() -> None:
    assert [len(line) for line in read(b"x" * (LONGEST_LINE + 1))] == [LONGEST_LINE, 1]


def test_progress_grows_to_the_end() -> None:
    told: list[float] = []
    data = b"some line\n" * 5000
    list(lines(io.BytesIO(data), len(data), told.append))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    "".join(read(data)).encode()
