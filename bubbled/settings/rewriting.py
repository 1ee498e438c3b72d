"""Writing a settings file anew, so that at every moment either the old or the new one is there, whole."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from bubbled.error import ConfigError


def rewrite(path: Path, text: str, *, kept_as: str) -> Path:
    """Put a text into a file that exists, and keep what it held beside it; both with the mode that it had.

    A link stays a link: what it leads to is written. The file kept by an earlier rewriting is replaced.

    Args:
        path: of the file.
        text: what it is to hold.
        kept_as: what is put behind its name for the old one.

    Returns:
        Where the old one is now.

    Raises:
        ConfigError: that cannot be done, and the file is as it was.
    """
    try:
        real = path.resolve(strict=True)
        mode = stat.S_IMODE(real.stat().st_mode)
        backup = real.with_name(real.name + kept_as)
        write_whole(backup, real.read_bytes(), mode)
        write_whole(real, text.encode(), mode)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written anew and is as it was: {error.strerror}; make room or mend its rights"
        ) from None
    return backup


def write_whole(path: Path, content: bytes, mode: int, *, is_new: bool = False) -> None:
    """Write a file so that it holds all of `content`, or is as it was, also when the power fails.

    Args:
        path: no link; what it leads to would not be written.
        content: all of it.
        mode: of the file.
        is_new: whether it must not exist yet.

    Raises:
        OSError: that cannot be done.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if is_new:
            os.link(name, path)
        else:
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
