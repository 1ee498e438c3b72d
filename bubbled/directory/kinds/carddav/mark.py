"""How far the fetching of address books has come: the token by which a feed goes on. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class BookMark:
    """How far one address book has been fetched.

    Attributes:
        token: for asking what has changed since; None where the server has no such reports.
        ctag: of the address book then.
        etags: of all cards then, by path; only where there is no token.
    """

    token: str | None = None
    ctag: str | None = None
    etags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far all of them have been fetched.

    Attributes:
        url: what the settings said then.
        place: the path under which the address books were found, or that of the only one.
        is_book: whether `place` is an address book itself.
        books: by path.
    """

    url: str
    place: str
    is_book: bool
    books: Mapping[str, BookMark]

    def written(self) -> str:
        """As the token of a feed."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def read(cls, token: str, url: str) -> Self | None:
        """What `written` gave; None when it was for another address, or by another version."""
        try:
            body = json.loads(token)
            books = {path: BookMark(**book) for path, book in body.pop("books").items()}
            mark = cls(**body, books=books)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return mark if mark.url == url else None
