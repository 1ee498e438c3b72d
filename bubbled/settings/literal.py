"""How keys and values are written in TOML. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import ConfigError

if TYPE_CHECKING:
    from types import ModuleType

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_LINES: Final = re.compile(r"(?:[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff'\\]|'(?!''))*(?<!')")
"""Lines that may stand as they are; a carriage return could not be told from one that ends a line."""


def key_text(*steps: str) -> str:
    """A key, or several with dots between them."""
    return ".".join(step if _BARE.fullmatch(step) else _quoted(step) for step in steps)


def value_text(value: Any) -> str:
    """A value on one line.

    Raises:
        ConfigError: TOML has no such value: null, for instance.
    """
    match value:
        case Mapping():
            inner = ", ".join(f"{key_text(key)} = {value_text(each)}" for key, each in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(value_text, value)) + "]"
        case str():
            return _quoted(value)
        case bool() | int() | float() | date() | time():
            return str(_tomlkit().item(value).as_string())
        case _:
            raise ConfigError("A setting must be text, a number, true or false, a list or a table of these.")


def pair_text(key: str, value: Any) -> str:
    """A key with its value, without a line break at the end; text of several lines stands on several."""
    if isinstance(value, str) and "\n" in value and _PLAIN_LINES.fullmatch(value):
        return f"{key_text(key)} = '''\n{value}'''"
    return f"{key_text(key)} = {value_text(value)}"


def section_text(header: str, table: Mapping[str, Any]) -> str:
    """A table under a header, each of its keys on a line of its own."""
    return "".join(f"{line}\n" for line in (header, *(pair_text(key, table[key]) for key in table)))


def _quoted(text: str) -> str:
    if re.search("[\ud800-\udfff]", text):
        raise ConfigError("The text holds half a character, which no file can hold; type it anew.")
    return str(_tomlkit().string(text).as_string())


def _tomlkit() -> ModuleType:
    import tomlkit  # noqa: PLC0415 - 3 MB that only writing is worth, which a daemon seldom does

    return tomlkit
