"""Tells and changes the settings file for whoever asks; what is saved is applied, or taken back."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from bubbled.control.settings import CheckedSettings, NewOrder, NewTables, NewText, NewValues, SettingsState
from bubbled.error import BubbledError, ConfigError
from bubbled.settings.blanking import MisplacedError, blanked, restored
from bubbled.settings.editing import ABSENT, edited, reordered, replaced
from bubbled.settings.file import ChangedMeanwhileError, SettingsFile, check
from bubbled.settings.loading import parsed
from bubbled.settings.mistake import InvalidSettings
from bubbled.settings.showing import kept, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from bubbled.control.settings import SettingsChange
    from bubbled.settings.blanking import Secrets
    from bubbled.settings.mistake import Mistake

_log = structlog.get_logger()


class SettingsDesk:
    """Answers about one settings file, the daemon's own.

    Changes come one after another. All work on the file is done in threads: the disk may be slow, and a large
    file takes a while to read.
    """

    def __init__(self, path: Path, reload: Callable[[], Awaitable[Sequence[str]]]) -> None:
        """Work on the file at `path`; `reload` applies what it holds."""
        self._file = SettingsFile(path)
        self._reload = reload
        self._changing = asyncio.Lock()
        self._known: SettingsState | None = None

    async def state(self) -> SettingsState:
        """Tell what the file holds."""
        self._known = await asyncio.to_thread(_state, self._file, self._known)
        return self._known

    async def check(self, change: SettingsChange) -> CheckedSettings:
        """Tell what would be wrong with the settings after a change.

        Raises:
            ChangedMeanwhileError: the file is no longer what the change is built on.
            ConfigError: the change cannot be made.
        """
        try:
            text = await asyncio.to_thread(_changed, self._file, change)
            _, warnings = await asyncio.to_thread(check, self._file.path, text)
        except InvalidSettings as refused:
            return CheckedSettings(refused.mistakes)
        return CheckedSettings(warnings=warnings)

    async def save(self, change: SettingsChange) -> SettingsState:
        """Change the file and apply it; where it cannot be applied, it is put back as it was.

        Raises:
            InvalidSettings: the settings would be wrong; nothing is written.
            ChangedMeanwhileError: the file is no longer what the change is built on; nothing is written.
            ConfigError: it cannot be written or applied.
        """
        async with self._changing:
            digest = await asyncio.to_thread(self._save, change)
            try:
                warnings = await self._reload()
            except BubbledError as error:
                raise await self._take_back(change, digest, error) from error
            return await self._told(warnings)

    async def undo(self, digest: str) -> SettingsState:
        """Put back what the file held before it was changed here last, and apply that.

        Raises:
            ConfigError: there is nothing to undo, or somebody else has changed the file since.
        """
        async with self._changing:
            await asyncio.to_thread(self._file.undo, digest)
            try:
                warnings = await self._reload()
            except BubbledError as error:
                warnings = (f"These settings are not applied, the ones before still count: {error}",)
            return await self._told(warnings)

    def _save(self, change: SettingsChange) -> str:
        return self._file.save(_changed(self._file, change), change.digest)

    async def _take_back(self, change: SettingsChange, digest: str, reason: BubbledError) -> ConfigError:
        if change.digest == digest:  # what was saved is what was there
            return ConfigError(str(reason))
        try:
            if change.digest is not None:
                await asyncio.to_thread(self._file.undo, digest)
                return ConfigError(f"Nothing is changed: {reason}")
        except ConfigError as error:
            _log.warning("settings that cannot be applied stay in the file", reason=str(error))
        return ConfigError(
            f"This is in the file, but cannot be applied, and what was before still counts: {reason}"
        )

    async def _told(self, warnings: Sequence[str]) -> SettingsState:
        state = await self.state()
        return replace(state, warnings=tuple(dict.fromkeys((*state.warnings, *warnings))))


def _state(file: SettingsFile, known: SettingsState | None) -> SettingsState:
    """What a file holds; as `known`, if that is of the same content: to look through it takes a while."""
    try:
        written = file.read()
    except InvalidSettings as refused:
        return SettingsState(str(file.path), None, {}, refused.mistakes)
    if known is not None and known.digest == written.digest:
        return replace(known, document=deepcopy(known.document), undo=file.undo_count())
    found: tuple[Mistake, ...] = ()
    warnings: tuple[str, ...] = ()
    try:
        _, warnings = check(file.path, written.text)
    except InvalidSettings as refused:
        found = refused.mistakes
    return SettingsState(
        path=str(file.path),
        digest=written.digest,
        document=_document(file.path, written.text),
        mistakes=found,
        warnings=warnings,
        undo=file.undo_count(),
        text=blanked(written.text)[0],
    )


def _document(path: Path, text: str) -> dict[str, Any]:
    try:
        return shown(parsed(path, text))
    except (InvalidSettings, RecursionError):
        return {}


def _changed(file: SettingsFile, change: SettingsChange) -> str:
    """The text of the file after a change."""
    if change.digest is None:
        return _with_secrets(file.path, change.text, {})
    written = file.read()
    if written.digest != change.digest:
        raise ChangedMeanwhileError(file.path)
    match change:
        case NewText(text=text):
            return _with_secrets(file.path, text, blanked(written.text)[1])
        case NewOrder(key=key, order=order):
            return reordered(written.text, key, order)
        case NewTables(key=key, tables=tables):
            return replaced(written.text, key, kept(tables, (key,), parsed(file.path, written.text)))
        case NewValues():
            return _with_values(file.path, written.text, change)


def _with_values(path: Path, text: str, change: NewValues) -> str:
    document = parsed(path, text)
    values = {path: kept(value, path, document) for path, value in change.values.items()}
    return edited(text, values | dict.fromkeys(change.absent, ABSENT))


def _with_secrets(path: Path, text: str, secrets: Secrets) -> str:
    try:
        return restored(text, secrets)
    except MisplacedError as error:
        raise InvalidSettings(path, (error.mistake,)) from None
