"""Pydantic's errors about a preset in the words of who writes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from bubbled.directory.kinds.rest.preset import Preset
from bubbled.settings.suggestion import nearest
from bubbled.settings.value import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

_WORDS = {
    "bool_type": "must be true or false, without quotes",
    "dict_type": "must be a section",
    "enum": "must be {expected}",
    "finite_number": "must be a number of ordinary size",
    "float_type": "must be a number, without quotes",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "int_type": "must be a whole number, without quotes",
    "literal_error": "must be {expected}",
    "mapping_type": "must be a section",
    "missing": "is missing",
    "model_type": "must be a section",
    "string_type": "must be text in quotes",
    "tuple_type": "must be a list in square brackets",
    "value_error": "{error}",
}


def words_for(error: ErrorDetails) -> str:
    """What is wrong and what would be right, as the rest of a sentence that begins with the key."""
    if error["type"] == "extra_forbidden":
        meant = nearest(str(error["loc"][-1]), set(_keys(Preset)))
        return "is not a known key" + (f"; did you mean '{meant}'?" if meant else "")
    return _WORDS.get(error["type"], error["msg"]).format(**error.get("ctx", {}))


def _keys(model: type[Section]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in _models(field.annotation):
            yield from _keys(inner)


def _models(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
