from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from bubbled.history.fault import FileDamagedError, FileRefusedError, FileUnusableError
from bubbled.history.place import (
    Claim,
    files_set_aside,
    prepare,
    remove_aged,
    remove_holding,
    set_aside,
)
from tests.history.sample import minutes

if TYPE_CHECKING:
    from pathlib import Path


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_folder_and_file_are_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bubbled" / "history.sqlite"
    claim = Claim(path)
    prepare(path)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)
    claim.release()


def test_a_file_that_others_could_read_or_that_was_read_only_is_put_right(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"kept")
    for wrong in (0o644, 0o400, 0):
        path.chmod(wrong)
        prepare(path)
        assert mode(path) == 0o600
    assert path.read_bytes() == b"kept"


def test_a_history_is_claimed_once_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    claim = Claim(path)
    with pytest.raises(FileRefusedError, match="Another bubbled"):
        Claim(path)
    claim.release()
    Claim(path).release()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileUnusableError, match="File exists"):
        Claim(tmp_path / "file" / "history.sqlite")


def test_a_folder_in_its_place_is_damage(tmp_path: Path) -> None:
    with pytest.raises(FileDamagedError, match="folder"):
        prepare(tmp_path)


def test_what_is_neither_file_nor_folder_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        with pytest.raises(FileUnusableError, match="not a file"):
            prepare(path)
    assert path.is_socket()


def test_a_file_set_aside_takes_its_log_along_and_never_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    names = []
    for _ in range(2):
        path.touch()
        path.with_name("history.sqlite-wal").touch()
        names.append(set_aside(path, minutes(0)).name)
    assert names == [
        "history.sqlite.damaged-20261120T090000Z",
        "history.sqlite.damaged-20261120T090000Z-2",
    ]
    assert [file.name for file in files_set_aside(path)] == [
        "history.sqlite.damaged-20261120T090000Z",
        "history.sqlite.damaged-20261120T090000Z-2",
        "history.sqlite.damaged-20261120T090000Z-2-wal",
        "history.sqlite.damaged-20261120T090000Z-wal",
    ]
    assert not path.exists()


def test_files_set_aside_age_like_calls(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    for at in (0, 10):
        path.touch()
        set_aside(path, minutes(at))
    remove_aged(path, minutes(5))
    assert [file.name for file in files_set_aside(path)] == ["history.sqlite.damaged-20261120T091000Z"]


def test_files_set_aside_that_hold_a_text_go(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    for at, content in enumerate((b"", b"x+31612345678x", b"+31612345679")):
        path.write_bytes(content)
        set_aside(path, minutes(at))
    remove_holding(path, ["0612345678", "+31612345678"])
    assert [file.stat().st_size for file in files_set_aside(path)] == [0, 12]
