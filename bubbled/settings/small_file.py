"""Reading a file that ought to be small and ordinary, whatever the user names instead."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_small_file(path: Path, largest_bytes: int) -> tuple[bytes, os.stat_result]:
    """The content of `path`, and the status of the very file that it was read from.

    Raises:
        OSError: it cannot be read, is not ordinary, or is larger than `largest_bytes`; `strerror` says so.
    """
    # Without O_NONBLOCK a named pipe would keep us waiting for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(largest_bytes + 1)
    finally:
        os.close(descriptor)
    if len(content) > largest_bytes:
        raise OSError(errno.EFBIG, f"it is larger than {largest_bytes // 1024} KiB")
    return content, status
