"""A program in bubbled's place, which a shortcut of the desktop runs."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 10


class Phone:
    """It tells with what it was run. The name of its folder has a space in it."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "told"
        self._program = folder / "my programs" / "bubbled"

    def __enter__(self) -> Self:
        self._program.parent.mkdir(exist_ok=True)
        self._program.write_text(f'#!/bin/sh\necho "$@" > {self._told}\n')
        self._program.chmod(0o755)
        os.mkfifo(self._told)
        self._told.chmod(0o666)  # the desktop may run as somebody else
        self._reader = os.open(self._told, os.O_RDONLY | os.O_NONBLOCK)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._reader)
        self._told.unlink()

    @property
    def command(self) -> tuple[str, ...]:
        return (str(self._program), "dial", "--selection")

    def rings(self) -> str:
        """Wait until it is run, and give its arguments."""
        ready, _, _ = select.select([self._reader], [], [], PATIENCE_S)
        assert ready, "nobody ran it"
        return os.read(self._reader, 1000).decode()
