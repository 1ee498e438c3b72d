"""The unit of the service (systemd.service(5)), for the program that really runs."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARK: Final = "# Kept up to date by `bubbled setup` as long as nobody changes it: "
_START: Final = re.compile(r"^(?:# Where pipx [^\n]*\n)?ExecStart=.*$", re.MULTILINE)
_REFUSED: Final = frozenset("'\"\\\n\r\t")
"""What systemd has in no name of a program, though it has it in arguments."""
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_./:=@,+-]+")


def unit(template: str, command: Sequence[str]) -> str:
    """Give the unit that starts `command`, with a mark by which it is known again.

    Args:
        template: the unit as bubbled brings it.
        command: the program by its whole path, and its arguments.
    """
    if set(command[0]) & _REFUSED:
        command = ("/usr/bin/env", *command)
    # What follows a colon is taken without putting variables in (systemd.service(5), "Command lines").
    literal = ":" if any("$" in word for word in command) else ""
    start = f"ExecStart={literal}{' '.join(map(_quoted, command))}"
    text = _START.sub(lambda _: start, template)
    return f"{_MARK}{_digest(text)}\n{text}"


def is_untouched(text: str, template: str) -> bool:
    """Whether a unit is as some version of bubbled wrote it, or as it brings it."""
    first, _, rest = text.partition("\n")
    return text == template or first == f"{_MARK}{_digest(rest)}"


def started_by(text: str) -> str:
    """What a unit starts, as it is written there; empty when it says nothing."""
    found = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    return str(found[-1]) if found else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _quoted(word: str) -> str:
    """A word of a command line; percent signs would be read as specifiers (systemd.syntax(7))."""
    escaped = word.replace("%", "%%")
    if _PLAIN_WORD.fullmatch(word):
        return escaped
    escaped = escaped.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else _code(each) for each in escaped) + '"'


def _code(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogateescape"))
