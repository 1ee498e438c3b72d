"""What a source offers that cannot be searched by number: its contacts are fetched into the local index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.directory.entry import Entry
    from bubbled.directory.port import Disclosure


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is new since the last time.

    Attributes:
        entries: new and changed contacts, by the id that the source gives each.
        gone: ids of those that are no more.
        token: what to give as `since` the next time; None: everything must be fetched then.
        is_all: whether `entries` is all there is, so that what is not among them is gone.
    """

    entries: Mapping[str, Entry]
    gone: frozenset[str] = frozenset()
    token: str | None = None
    is_all: bool = False


class Feed(Protocol):
    """A source from which all contacts can be fetched, and then what has changed."""

    async def fetch(self, since: str | None, progress: Callable[[int, int | None], None]) -> Fetched:
        """Everything (`since` None), or what changed since the `token` of an earlier fetch.

        A token that the source no longer knows is answered by fetching everything. `progress` is told how
        many contacts are there so far, and of how many, where that is known.

        Raises:
            DirectoryError: as `Directory.lookup`; nothing of what was fetched before is lost.
        """

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Which hosts are asked; no number is sent to them."""

    async def aclose(self) -> None:
        """Let go of connections; may be called twice."""
