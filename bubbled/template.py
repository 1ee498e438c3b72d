"""Templates: texts in which `$name`, `${a name}` and `${name|filter:argument|…}` stand for something. Pure.

This knows how a template is written. What a name stands for, and what a filter does, is the caller's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Column names of address books may have accents, and blanks within the braces. What only looks like a
# placeholder, such as "costs $ 5", is text.
_PLACEHOLDER: Final = re.compile(r"\$(?:(?P<escaped>\$)|(?P<plain>[^\W\d]\w*)|\{(?P<braced>[^{}]+)\})")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is to be made of a value: `first`, or `date:long` with its argument."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Stands for the value by a name, in lower case, after its filters in their order."""

    name: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text.

    Attributes:
        parts: literal texts and placeholders, as they follow each other.
        placeholders: the latter alone.
        names: the variables that are needed, in lower case.
        alone: the placeholder of which it consists, if it does.
        text: as it was written.
    """

    parts: tuple[str | Placeholder, ...]
    placeholders: tuple[Placeholder, ...]
    names: frozenset[str]
    alone: Placeholder | None
    text: str

    def fill(self, value: Callable[[Placeholder], str]) -> str:
        """Put a value in the place of each placeholder; `value` escapes it for where it goes."""
        return "".join(part if isinstance(part, str) else value(part) for part in self.parts)


@lru_cache(maxsize=1024)
def parse(text: str) -> Template:
    """Take a template apart; every text is one. `$$` is a dollar sign."""
    parts = _joined(_parts(text))
    placeholders = tuple(part for part in parts if isinstance(part, Placeholder))
    names = frozenset(each.name for each in placeholders)
    alone = placeholders[0] if len(parts) == len(placeholders) == 1 else None
    return Template(parts, placeholders, names, alone, text)


def _parts(text: str) -> Iterator[str | Placeholder]:
    end = 0
    for found in _PLACEHOLDER.finditer(text):
        yield text[end : found.start()]
        yield "$" if found["escaped"] else _placeholder(found["plain"] or found["braced"])
        end = found.end()
    yield text[end:]


def _joined(parts: Iterator[str | Placeholder]) -> tuple[str | Placeholder, ...]:
    """Literal texts that follow each other made one, empty ones left out."""
    joined: list[str | Placeholder] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part:
            joined.append(part)
    return tuple(joined)


def _placeholder(written: str) -> Placeholder:
    name, *filters = written.split("|")
    return Placeholder(name.strip().lower(), tuple(map(_filter, filters)))


def _filter(written: str) -> Filter:
    name, _, argument = written.partition(":")
    return Filter(name.strip().lower(), argument.strip())
