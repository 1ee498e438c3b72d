"""What those fakes remember that tell a client what changed since it last asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.directory.fakes.base import Person


@dataclass
class Snapshots:
    """Who was there when each token was given out."""

    taken: dict[str, Mapping[str, Person]] = field(default_factory=dict)
    count: int = 0

    def take(self, people: Iterable[Person]) -> str:
        """Remember these people; gives the token for them."""
        self.count += 1
        token = f"sync-{self.count}"
        self.taken[token] = {person.id: person for person in people}
        return token

    def changes(self, token: str, people: Iterable[Person]) -> tuple[list[Person], list[Person]]:
        """Who is new or changed since, and who is gone; KeyError when the token is not known any more."""
        before = self.taken[token]
        now = {person.id: person for person in people}
        changed = [person for identity, person in now.items() if before.get(identity) != person]
        return changed, [person for identity, person in before.items() if identity not in now]

    def forget(self) -> None:
        """Let all tokens expire."""
        self.taken.clear()
