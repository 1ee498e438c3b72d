from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.shortcut.port import ShortcutError
from bubbled.dialing.shortcut.user_file import read, replace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_bytes(b"before\r\n\xff\n")
    path.chmod(0o640)
    return path


def test_bytes_line_ends_and_mode_stay(file: Path) -> None:
    before = read(file)
    assert before is not None
    replace(file, before, before + "after\n")
    assert file.read_bytes() == b"before\r\n\xff\nafter\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_link_stays_and_the_file_behind_it_changes(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("config")
    replace(link, read(link), "after")
    assert link.is_symlink()
    assert file.read_text() == "after"


def test_a_file_is_made_with_its_folders_and_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config"
    assert read(path) is None
    replace(path, None, "new")
    assert read(path) == "new"
    replace(path, "new", None)
    assert not path.exists()


@pytest.mark.parametrize("expected", ["else", None])
def test_what_somebody_changed_meanwhile_stays(file: Path, expected: str | None) -> None:
    with pytest.raises(ShortcutError, match="changed meanwhile"):
        replace(file, expected, "after")
    assert file.read_bytes() == b"before\r\n\xff\n"


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ShortcutError, match="it is a folder"):
        read(tmp_path)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"\0\1")
    with pytest.raises(ShortcutError, match="is no text"):
        read(path)


@pytest.mark.parametrize("after", ["after", None])
def test_what_its_owner_made_read_only_stays(file: Path, after: str | None) -> None:
    file.chmod(0o440)
    with pytest.raises(ShortcutError, match="it is read-only"):
        replace(file, read(file), after)
    assert file.read_bytes() == b"before\r\n\xff\n"


def test_where_nothing_can_be_written_the_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ShortcutError, match="cannot be changed"):
        replace(tmp_path / "file" / "config", None, "new")
