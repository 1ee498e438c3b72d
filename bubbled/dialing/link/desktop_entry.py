"""How a .desktop file names a program and what it opens (Desktop Entry Specification 1.5). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.dialing.exec_key import quoted
from bubbled.dialing.link.key_file import entries, items
from bubbled.dialing.link.scheme import LinkError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BUBBLED: Final = "bubbled-links.desktop"
"""The desktop file id of ours."""

_GROUP: Final = "Desktop Entry"

_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)', re.DOTALL)

# Of values of type string.
_ESCAPES: Final = {r"\s": " ", r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\\": "\\"}

_TEMPLATE: Final = """\
[Desktop Entry]
Type=Application
Name=bubbled
GenericName=Telephone links
GenericName[nl]=Telefoonlinks
Comment=Calls the number in a link with my own phone
Comment[nl]=Belt het nummer in een link met mijn eigen telefoon
Icon=call-start
Exec={execution}
Terminal=false
StartupNotify=false
NoDisplay=true
MimeType={mime_types}
"""


@dataclass(frozen=True, slots=True)
class DesktopEntry:
    """What concerns us of a .desktop file.

    Attributes:
        name: what the user knows the program by.
        program: the first word of what it runs; "" where it is no application, or runs nothing.
        try_program: a program without which it counts as not installed; "" for none.
        hidden: whether it stands for nothing, as if it were not there.
    """

    name: str
    program: str
    mime_types: tuple[str, ...]
    try_program: str = ""
    hidden: bool = False


def written(command: Sequence[str], mime_types: Iterable[str]) -> str:
    """Give the .desktop file that lets `command` open these types: it gets `dial --url` and the link.

    Raises:
        LinkError: a .desktop file cannot name that program.
    """
    # %u stands alone, as the specification has it: the desktop puts the link there as one argument.
    execution = " ".join((*map(quoted, _checked(command)), "dial", "--url", "%u"))
    return _TEMPLATE.format(execution=execution, mime_types="".join(f"{each};" for each in mime_types))


def read(text: str) -> DesktopEntry:
    """Understand a .desktop file; what is missing in it is empty."""
    found = entries(text, _GROUP)
    words = _words(_unescaped(found.get("Exec", ""))) if found.get("Type") == "Application" else []
    return DesktopEntry(
        name=_unescaped(found.get("Name", "")),
        program=words[0] if words else "",
        mime_types=items(found.get("MimeType", "")),
        try_program=_unescaped(found.get("TryExec", "")),
        hidden=found.get("Hidden") == "true",
    )


def _checked(command: Sequence[str]) -> Sequence[str]:
    for word in command:
        # The specification forbids "="; GLib looks for a program with "%%" in its name and finds none.
        if not word.isprintable() or set(word) & set("=%"):
            raise LinkError(
                f'Desktops cannot start {word!r} from a link, because "%", "=" and what does not print '
                "cannot stand in a .desktop file; install bubbled into another folder and try again."
            )
    return command


def _words(execution: str) -> list[str]:
    found = _WORD.finditer(execution)
    return [re.sub(r"\\(.)", r"\1", word[1]) if word[2] is None else word[2] for word in found]


def _unescaped(value: str) -> str:
    return re.sub(r"\\.", lambda found: _ESCAPES.get(found[0], found[0]), value)
