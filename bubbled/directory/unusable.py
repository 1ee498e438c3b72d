"""Stands in for a directory that cannot be built from its settings: the others are asked all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.directory.port import Phase, State
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from bubbled.directory.port import Disclosure
    from bubbled.model import E164, Contact, Extension


class UnusableDirectory:
    """Answers every question with the reason why it cannot; see `port.Directory`."""

    timeout_s: Final = 1.0
    count: Final = None
    is_local: Final = False
    may_be_kept: Final = False
    rate: Final = None

    def __init__(self, name: str, reason: str) -> None:
        self.name: Final = name
        self.state: Final = State(Phase.FAILED, reason=reason)

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:  # noqa: ARG002 - nobody is told anything
        """Nobody is asked."""
        return ()

    async def start(self) -> None:
        """There is nothing to begin."""

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:  # noqa: ARG002 - as above
        """Say why not."""
        raise DirectoryError(self.state.reason or "it cannot be used")

    async def aclose(self) -> None:
        """There is nothing to end."""
