"""What every source of contacts offers, whatever it is inside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bubbled.model import E164, Contact


class Phase(StrEnum):
    """Whether a directory can answer."""

    READY = "ready"
    INDEXING = "indexing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class State:
    """How a directory does, for `bubbled status` and `bubbled doctor`; as text `indexing 37 %`.

    Attributes:
        done: rows read so far, while indexing.
        total: rows to read, estimated until the end; None while nothing is known.
        reason: why it failed, one line for the user.
        remark: what the user should know although it works: rows that are no contact.
    """

    phase: Phase
    done: int = 0
    total: int | None = None
    reason: str | None = None
    remark: str | None = None

    def __str__(self) -> str:
        match self.phase:
            case Phase.READY:
                return "ready" if self.remark is None else f"ready: {self.remark}"
            case Phase.INDEXING:
                return f"indexing {100 * self.done // self.total} %" if self.total else "indexing"
            case Phase.FAILED:
                return f"failed: {self.reason}"


class Directory(Protocol):
    """A source of contacts. One that fails never hurts another: `order.Lookup` guards each."""

    @property
    def name(self) -> str:
        """What the user calls it; unique among the directories."""

    @property
    def timeout_s(self) -> float:
        """How long an answer may take, in seconds."""

    @property
    def count(self) -> int | None:
        """How many contacts it holds; None when it cannot know."""

    @property
    def state(self) -> State:
        """How it does now."""

    async def start(self) -> None:
        """Begin what goes on in the background, such as indexing; returns without waiting for it."""

    async def lookup(self, number: E164) -> tuple[Contact, ...]:
        """Who has this number, the likeliest first; empty when nobody.

        Raises:
            DirectoryError: it cannot answer; its text may be shown to the user.
        """

    async def aclose(self) -> None:
        """End what goes on in the background; may be called twice."""
