"""The addresses of a host: which of them is spoken to, where nothing tells at once that it is there. Pure."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Address = tuple[Any, ...]
"""As sockets have it: `("192.0.2.1", 5060)`."""


class Addresses:
    """Takes one after the other, until one answers (RFC 3263, 4.3), and stays with that.

    One that failed comes after those that did not, and after those that failed before it.

    Attributes:
        used: the one that is spoken to; None before the first.
    """

    def __init__(self) -> None:
        self.used: Address | None = None
        self._failed: dict[Address, int] = {}
        self._fresh: set[Address] = set()
        self._failures = count(1)

    def in_order(self, found: Iterable[Address]) -> list[Address]:
        """Say in which order to try what the name server gives, best first by its own judgement."""
        known = list(dict.fromkeys(found))
        self._failed = {each: self._failed[each] for each in known if each in self._failed}
        self._fresh = set(known) - self._failed.keys()
        return sorted(known, key=lambda each: self._failed.get(each, 0))

    def failed(self) -> bool:
        """Take note that nothing came of the one that is used; tell whether another has not failed yet."""
        if self.used is not None:
            self._failed[self.used] = next(self._failures)
            self._fresh.discard(self.used)
        return bool(self._fresh)
