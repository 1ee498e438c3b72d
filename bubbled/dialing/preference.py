"""Which phone the user chose to call from, kept in a small file beside the history."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from bubbled.model import Device
from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST_BYTES = 200

log = structlog.get_logger()


class Preference:
    """The choice of `bubbled device`, which outlives the daemon; the settings file is left alone.

    Attributes:
        device: the chosen phone; None: as the settings say.
    """

    def __init__(self, path: Path) -> None:
        """Read the choice at `path`; whatever is wrong with the file, there is none then."""
        self._path = path
        self.device = _read(path)

    def choose(self, device: Device | None) -> bool:
        """Choose a phone, or (None) leave it to the settings; tell whether that could be kept on disk."""
        self.device = device
        try:
            _write(self._path, device)
        except OSError as error:
            log.warning("the chosen phone holds until bubbled ends, but cannot be kept", reason=str(error))
            return False
        return True


def _read(path: Path) -> Device | None:
    try:
        content, _ = read_small_file(path, _LARGEST_BYTES)
        said = content.decode().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Device(said) if said.isprintable() and "/" in said else None


def _write(path: Path, device: Device | None) -> None:
    if device is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_text(f"{device}\n", encoding="utf-8")
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
