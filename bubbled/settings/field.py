"""One setting as a field of a form: of which kind it is, and what may stand in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bubbled.settings.button import Recipient
from bubbled.settings.directory import Statement
from bubbled.settings.schema import models_in
from bubbled.settings.secret_source import FileSecret
from bubbled.settings.template import TemplateText
from bubbled.settings.value import Condition, Hours, Key, Region, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bubbled.settings.position import KeyPath


class FieldKind(StrEnum):
    """What a field holds, and so how it is shown."""

    TEXT = "text"
    LINES = "lines"
    """Text of several lines."""
    NUMBER = "number"
    NUMBERS = "numbers"
    """Two whole numbers."""
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"
    """Several of them, or none."""
    COUNTRY = "country"
    LIST = "list"
    """Texts, in an order."""
    TABLE = "table"
    """Texts by names that the user chooses."""
    SECRET = "secret"  # noqa: S105 - the name of a kind
    """Written only: a text, or a table that says where it is kept."""
    SECRETS = "secrets"
    """Secrets by names."""
    TIME_SPANS = "time-spans"
    PATH = "path"
    KEY = "key"
    """A key with its modifiers: `Ctrl+Alt+D`."""
    CONDITION = "condition"
    TEMPLATE = "template"
    TEMPLATE_LINES = "template-lines"
    TEMPLATES = "templates"
    """Templates, in an order."""


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One setting.

    Attributes:
        path: where it stands; in a list of tables with the index 0, in a table of tables with the name `*`:
            `at` puts others there.
        key: its name in the section, with that of a table in it: `columns.name`.
        choices: what it may be, where that is a choice.
        default: what counts without it, as TOML or JSON has it; None: nothing, or what follows from others.
        minimum: of a number.
        is_whole: whether a number must be a whole one.
        is_required: whether the section cannot be without it.
        examples: lines of TOML.
    """

    path: KeyPath
    key: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    is_whole: bool = False
    is_required: bool = False
    examples: tuple[str, ...] = ()

    def at(self, place: int | str) -> KeyPath:
        """Its path in another element of the list, or in the table of another name."""
        return tuple(place if step in (0, "*") else step for step in self.path)


_KINDS_OF_TEXT: Final = (
    (Key, FieldKind.KEY),
    (Condition, FieldKind.CONDITION),
    (Hours, FieldKind.TIME_SPANS),
    (Region, FieldKind.COUNTRY),
    (Recipient, FieldKind.TEMPLATE),
    (Statement, FieldKind.LINES),
)
"""Texts that have a check of their own, by the type that brings it."""

_IN_LISTS: Final[Mapping[FieldKind, FieldKind]] = {
    FieldKind.CHOICE: FieldKind.CHOICES,
    FieldKind.NUMBER: FieldKind.NUMBERS,
    FieldKind.TEMPLATE: FieldKind.TEMPLATES,
    FieldKind.TEXT: FieldKind.LIST,
    FieldKind.TIME_SPANS: FieldKind.TIME_SPANS,
}


def field_of(
    key: str, field: FieldInfo, path: KeyPath, above: str = "", *, may_be_left_out: bool = False
) -> FieldForm:
    """Tell of a key of the schema what a form has to know.

    Args:
        key: its name.
        field: what the schema says of it.
        path: of the table that it is in.
        above: what stands before its name: the tables around it within the section, with dots.
        may_be_left_out: whether the table that it is in need not be there.
    """
    (base, marks), *_ = _parts(field.annotation, tuple(field.metadata))
    if get_origin(base) is tuple:
        (inner, inner_marks), *_ = _parts(get_args(base)[0], ())
        kind, choices, limits = _IN_LISTS[_kind(inner, inner_marks)], _choices(inner), inner_marks
    else:
        kind, choices, limits = _kind(base, marks), _choices(base), marks
    is_number = kind in {FieldKind.NUMBER, FieldKind.NUMBERS}
    return FieldForm(
        path=(*path, key),
        key=above + key,
        kind=kind,
        choices=choices,
        default=_default(field),
        minimum=_limit(limits, ("ge", "gt")) if is_number else None,
        maximum=_limit(limits, ("le", "lt")) if is_number else None,
        is_whole=is_number and (kind is FieldKind.NUMBERS or base is int),
        is_required=field.is_required() and not may_be_left_out,
        examples=tuple(field.examples or ()),
    )


def is_list(field: FieldInfo) -> bool:
    """Whether a key holds a list."""
    return any(get_origin(base) is tuple for base, _ in _parts(field.annotation, ()))


def _parts(annotation: Any, marks: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The bare types that an annotation allows, none left out, each with the checks on it."""
    if get_origin(annotation) is Annotated:
        yield from _parts(annotation.__origin__, (*annotation.__metadata__, *marks))
    elif get_origin(annotation) in {Union, UnionType} and FileSecret not in models_in(annotation):
        for part in get_args(annotation):
            if part is not type(None):
                yield from _parts(part, marks)
    else:
        yield annotation, tuple(_unfolded(marks))


def _unfolded(marks: Iterable[Any]) -> Iterator[Any]:
    for mark in marks:
        yield from mark.metadata if isinstance(mark, FieldInfo) else (mark,)


def _kind(base: Any, marks: tuple[Any, ...]) -> FieldKind:
    is_mapping = get_origin(base) is Mapping
    if FileSecret in models_in(base):
        return FieldKind.SECRETS if is_mapping else FieldKind.SECRET
    if base is str or getattr(base, "__supertype__", None) is str:
        return _kind_of_text(marks)
    return FieldKind.TABLE if is_mapping else _kind_of_type(base)


def _kind_of_type(base: type) -> FieldKind:
    # In this order: true and false are numbers in Python.
    for known, kind in ((Enum, FieldKind.CHOICE), (bool, FieldKind.SWITCH), (Path, FieldKind.PATH)):
        if issubclass(base, known):
            return kind
    if issubclass(base, int | float):
        return FieldKind.NUMBER
    raise TypeError(f"no kind of field is known for {base}")


def _kind_of_text(marks: tuple[Any, ...]) -> FieldKind:
    for known, kind in _KINDS_OF_TEXT:
        if _check_of(known) in marks:
            return kind
    if _check_of(TemplateText) in marks:
        return FieldKind.TEMPLATE if _check_of(Text) in marks else FieldKind.TEMPLATE_LINES
    return FieldKind.TEXT


def _check_of(known: Any) -> object:
    """What an annotated type checks last, by which it is told from others."""
    return known.__metadata__[-1]


def _choices(base: Any) -> tuple[str, ...]:
    return (
        tuple(str(each.value) for each in base) if isinstance(base, type) and issubclass(base, Enum) else ()
    )


def _limit(marks: Iterable[Any], names: Iterable[str]) -> float | None:
    return next((getattr(mark, name) for name in names for mark in marks if hasattr(mark, name)), None)


def _default(field: FieldInfo) -> Any:
    if field.default_factory is not None:
        return {} if field.default_factory is dict else None
    return None if field.default is PydanticUndefined else _as_json(field.default)


def _as_json(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case tuple():
            return [_as_json(each) for each in value]
        case Path():
            return str(value)
        case _:
            return value
