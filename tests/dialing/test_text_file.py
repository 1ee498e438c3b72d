from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.text_file import LARGEST_BYTES, read, remove, staged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_bytes(b"before\r\n\xff\n")
    path.chmod(0o640)
    return path


def test_what_was_read_is_written_again_byte_by_byte_and_the_mode_stays(file: Path) -> None:
    with staged(file, read(file) + "after\n") as put:
        put()
    assert file.read_bytes() == b"before\r\n\xff\nafter\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_until_it_is_put_there_the_file_is_as_it_was(file: Path) -> None:
    with staged(file, "after"):
        assert file.read_bytes() == b"before\r\n\xff\n"
    assert file.read_bytes() == b"before\r\n\xff\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_comes_with_the_folders_above_it(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "config"
    with staged(file, "new") as put:
        put()
    assert (read(file), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o644)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_of_a_symbolic_link_the_file_behind_it_changes_but_the_link_alone_goes(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file.name)
    with staged(link, "after") as put:
        put()
    assert (link.is_symlink(), file.read_text()) == (True, "after")
    remove(link)
    assert list(file.parent.iterdir()) == [file]


def test_nothing_is_taken_away_where_nothing_is(tmp_path: Path) -> None:
    remove(tmp_path / "config")
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "config")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "it is a folder, not a file"),
        (os.mkfifo, "it is not an ordinary file"),
        (lambda path: path.write_bytes(b"x" * (LARGEST_BYTES + 1)), "it is larger than 1024 KiB"),
        (lambda path: path.write_text("text", encoding="utf-16"), "it is no text"),
    ],
)
def test_what_is_no_text_file_is_not_read(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(tmp_path / "odd")
    with pytest.raises(OSError, match=reason):
        read(tmp_path / "odd")


def test_what_its_owner_made_read_only_stays(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(PermissionError, match="it is read-only"), staged(file, "after"):
        pass
    with pytest.raises(PermissionError, match="it is read-only"):
        remove(file)
    assert list(file.parent.iterdir()) == [file]
    assert file.read_bytes() == b"before\r\n\xff\n"
