"""Pydantic's errors in the user's words. None repeats a value: it might be a secret in the wrong place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bubbled.settings.directory import MODELS
from bubbled.settings.schema import Settings, keys_at
from bubbled.settings.secret_source import TAGS
from bubbled.settings.suggestion import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from bubbled.settings.position import KeyPath

_SECRETS = (
    ("pbx", "secret"),
    ("pbx", "sip", "secret"),
    ("directory", "*", "password"),
    ("directory", "*", "key"),
    ("directory", "*", "secrets", "*"),
    ("directory", "*", "oauth", "client_secret"),
    ("directory", "*", "oauth", "refresh_token"),
)
"""Where a secret may stand; `*` is any one step."""

# What pydantic puts into locations beside keys and indices: which model of a union; "the key, not its value".
_NOT_IN_THE_FILE = TAGS | MODELS.keys() | {"[key]"}

_ONE_PLACE = (
    'a secret has exactly one place, of { credential = "…" }, { env = "…" }, { file = "…" },'
    ' { keyring = "…", user = "…" } and { command = ["…"] }'
)

# Told of defaults whose ground is wrong itself; and what is told better, with its line, by `diagnosis`.
_SAID_OTHERWISE = {"default_factory_not_called", "repeated_name"}

# Nobody mends more at once; finding what was meant by a hundred thousand odd keys would take minutes.
_MOST = 500

_WORDS = {
    "bool_type": "must be true or false, without quotes",
    "dict_type": "must be a section",
    "finite_number": "must be a number of ordinary size",
    "float_type": "must be a number, without quotes",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "int_type": "must be a whole number, without quotes",
    "less_than_equal": "must be {le:g} or less",
    "model_type": "must be a section",
    "path_type": "must be text in quotes",
    "string_too_long": "must have at most {max_length} characters",
    "string_type": "must be text in quotes",
    "too_long": "must have at most {max_length} entries",
    "tuple_type": "must be a list in square brackets",
    "value_error": "{error}",
}


def errors_in(document: dict[str, Any]) -> list[ErrorDetails]:
    """What pydantic says of `document`, up to the first 500."""
    try:
        Settings.model_validate(document)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)
        return [error for error in errors if error["type"] not in _SAID_OTHERWISE][:_MOST]
    return []


def path_of(error: ErrorDetails) -> KeyPath:
    """Where in the document `error` is."""
    return tuple(step for step in error["loc"] if step not in _NOT_IN_THE_FILE)


def table_of(error: ErrorDetails) -> KeyPath:
    """The table in which `error` is, for `keys_at`: with the tag of the model that it was taken for."""
    *above, _ = (step for step in error["loc"] if step not in TAGS and step != "[key]")
    return tuple(above)


def place_of(error: ErrorDetails) -> KeyPath:
    """What to name as the place of `error`: the key, unless that might be a secret that lost its way."""
    path = path_of(error)
    above = path[:-1]
    strange = error["type"] == "extra_forbidden" and path[-1] not in keys_at(above)
    return above if strange and _is_secret(above) else path


def _is_secret(path: KeyPath) -> bool:
    return any(
        len(path) == len(secret)
        and all(wanted in ("*", step) for step, wanted in zip(path, secret, strict=True))
        for secret in _SECRETS
    )


def slip_words(meant: str) -> str:
    """What is wrong with a key that stands for `meant`."""
    return f"is not a known key; did you mean '{meant}'?"


def wording(error: ErrorDetails) -> str:
    """What is wrong and what would be right, as the rest of a sentence that begins with the key."""
    path = place_of(error)
    match error["type"], error["input"]:
        case "missing", _:
            words = _missing(path, keys_at(table_of(error)))
        case "extra_forbidden", _:
            words = _unknown(path, keys_at(table_of(error)))
        case "enum", value:
            words = _not_one_of(error["ctx"]["expected"], value)
        case "union_tag_not_found", _:
            words = f"must be text in quotes, or tell where the secret is kept; {_ONE_PLACE}"
        case "tuple_type", dict():
            words = f"needs two brackets on each side: [[{path[-1]}]]"
        case "model_type", list():
            words = f"can stand only once, with one bracket on each side: [{path[-1]}]"
        case kind, _:
            words = _WORDS.get(kind, error["msg"]).format(**error.get("ctx", {}))
    return words


def _missing(path: KeyPath, known: Mapping[str, FieldInfo]) -> str:
    field = known[str(path[-1])]
    if field.examples:
        return f"is missing; for example: {field.examples[0]}"
    needed = [key for key, inner in keys_at(path).items() if inner.is_required()]
    return f"is missing; this section needs {_listed(needed, 'and')}"


def _unknown(path: KeyPath, known: Mapping[str, FieldInfo]) -> str:
    *above, key = path
    if _is_secret(path):
        return f"holds an unknown key; {_ONE_PLACE}"
    if _is_secret(tuple(above)):
        return f"is one key too many; {_ONE_PLACE}"
    if key in keys_at(above):
        return f"is of no use with this kind; known here are {_listed(known, 'and')}"
    meant = nearest(str(key), known) or _elsewhere(str(key))
    if meant is None:
        return f"is not a known key; known here are {_listed(known, 'and')}"
    return slip_words(meant)


def _elsewhere(key: str) -> str | None:
    sections = [section for section in keys_at(()) if key in keys_at((section,))]
    return f"{sections[0]}.{key}" if len(sections) == 1 else None


def _not_one_of(expected: str, value: object) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    meant = nearest(value, choices) if isinstance(value, str) else None
    hint = f"; did you mean '{meant}'?" if meant else ""
    quoted = [f'"{choice}"' for choice in choices]
    return f"must be {_listed(quoted, 'or')}{hint}"


def _listed(words: Iterable[str], conjunction: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}" if most else last
