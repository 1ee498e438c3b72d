"""Putting new keys, tables and elements of lists into a TOML text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import ConfigError
from bubbled.settings.literal import key_text, pair_text, section_text, value_text
from bubbled.settings.mistake import dotted
from bubbled.settings.outline import line_end, line_start, outlined
from bubbled.settings.removal import without

if TYPE_CHECKING:
    from bubbled.settings.outline import Body, Outline, Pair
    from bubbled.settings.position import KeyPath

_LONGEST_LINE: Final = 110
"""Characters; a new table that would make a longer line gets a header of its own, where it can."""


def with_keys(text: str, path: KeyPath, values: Mapping[str, Any]) -> str:
    """Put keys that are not there yet into the table at `path`, which may have to be made."""
    outline = outlined(text)
    if section := _headed(outline, path):
        return _in_section(outline, section, values)
    if body := outline.braces.get(path):
        return _in_braces(outline, body, values)
    if related := outline.dotted(path):
        return _beside(outline, path, related, values)
    if below := outline.below(path):
        return _above(outline, below[0], path, values)
    return _in_new_table(outline, path, values)


def with_element(text: str, path: KeyPath, value: Any) -> str:
    """Put one more element behind the last of the list at `path`, which may have to be made."""
    outline = outlined(text)
    spans = outline.elements.get(path)
    if spans == [] and len(path) == 1 and isinstance(value, Mapping):
        return with_keys(without(text, path), (), {str(path[0]): [value]})
    if spans is not None:
        return _in_list(outline, path, bool(spans), value)
    below = outline.below(path)
    if not below:
        return with_keys(text, path[:-1], {str(path[-1]): [value]})
    header = f"[{_header(path)}]"
    return _as_block(text, outline.block(below[-1])[1], section_text(header, value))


def _headed(outline: Outline, path: KeyPath) -> Body | None:
    return next((section for section in outline.sections if section.path == path), None)


def _in_section(outline: Outline, section: Body, values: Mapping[str, Any]) -> str:
    if not section.path:
        return _in_root(outline, values)
    has_room = all(isinstance(step, str) for step in section.path)
    long = {key: value for key, value in values.items() if has_room and _is_long_table(key, value)}
    short = {key: value for key, value in values.items() if key not in long}
    text = _behind(outline, section, short) if short else outline.text
    for key, value in long.items():
        text = _in_new_table(outlined(text), (*section.path, key), value)
    return text


def _is_long_table(key: str, value: Any) -> bool:
    return isinstance(value, Mapping) and len(pair_text(key, value)) > _LONGEST_LINE


def _behind(outline: Outline, section: Body, values: Mapping[str, Any]) -> str:
    """On lines below the last pair of a section, indented as that is."""
    last = section.pairs[-1].start if section.pairs else section.start
    indent = outline.text[line_start(outline.text, last) : last]
    lines = "".join(f"{indent}{pair_text(key, value)}\n" for key, value in values.items())
    return _on_lines(outline.text, line_end(outline.text, section.end), lines)


def _in_root(outline: Outline, values: Mapping[str, Any]) -> str:
    """Tables under headers of their own, the rest above the first header."""
    tables = {key: value for key, value in values.items() if _has_header(value)}
    rest = {key: value for key, value in values.items() if key not in tables}
    text = outline.text
    for key, value in tables.items():
        text = _new_table(outlined(text), key, value)
    if not rest:
        return text
    outline = outlined(text)
    root = outline.sections[0]
    if root.pairs:
        return _behind(outline, root, rest)
    at = outline.block(1)[0] if len(outline.sections) > 1 else len(text)
    return _as_block(text, at, "".join(f"{pair_text(key, value)}\n" for key, value in rest.items()))


def _has_header(value: Any) -> bool:
    is_list = isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
    return isinstance(value, Mapping) or is_list


def _new_table(outline: Outline, key: str, value: Any) -> str:
    tables = value if isinstance(value, list) else [value]
    header = f"[[{key_text(key)}]]" if isinstance(value, list) else f"[{key_text(key)}]"
    return _as_block(
        outline.text, len(outline.text), "\n".join(section_text(header, each) for each in tables)
    )


def _in_braces(outline: Outline, body: Body, values: Mapping[str, Any]) -> str:
    pairs = ", ".join(f"{key_text(key)} = {value_text(value)}" for key, value in values.items())
    if body.pairs:
        at = body.pairs[-1].end
        return f"{outline.text[:at]}, {pairs}{outline.text[at:]}"
    return f"{outline.text[: body.inner]} {pairs} {outline.text[body.inner :].lstrip()}"


def _beside(
    outline: Outline, path: KeyPath, related: list[tuple[Body, Pair]], values: Mapping[str, Any]
) -> str:
    """Behind the last of the dotted keys that make the table, written as they are."""
    body, last = related[-1]
    steps = [str(step) for step in path[len(body.path) :]]
    named = {(*steps, key): value for key, value in values.items()}
    if body in outline.sections:
        indent = outline.text[line_start(outline.text, last.start) : last.start]
        lines = "".join(f"{indent}{key_text(*keys)} = {value_text(value)}\n" for keys, value in named.items())
        return _on_lines(outline.text, line_end(outline.text, last.end), lines)
    pairs = "".join(f", {key_text(*keys)} = {value_text(value)}" for keys, value in named.items())
    return f"{outline.text[: last.end]}{pairs}{outline.text[last.end :]}"


def _above(outline: Outline, below: int, path: KeyPath, values: Mapping[str, Any]) -> str:
    """Under a header of its own, above the first of the tables in it."""
    return _as_block(outline.text, outline.block(below)[0], section_text(_header(path), values))


def _in_new_table(outline: Outline, path: KeyPath, values: Mapping[str, Any]) -> str:
    """In a table that nothing is written of yet: under a header, or in the table around it."""
    *above, key = path
    if isinstance(key, int):
        raise ConfigError(f"There is no {dotted(path)} in the settings as they are now; look at them again.")
    if any(isinstance(step, int) for step in above) or not _may_have_header(outline, tuple(above)):
        return with_keys(outline.text, tuple(above), {key: values})
    kin = outline.below(path[:1])
    at = outline.block(kin[-1])[1] if kin else len(outline.text)
    return _as_block(outline.text, at, section_text(_header(path), values))


def _may_have_header(outline: Outline, path: KeyPath) -> bool:
    """Whether the table around it, and those around that, are written under headers, or not at all."""
    steps = [path[:depth] for depth in range(1, len(path) + 1)]
    return not any(each in outline.braces or outline.dotted(each) for each in steps)


def _header(path: KeyPath) -> str:
    return f"[{key_text(*(str(step) for step in path if isinstance(step, str)))}]"


def _in_list(outline: Outline, path: KeyPath, has_elements: bool, value: Any) -> str:  # noqa: FBT001 - read beside
    start, end = outline.values[path]
    if not has_elements:
        return f"{outline.text[: start + 1]}{value_text(value)}{outline.text[start + 1 :]}"
    spans = outline.elements[path]
    (first, last), text = spans[-1], outline.text
    indent = text[line_start(text, first) : first]
    lead = f"\n{indent}" if not indent.strip() and line_start(text, first) > start else " "
    comma = text[last:end].partition("#")[0].find(",")
    if comma < 0:
        return f"{text[:last]},{lead}{value_text(value)}{text[last:]}"
    at = last + comma + 1
    if lead != " ":
        at = line_end(text, at) - 1
    return f"{text[:at]}{lead}{value_text(value)},{text[at:]}"


def _on_lines(text: str, at: int, lines: str) -> str:
    lead = "" if text[:at].endswith("\n") or not text[:at] else "\n"
    return text[:at] + lead + lines + text[at:]


def _as_block(text: str, at: int, block: str) -> str:
    """Whole lines with an empty one on either side."""
    before, after = text[:at].rstrip("\r\n"), text[at:].lstrip("\r\n")
    return "\n\n".join(filter(None, (before, block.rstrip("\n"), after))) + ("" if after else "\n")
