"""The control socket as a file: one daemon holds it, and only the user can open it."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bubbled.control.location import private_folder, socket_path
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class AlreadyRunningError(ControlError):
    """Another daemon of this user holds the control socket."""


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """Bind the control socket for as long as the context lasts; what a dead daemon left behind is replaced.

    The folder of the usual path is made if need be.

    Raises:
        AlreadyRunningError: a living daemon holds it.
        ControlError: the socket cannot be made there.
    """
    if path == socket_path():
        private_folder(path.parent)
    with _held(path), _bound(path) as listener:
        try:
            yield listener
        finally:
            # Only this daemon can have put it there: it still holds the lock.
            with suppress(FileNotFoundError):
                path.unlink()


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a lock beside the socket: unlike the socket file, it goes however the daemon dies."""
    lock = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise AlreadyRunningError(
                f"bubbled is already running as process {holder}; "
                "stop it first, or give this one its own --socket."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        # The file stays: removing it would let two daemons hold two locks of one name.
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _bound(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            _remove_stale(path)
            # Linux gives the new file the mode of the socket, so it is never wider, whatever the umask.
            os.fchmod(listener.fileno(), 0o600)
            listener.bind(os.fspath(path))
        except OSError as error:
            raise _unusable(path, error) from error
        yield listener


def _remove_stale(path: Path) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise ControlError(
                f"{path} is no socket, so it was left alone; remove it or give another --socket."
            )
        path.unlink()


def _unusable(path: Path, error: OSError) -> ControlError:
    reason = error.strerror or str(error)
    return ControlError(f"Cannot make the control socket {path} ({reason}); give another --socket.")
