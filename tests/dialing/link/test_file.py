from __future__ import annotations

import os
import resource
import stat
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.link.file import change, content, content_to_change
from bubbled.dialing.link.scheme import LinkError
from bubbled.dialing.text_file import LARGEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    file = tmp_path / "config" / "deep" / "mimeapps.list"
    change({file: "new\n"})
    assert file.read_text() == "new\n"
    assert _names(file.parent) == [file.name]


def test_the_mode_stays(tmp_path: Path) -> None:
    file = tmp_path / "mimeapps.list"
    file.write_text("old")
    file.chmod(0o640)
    change({file: "new"})
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o640)


def test_a_symbolic_link_stays_and_the_file_behind_it_changes(tmp_path: Path) -> None:
    behind = tmp_path / "dotfiles" / "mimeapps.list"
    behind.parent.mkdir()
    file = tmp_path / "mimeapps.list"
    file.symlink_to("dotfiles/mimeapps.list")

    change({file: "made"})
    assert (file.is_symlink(), behind.read_text()) == (True, "made")
    change({file: ""})
    assert (file.is_symlink(), behind.read_text()) == (True, "")


def test_a_file_with_nothing_left_goes(tmp_path: Path) -> None:
    file = tmp_path / "mimeapps.list"
    file.write_text("old")
    change({file: ""})
    assert _names(tmp_path) == []


def test_bytes_that_are_no_utf8_and_all_line_ends_come_through(tmp_path: Path) -> None:
    raw = bytes(range(1, 256)) + b"\r\n\r\n\n"
    file = tmp_path / "mimeapps.list"
    file.write_bytes(raw)
    change({file: content_to_change(file) + "x"})
    assert file.read_bytes() == raw + b"x"


def _folder(path: Path) -> None:
    path.mkdir()


def _read_only(path: Path) -> None:
    path.write_text("[Default Applications]\n")
    path.chmod(0o444)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_folder, "it is a folder, not a file"),
        (os.mkfifo, "it is not an ordinary file"),
        (_read_only, "it is read-only"),
        (lambda path: path.write_bytes(b"x" * (LARGEST_BYTES + 1)), "it is larger than 1024 KiB"),
        (lambda path: path.write_text("[Default Applications]", encoding="utf-16"), "it is no text"),
        (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
    ],
)
def test_an_odd_file_is_left_alone_and_the_user_told(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    odd, other = tmp_path / "mimeapps.list", tmp_path / "bubbled-links.desktop"
    make(odd)
    before = odd.lstat()

    with pytest.raises(LinkError) as error:
        change({other: "new", odd: content_to_change(odd) + "new"})

    assert str(error.value) == (
        f"Cannot change {odd} ({reason}), so links open as before; "
        "mend that file or move it away, then try again."
    )
    assert (_names(tmp_path), odd.lstat().st_mtime_ns) == ([odd.name], before.st_mtime_ns)


def test_when_one_file_cannot_be_written_the_others_stay(tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "mimeapps.list", tmp_path / "two" / "bubbled-links.desktop"
    change({first: "old"})
    second.parent.write_text("no folder")

    with pytest.raises(LinkError, match="so links open as before"):
        change({first: "new", second: "new"})

    assert (first.read_text(), _names(first.parent)) == ("old", [first.name])


def test_when_the_disk_takes_no_more_the_old_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "mimeapps.list"
    change({file: "old"})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(LinkError, match="File too large"):
            change({file: "x" * 101})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (file.read_text(), _names(tmp_path)) == ("old", [file.name])


def test_what_cannot_be_read_says_nothing_to_those_who_only_look(tmp_path: Path) -> None:
    assert content(tmp_path) == content(tmp_path / "missing") == ""
