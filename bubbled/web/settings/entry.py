"""What stands in the fields of a form, from and to the values of settings. Pure.

A field that is left empty takes its setting out of the file, so that what is usual counts. What is typed is
not judged here: a number that is none goes on as the text that it is, and the settings say what is wrong.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from bubbled.settings.editing import ABSENT
from bubbled.settings.field import FieldKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.settings.field import FieldForm
    from bubbled.settings.position import KeyPath

    Sent = Mapping[str, Sequence[str]]
    """The fields of a form as they were sent, by name; each may be there several times."""

KEPT: Final[Any] = {"kept": True}
"""In the place of a secret that stays as it is."""

WAYS: Final = ("plain", "keyring", "env", "file", "credential")
"""Where a secret may be kept, as far as forms offer it."""

LONG: Final = frozenset(
    {
        FieldKind.LINES,
        FieldKind.LIST,
        FieldKind.TABLE,
        FieldKind.TEMPLATES,
        FieldKind.TEMPLATE_LINES,
        FieldKind.TIME_SPANS,
    }
)
"""Kinds that take several lines."""

_IN_LINES: Final = frozenset({FieldKind.LIST, FieldKind.TEMPLATES, FieldKind.TIME_SPANS})
_INTEGER: Final = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,15}\.\d{1,15}", re.ASCII)


def name_of(path: KeyPath) -> str:
    """How a field names its setting in a form."""
    return json.dumps(path)


def written(field: FieldForm, value: Any) -> Any:
    """How a value stands in its field: a text, or of choices the list of them; empty where it is not set."""
    if field.kind is FieldKind.CHOICES:
        return [str(each) for each in value or ()]
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return (", " if field.kind is FieldKind.NUMBERS else "\n").join(map(str, value))
        case dict():
            return "\n".join(f"{name} = {each}" for name, each in value.items())
        case _:
            return str(value)


def read(field: FieldForm, name: str, sent: Sent) -> Any:
    """The value that was entered: `ABSENT` where the field was left empty, `KEPT` for a secret as it was."""
    match field.kind:
        case FieldKind.SECRET:
            return _secret(name, sent)
        case FieldKind.SECRETS:
            return _secrets(name, sent)
        case FieldKind.CHOICES:
            return [each for each in sent.get(name, ()) if each]
        case FieldKind.SWITCH:
            return {"true": True, "false": False}.get(_one(name, sent), ABSENT)
    text = _one(name, sent).replace("\r\n", "\n")
    if not text.strip():
        return ABSENT
    return _read_text(field.kind, text)


def differs(field: FieldForm, value: Any, before: Any) -> bool:
    """Whether an entry changes a setting that was `before` (`ABSENT`: not in the file)."""
    if value is KEPT or value == before:
        return False
    # What the file does not say and the form shows as usual need not come into the file.
    return before is not ABSENT or not (value in ([], {}) or value == field.default)


def _read_text(kind: FieldKind, text: str) -> Any:
    if kind in _IN_LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    match kind:
        case FieldKind.NUMBER:
            return _number(text)
        case FieldKind.NUMBERS:
            return [_number(part) for part in text.split(",")]
        case FieldKind.TABLE:
            pairs = (line.partition("=") for line in text.split("\n") if line.strip())
            return {key.strip(): value.strip() for key, _, value in pairs}
        case FieldKind.LINES | FieldKind.TEMPLATE_LINES:
            return text
        case _:
            return text.strip()


def _number(text: str) -> int | float | str:
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _secret(name: str, sent: Sent) -> Any:
    way, value = _one(f"{name}:way", sent), _one(f"{name}:value", sent)
    if way not in WAYS or not value.strip():
        return ABSENT if way == "none" else KEPT
    if way == "plain":
        return value
    place = {way: value.strip()}
    user = _one(f"{name}:user", sent).strip()
    return place | {"user": user} if way == "keyring" and user else place


def _secrets(name: str, sent: Sent) -> Any:
    """Secrets by names: those that were there, and one that is added."""
    found: dict[str, Any] = {}
    for number, key in enumerate(sent.get(f"{name}:name", ())[:50]):
        value = _secret(f"{name}:{number}", sent)
        if key.strip() and value is not ABSENT and not (value is KEPT and number >= _known(name, sent)):
            found[key.strip()] = value
    return (
        KEPT if all(value is KEPT for value in found.values()) and len(found) == _known(name, sent) else found
    )


def _known(name: str, sent: Sent) -> int:
    """How many of the secrets the file had."""
    text = _one(f"{name}:known", sent)
    return int(text) if _INTEGER.fullmatch(text) else 0


def _one(name: str, sent: Sent) -> str:
    return next(iter(sent.get(name, ())), "")
