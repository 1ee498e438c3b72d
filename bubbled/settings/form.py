"""The settings as forms: which sections there are, and which fields in each. Pure.

All follows from the schema, so that a new key has its field by itself; `explanation` has the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, get_origin

from bubbled.settings.directory import MODELS, DirectoryKind, model_of
from bubbled.settings.field import FieldForm, field_of, is_list
from bubbled.settings.schema import Settings, models_in
from bubbled.settings.secret_source import FileSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from bubbled.settings.position import KeyPath
    from bubbled.settings.value import Section


@dataclass(frozen=True, slots=True)
class SectionForm:
    """A table of the file.

    Attributes:
        key: `popup.window`; of directories with the kind: `directory.ldap`.
        path: where it stands, or the list of which it is an element, or the table in which it has a name.
        is_list: whether there may be several, in an order.
        is_named: whether there may be several, by names.
        is_optional: whether it may be left out although it has required fields.
    """

    key: str
    path: KeyPath
    fields: tuple[FieldForm, ...]
    is_list: bool = False
    is_named: bool = False
    is_optional: bool = False


@cache
def forms() -> tuple[SectionForm, ...]:
    """All sections, in the order of the schema; of directories one for each kind."""
    return tuple(_forms_of(Settings, ()))


def _forms_of(model: type[Section], path: KeyPath) -> Iterator[SectionForm]:
    """The forms of the tables in a table; what is no table is a field of its own form."""
    for key, field in _fields_of(model):
        tables = _tables_in(field)
        inner = (*path, key)
        name = ".".join(map(str, inner))
        if set(tables) == set(MODELS.values()):
            for kind in DirectoryKind:
                yield SectionForm(f"{name}.{kind}", inner, _directory_fields(kind, inner), is_list=True)
        elif tables and _is_mapping(field):
            yield SectionForm(name, inner, tuple(_flat(tables[0], (*inner, "*"))), is_named=True)
        elif tables and is_list(field):
            yield SectionForm(name, inner, tuple(_flat(tables[0], (*inner, 0))), is_list=True)
        elif tables:
            fields = tuple(field_of(each, info, inner) for each, info in _plain_fields(tables[0]))
            is_optional = not field.is_required() and field.default is None
            yield SectionForm(name, inner, fields, is_optional=is_optional)
            yield from _forms_of(tables[0], inner)


def _directory_fields(kind: DirectoryKind, path: KeyPath) -> tuple[FieldForm, ...]:
    fields = _flat(model_of(kind), (*path, 0))
    return tuple(_only(each, kind) if each.key == "kind" else each for each in fields)


def _only(field: FieldForm, kind: DirectoryKind) -> FieldForm:
    return FieldForm(field.path, field.key, field.kind, (kind.value,), kind.value, is_required=True)


def _flat(
    model: type[Section], path: KeyPath, above: str = "", *, may_be_left_out: bool = False
) -> Iterator[FieldForm]:
    """The fields of a table, with those of the tables in it."""
    for key, field in _fields_of(model):
        if tables := _tables_in(field):
            yield from _flat(tables[0], (*path, key), f"{above}{key}.", may_be_left_out=True)
        else:
            yield field_of(key, field, path, above, may_be_left_out=may_be_left_out)


def _fields_of(model: type[Section]) -> Iterator[tuple[str, FieldInfo]]:
    return ((field.alias or name, field) for name, field in model.model_fields.items())


def _plain_fields(model: type[Section]) -> Iterator[tuple[str, FieldInfo]]:
    return ((key, field) for key, field in _fields_of(model) if not _tables_in(field))


def _tables_in(field: FieldInfo) -> list[type[Section]]:
    """The models of the tables that a field may hold; none for secrets, which are a kind of value."""
    models = list(models_in(field.annotation))
    return [] if FileSecret in models else models


def _is_mapping(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is Mapping
