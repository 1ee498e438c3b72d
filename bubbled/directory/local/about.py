"""What an index says of itself. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final, Self

from bubbled.directory.entry import Rejected

FORMAT: Final = 2
"""Goes up whenever the file's contents change meaning, so that an older file is built anew."""


@dataclass(frozen=True, slots=True)
class About:
    """What an index holds.

    Attributes:
        identity: of the file and settings it was built from, or of the rules that a replica follows.
        rejected: how many rows held no contact; `examples` names the first.
        token: where the feed of a replica goes on.
        at: when that feed last answered, in seconds since 1970; 0 for a file.
    """

    identity: str
    contacts: int = 0
    numbers: int = 0
    rejected: int = 0
    examples: tuple[Rejected, ...] = ()
    token: str | None = None
    at: float = 0.0

    @property
    def remark(self) -> str | None:
        """What the user should know: `2 more are no contact: row 4 (no name), row 9 (no phone number)`."""
        if not self.rejected:
            return None
        verb = "is" if self.rejected == 1 else "are"
        if not self.examples:
            return f"{self.rejected} more {verb} no contact with a possible phone number"
        named = ", ".join(f"{each.where} ({each.reason})" for each in self.examples)
        more = ", …" if self.rejected > len(self.examples) else ""
        return f"{self.rejected} more {verb} no contact: {named}{more}"

    def written(self) -> str:
        """As the index keeps it."""
        return json.dumps({"format": FORMAT, **asdict(self)})

    @classmethod
    def read(cls, text: str) -> Self:
        """What `written` gave.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is of another version, or damaged.
        """
        body = json.loads(text)
        if body.pop("format") != FORMAT:
            raise ValueError("of another version")
        examples = tuple(Rejected(**each) for each in body.pop("examples"))
        return cls(**body, examples=examples)
