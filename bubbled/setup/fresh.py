"""The first settings file, with a comment at each key for whoever opens it some day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import tomlkit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tomlkit.items import Table

_HEADING: Final = (
    "The settings of bubbled, written by `bubbled setup`. Run it again to change them, or edit this file:",
    "`bubbled doctor` checks it, `bubbled reload` applies it, `bubbled example` shows what else there is.",
)

_SECTIONS: Final = {
    "me": "Whose calls pop up.",
    "pbx": "The PBX, and the account of bubbled on it.",
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

_DIRECTORIES: Final = "Who is calling: asked from top to bottom; the first that knows the number wins."


def fresh(document: Mapping[str, Any]) -> str:
    """Write a whole file that says what `document` says."""
    text = tomlkit.document()
    for line in _HEADING:
        text.add(tomlkit.comment(line))
    for section in (*_SECTIONS, *(key for key in document if key not in {*_SECTIONS, "directory"})):
        if section in document:
            text.add(tomlkit.nl())
            text[section] = _table(section, document[section], _SECTIONS.get(section))
    if directories := document.get("directory"):
        text.add(tomlkit.nl())
        listed = tomlkit.aot()
        for number, directory in enumerate(directories):
            listed.append(_table("directory", directory, None if number else _DIRECTORIES))
        text["directory"] = listed
    return text.as_string()


def _table(section: str, content: Mapping[str, Any], about: str | None) -> Table:
    table = tomlkit.table()
    if about is not None:
        table.add(tomlkit.comment(about))
    for key, value in content.items():
        item = tomlkit.item(_inline(value))
        comment = _COMMENTS.get((section, key))
        if comment is not None:
            item.comment(comment)
        table.add(key, item)
    return table


def _inline(value: Any) -> Any:
    """A small table stays on the line of its key."""
    if not isinstance(value, dict):
        return value
    table = tomlkit.inline_table()
    for key, inner in value.items():
        table[key] = _inline(inner)
    return table
