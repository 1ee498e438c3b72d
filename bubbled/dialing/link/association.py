"""Which program opens what, as mimeapps.list says it, and changing that without touching anything else. Pure.

After the MIME Applications Associations specification 1.0.1. A default is a list, of which the first program
that is installed counts. So bubbled puts itself before what is there, and its predecessor comes back when
bubbled goes: nothing has to be remembered. `xdg-mime default` would overwrite the list, replace a symbolic
link by a file, and is not installed everywhere.

Taking out leaves every file as it was before putting in, to the byte, if nobody else changed it meanwhile.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bubbled.dialing.link.key_file import entries, items, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEFAULT: Final = "Default Applications"
ADDED: Final = "Added Associations"
REMOVED: Final = "Removed Associations"

MARK: Final = "# The next group was added by bubbled links."
"""Tells a group that may go again with its last entry from one that was there."""

# Only what xdg-mime understands too: it wants nothing around the equals sign, and does not know \r\n.
_END: Final = "\n"


def programs(text: str, group: str, mime_type: str) -> tuple[str, ...]:
    """Give the desktop file ids that a group of a mimeapps.list names for a type."""
    return items(entries(text, group).get(mime_type, ""))


def put_first(text: str, mime_types: Iterable[str], program: str) -> str:
    """Make a program the default for these types, before those that are named already."""
    open_ended = bool(text) and not text.endswith("\n")
    raw = _split(text)
    for mime_type in mime_types:
        _promote(raw, mime_type, program)
        if not any(raw[place].startswith(f"{mime_type}=") for place in _places(raw, mime_type)):
            raw.insert(_end_of_group(raw), f"{mime_type}={program}{_END}")
    return _joined(raw, open_ended=open_ended)


def take_out(text: str, mime_types: Iterable[str], program: str) -> str:
    """Let a program be the default for these types no longer; who stood behind it is it again."""
    open_ended = bool(text) and not text.endswith("\n")
    raw = _split(text)
    for mime_type in mime_types:
        for place in reversed(_places(raw, mime_type)):
            if raw[place].rstrip() == f"{mime_type}={program}":
                del raw[place]
            else:
                raw[place] = _without(raw[place], program)
    _drop_empty_group(raw)
    return _joined(raw, open_ended=open_ended)


def _split(text: str) -> list[str]:
    """Give the lines, each with its end; a last one without gets one, which `_joined` takes away again."""
    raw = re.findall(r"[^\n]*\n|[^\n]+", text)
    if raw and not raw[-1].endswith(_END):
        raw[-1] += _END
    return raw


def _joined(raw: Sequence[str], *, open_ended: bool) -> str:
    text = "".join(raw)
    return text.removesuffix(_END) if open_ended else text


def _places(raw: Sequence[str], mime_type: str) -> list[int]:
    """Where the defaults of a type stand; twice is wrong, but programs differ in which they take then."""
    found = enumerate(lines(raw))
    return [place for place, line in found if line.group == DEFAULT and line.key == mime_type]


def _promote(raw: list[str], mime_type: str, program: str) -> None:
    for place in _places(raw, mime_type):
        key, equals, value = re.split(r"(=[ \t]*)", raw[place], maxsplit=1)
        if items(value)[:1] != (program,):
            raw[place] = f"{key}{equals}{program};{_without(value, program)}"


def _without(value: str, program: str) -> str:
    return re.sub(rf"(?<![^=;\s]){re.escape(program)}(?:[ \t]*;|(?=\s*$))", "", value)


def _end_of_group(raw: list[str]) -> int:
    """Where a line can be put into the group of the defaults, which is made if there is none."""
    told = [
        place
        for place, line in enumerate(lines(raw))
        if line.group == DEFAULT and not raw[place].lstrip().startswith("#") and raw[place].strip()
    ]
    if told:
        return told[-1] + 1
    raw += [_END] if raw else []
    raw += [MARK + _END, f"[{DEFAULT}]{_END}"]
    return len(raw)


def _drop_empty_group(raw: list[str]) -> None:
    for place, (line, following) in enumerate(pairwise(raw)):
        if (line.rstrip(), following.rstrip()) == (MARK, f"[{DEFAULT}]") and _is_empty(raw[place + 2 :]):
            blank_before = raw[place - 1 : place] == [_END]
            del raw[place - blank_before : place + 2]
            return


def _is_empty(rest: Sequence[str]) -> bool:
    """Tell whether a group ends before anything stands in it."""
    first = next((line.strip() for line in rest if line.strip()), "[")
    return first.startswith("[")
