"""Putting whole sections into the text of settings; all else stays as it stands, comments too. Pure."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import tomlkit

from bubbled.error import ConfigError
from bubbled.settings.position import locate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tomlkit.items import InlineTable

    from bubbled.settings.position import KeyPath


def spliced(text: str, keys: Sequence[str], sections: Mapping[str, Any]) -> str:
    """Put sections into the text of valid settings, in the place of what they hold by these keys.

    Args:
        text: TOML, in any layout that a person may have given it.
        keys: at the top of the settings; those that `sections` has not are taken out.
        sections: their values, by key.

    Raises:
        ConfigError: they are written in a way in which that cannot be done.
    """
    document = tomllib.loads(text)
    changed = [key for key in keys if document.get(key) != sections.get(key)]
    result = _put_in(text, document, changed, {key: sections[key] for key in changed if key in sections})
    wanted = {key: value for key, value in document.items() if key not in keys}
    wanted |= {key: sections[key] for key in keys if key in sections}
    try:
        is_right = tomllib.loads(result) == wanted
    except ValueError:
        is_right = False
    if not is_right:
        raise ConfigError(
            "Your settings are written in a way in which the layout cannot be put into them by itself; "
            "they stay as they are. Copy its sections into them by hand, in the place of yours."
        )
    return result


def written(sections: Mapping[str, Any]) -> str:
    """Write sections as TOML: a key without a header comes first, where it means what it says."""
    document = tomlkit.document()
    for key in sorted(sections, key=lambda key: sections[key] != []):
        document[key] = _repeated(sections[key]) if isinstance(sections[key], list) else sections[key]
    return document.as_string()


def _repeated(tables: Sequence[Mapping[str, Any]]) -> Any:
    """Tables under a header each, with the tables in them on one line."""
    if not tables:
        return []
    headed = tomlkit.aot()
    for values in tables:
        table = tomlkit.table()
        for key, value in values.items():
            table[key] = _on_one_line(value) if isinstance(value, dict) else value
        headed.append(table)
    return headed


def _on_one_line(values: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _put_in(text: str, document: Mapping[str, Any], changed: list[str], new: Mapping[str, Any]) -> str:
    """Take the sections out that change, and put the new ones where the first of them was, or at the end."""
    lines = text.split("\n")
    starts = sorted(_headers(lines, document).items())
    first = starts[0][0] if starts else len(lines)
    above = _without("".join(f"{line}\n" for line in lines[:first]), changed).rstrip()
    bare = written({key: value for key, value in new.items() if value == []}).strip()
    headed = written({key: value for key, value in new.items() if value != []}).strip()
    kept: list[str] = []
    place = None
    for (start, key), (end, _) in pairwise([*starts, (len(lines), "")]):
        if key in changed:
            place = len(kept) if place is None else place
            behind = _trailing(lines[start:end])
            kept += behind[1:] if kept and not kept[-1].strip() else behind
        else:
            kept += lines[start:end]
    before, after = "\n".join(kept[:place]).strip("\n"), "\n".join(kept[place:] if place is not None else ())
    parts = ("\n".join(filter(None, (above, bare))), before, headed, after.strip("\n"))
    return "\n\n".join(filter(None, parts)) + "\n"


def _headers(lines: Sequence[str], document: Mapping[str, Any]) -> dict[int, str]:
    """On which lines, counted from 0, tables have their headers, and the first key of each."""
    return {
        line - 1: str(path[0])
        for path, line in locate("\n".join(lines)).items()
        if lines[line - 1].lstrip().startswith("[") and _is_table(document, path)
    }


def _is_table(document: Mapping[str, Any], path: KeyPath) -> bool:
    if any(isinstance(step, int) and isinstance(after, int) for step, after in pairwise(path)):
        return False  # a list within a list has no header
    value: Any = document
    for step in path:
        value = value[step]
    return isinstance(value, dict)


def _without(root: str, keys: Sequence[str]) -> str:
    """The keys above the first header without some of them."""
    document = tomlkit.parse(root)
    for key in [key for key in keys if key in document]:
        document.remove(key)
    return document.as_string()


def _trailing(section: Sequence[str]) -> Sequence[str]:
    """What stands behind a section, from the first empty line after its last value on: it is about others."""
    end = len(section)
    while end > 0 and (not section[end - 1].strip() or section[end - 1].lstrip().startswith("#")):
        end -= 1
    while end < len(section) and section[end].strip():
        end += 1
    return section[end:]
