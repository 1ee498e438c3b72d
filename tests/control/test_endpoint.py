from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bubbled.control.endpoint import AlreadyRunningError, listening
from bubbled.control.location import socket_path
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless_umask")
def test_only_the_user_can_open_the_socket_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with listening(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "control.sock.lock").stat().st_mode) == 0o600


def test_the_socket_goes_with_its_daemon(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with listening(path):
        assert path.is_socket()
    assert not path.exists()


def test_the_usual_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with listening(socket_path()):
        assert (tmp_path / "bubbled" / "control.sock").is_socket()


def test_a_second_daemon_is_refused_and_leaves_the_first_alone(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with listening(path):
        with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"), listening(path):
            pass
        assert path.is_socket()


def test_what_a_killed_daemon_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    dies = f"""
import os, pathlib
from bubbled.control.endpoint import listening
with listening(pathlib.Path({str(path)!r})):
    os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", dies], check=False)  # noqa: S603  # our own program
    assert path.is_socket()

    with listening(path) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.listen()
        client.connect(str(path))


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("precious")
    with pytest.raises(ControlError, match="left alone"), listening(path):
        pass
    assert path.read_text() == "precious"


def test_a_path_too_long_for_a_socket_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match=r"too long.*--socket"), listening(tmp_path / ("x" * 120)):
        pass


def test_a_folder_that_is_not_there_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="--socket"), listening(tmp_path / "nowhere" / "control.sock"):
        pass
