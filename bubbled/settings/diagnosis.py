"""All mistakes of a settings file at once, each with its key and line; needed only when there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bubbled.settings.mending import mend
from bubbled.settings.mistake import TOO_DEEP, Mistake, dotted
from bubbled.settings.position import line_of, locate
from bubbled.settings.wording import errors_in, place_of, slip_words, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bubbled.settings.position import KeyPath


def find_mistakes(document: dict[str, Any], text: str) -> tuple[Mistake, ...]:
    """Everything that is wrong with `document`, by line, up to some 500; `text` is its TOML."""
    try:
        return _found(document, text)
    except RecursionError:
        return (TOO_DEEP,)


def _found(document: dict[str, Any], text: str) -> tuple[Mistake, ...]:
    lines = locate(text)
    mended = mend(document)
    found = [
        *(((*slip.above, slip.written), slip_words(slip.meant)) for slip in mended.slips),
        *((place_of(error), wording(error)) for error in errors_in(mended.document)),
        *_repeated_names(mended.document),
    ]
    mistakes = [_mistake(mended.as_written(path), words, lines) for path, words in found]
    return tuple(sorted(mistakes, key=lambda mistake: mistake.line or 0))


def _mistake(path: KeyPath, words: str, lines: Mapping[KeyPath, int]) -> Mistake:
    return Mistake(dotted(path), line_of(path, lines), words)


def _repeated_names(document: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Where a directory takes a name again. Pydantic would say so only once nothing else is wrong."""
    seen = set()
    directories = document.get("directory")
    for index, directory in enumerate(directories if isinstance(directories, list) else []):
        name = directory.get("name") if isinstance(directory, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield ("directory", index, "name"), "is taken by an earlier directory; each needs its own"
            seen.add(name)
