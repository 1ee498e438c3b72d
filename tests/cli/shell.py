"""What running the command line gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Seen:
    """What a command wrote to a terminal, and what stands there now."""

    status: int
    written: str
    screen: str


class Bubbled(Protocol):
    """Runs a command in a pipe, with more environment by keyword."""

    async def __call__(self, *arguments: str | Path, **more: str) -> Ended: ...


class Terminal(Protocol):
    """Runs a command on a terminal, with more environment by keyword."""

    async def __call__(self, *arguments: str | Path, columns: int = 100, **more: str) -> Seen: ...
