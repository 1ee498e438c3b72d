"""The first settings file, with a comment at each key for whoever opens it some day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import tomlkit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HEADING: Final = """\
# The settings of bubbled, written by `bubbled setup`. Run it again to change them, or edit this file:
# `bubbled doctor` checks it, `bubbled reload` applies it, `bubbled example` shows what else there is.
"""

_SECTIONS: Final = {
    "me": "Whose calls pop up.",
    "pbx": "The PBX, and the account of bubbled on it.",
    "directory": "Who is calling: asked from top to bottom; the first that knows the number wins.",
}

_COMMENTS: Final = {
    ("me", "extension"): "your extension on the PBX",
    ("me", "region"): "your country: how numbers without country code are read",
    ("me", "devices"): "your phones, as the PBX calls them",
    ("pbx", "kind"): "with nothing but the SIP account of a phone: docs/sip.md",
    ("pbx", "tls"): "false: not encrypted, calls can be read on the way",
    ("pbx", "ca_file"): "the certificate of the PBX that you trust",
    ("pbx", "secret"): "where its secret is kept",
    ("directory", "path"): "read again whenever it changes",
    ("directory", "kind"): "docs/directories.md tells of every kind",
}


def fresh(document: Mapping[str, Any]) -> str:
    """Write a whole file that says what `document` says: sections, and the list of directories."""
    order = ("me", "pbx", *(key for key in document if key not in _SECTIONS), "directory")
    blocks = [
        block for section in order if section in document for block in _blocks(section, document[section])
    ]
    return "\n".join((_HEADING, *blocks))


def _blocks(section: str, content: Any) -> Iterator[str]:
    """The tables of a section, each with its heading; what they are for is said once."""
    about = f"# {_SECTIONS[section]}\n" if section in _SECTIONS else ""
    if isinstance(content, list):
        for table in content:
            yield f"{about}[[{_key(section)}]]\n{_lines(section, table)}"
            about = ""
    else:
        yield f"{about}[{_key(section)}]\n{_lines(section, content)}"


def _lines(section: str, table: Mapping[str, Any]) -> str:
    pairs = [
        (f"{_key(key)} = {_value(value)}", _COMMENTS.get((section, key))) for key, value in table.items()
    ]
    # Comments stand below each other, but for that of a line that would push the others away.
    width = max((len(line) for line, comment in pairs if comment and len(line) <= _FAR), default=0)
    return "".join(f"{line:{width}}   # {comment}\n" if comment else f"{line}\n" for line, comment in pairs)


_FAR: Final = 40


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    match value:
        case dict():
            inside = ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return str(tomlkit.item(value).as_string())
