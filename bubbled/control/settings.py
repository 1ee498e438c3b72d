"""The settings file for pages and commands: what it says, and what is to be changed in it, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.control.status import JsonObject
    from bubbled.settings.mistake import InvalidSettings, Mistake
    from bubbled.settings.position import KeyPath


@dataclass(frozen=True, slots=True)
class SettingsState:
    """The settings file as it is, without its secrets.

    Attributes:
        digest: tells what it holds from anything else; what changes it has to name it.
        document: for forms, see `bubbled.settings.showing.shown`; empty where the file is no TOML.
        mistakes: why it cannot be used; without any, all of it counts or is about to.
        undo: how many changes can be undone, one after another.
        text: with placeholders for secrets, see `blanking.blanked`; None where the file cannot be read.
    """

    path: str
    digest: str | None
    document: JsonObject
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[str, ...] = ()
    undo: int = 0
    text: str | None = None


@dataclass(frozen=True, slots=True)
class NewValues:
    """Other values for single settings; `absent` are taken out. Marks stand for secrets to be kept."""

    digest: str
    values: Mapping[KeyPath, Any]
    absent: tuple[KeyPath, ...] = ()


@dataclass(frozen=True, slots=True)
class NewText:
    """The whole file; placeholders stand for its secrets. `digest` None: there is no file yet."""

    digest: str | None
    text: str


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Another order of a list of tables, each named by its index of before."""

    digest: str
    key: str
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewTables:
    """A whole list of tables, or a section, instead of what there is. Marks stand for secrets to be kept."""

    digest: str
    key: str
    tables: Sequence[Mapping[str, Any]] | Mapping[str, Any]


SettingsChange: TypeAlias = NewValues | NewText | NewOrder | NewTables


@dataclass(frozen=True, slots=True)
class CheckedSettings:
    """What a change would lead to."""

    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[str, ...] = ()


def settings_json(state: SettingsState) -> JsonObject:
    """Give the answer of `GET /v1/settings`."""
    return {
        "path": state.path,
        "digest": state.digest,
        "document": state.document,
        "mistakes": mistakes_json(state.mistakes),
        "warnings": list(state.warnings),
        "undo": state.undo,
        "text": state.text,
    }


def checked_json(checked: CheckedSettings) -> JsonObject:
    """Give the answer of `POST /v1/settings/check`."""
    return {"mistakes": mistakes_json(checked.mistakes), "warnings": list(checked.warnings)}


def refused_json(refused: InvalidSettings) -> JsonObject:
    """Give the answer to a change that cannot be made, with all that is wrong with it."""
    return {"error": str(refused), "mistakes": mistakes_json(refused.mistakes)}


def mistakes_json(mistakes: Sequence[Mistake]) -> list[JsonObject]:
    """Give mistakes, each with its key ("" where the whole file is meant) and its line, or null."""
    return [{"key": each.key, "line": each.line, "text": each.text} for each in mistakes]
