"""Applying settings that have changed to rooms that run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import structlog

from bubbled.daemon import assembly, directory_assembly, journal
from bubbled.daemon.connection_summary import summary
from bubbled.directory.port import Phase
from bubbled.error import BubbledError
from bubbled.settings.directory import RestSettings
from bubbled.settings.loading import Loaded, load
from bubbled.settings.secret_source import secret_variables
from bubbled.story.circumstance import SettingsApplied, SettingsRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.daemon.daemon import Daemon
    from bubbled.daemon.switchboard import PbxAccess
    from bubbled.settings.schema import Settings

log = structlog.get_logger()


class Reloading:
    """Reads the settings file anew, and applies it or says why not."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._changing = asyncio.Lock()
        self._wished = asyncio.Event()

    def wish(self) -> None:
        """Have the settings reloaded soon; what is wrong with them goes to the log."""
        self._wished.set()

    async def reload(self) -> Sequence[str]:
        """Apply the settings file as it is now; return the warnings about it.

        Raises:
            ConfigError, PbxError: the file cannot be used; the old settings stay in force.
        """
        async with self._changing:
            loaded, access = await self._read_anew()
            self._daemon.service.reloading()
            try:
                return (*loaded.warnings, *await self._apply(loaded.settings, access))
            finally:
                self._daemon.service.ready(summary(self._daemon.line.connection))

    async def _read_anew(self) -> tuple[Loaded, PbxAccess]:
        try:
            loaded = load(self._daemon.settings_path)
            return loaded, await assembly.access(loaded.settings)
        except BubbledError as error:
            self._daemon.desk.chronicle.happened(SettingsRefused(str(error)))
            raise

    async def _apply(self, settings: Settings, access: PbxAccess) -> Sequence[str]:
        daemon = self._daemon
        rules, lookup = daemon.rules_of(settings), directory_assembly.lookup(settings)
        old, daemon.settings = daemon.settings, settings
        journal.configure(settings.log)
        # First, because whom to ask about the calls that go on follows from it.
        daemon.desk.archive.names, daemon.desk.research.region = settings.team.names, settings.me.region
        if _asked_how(settings) != _asked_how(old) or self._has_failed_directory:
            await daemon.desk.exchange_lookup(lookup)
        daemon.call_log.settings_changed(*logged_how(settings))
        daemon.desk.rules_changed(rules)
        daemon.quiet.follow(settings.popup.quiet)
        if _shown_how(settings) != _shown_how(old):
            await daemon.desk.exchange_screen(daemon.new_screen(settings))
        self._tell_the_others(settings)
        daemon.line.follow(assembly.followed(settings))
        daemon.line.on_note = daemon.note_heard if settings.team.share_notes else None
        if self._needs_other_line(old, access):
            daemon.line.connect_with(access)
        daemon.desk.chronicle.happened(SettingsApplied())
        log.info("the settings are applied", settings=str(daemon.settings_path))
        if assembly.history_path(settings) != assembly.history_path(old):
            return ("history.path is used from the next start of bubbled on",)
        return ()

    def _tell_the_others(self, settings: Settings) -> None:
        """The rooms that see for themselves what is other than before."""
        daemon = self._daemon
        daemon.dialling.settings_changed(settings)
        daemon.keys.settings_changed(settings)
        daemon.tray.settings_changed(settings)
        daemon.pages.settings_changed(settings.pages)
        daemon.notes.settings_changed(settings.me.extension, shares=settings.team.share_notes)
        daemon.actions.secrets = frozenset(secret_variables(settings))

    def _needs_other_line(self, old: Settings, access: PbxAccess) -> bool:
        """Whether the connection to the PBX has to be made anew, for other settings or to try once more."""
        new = self._daemon.settings
        is_other = new.pbx != old.pbx or access.identity != self._daemon.line.access.identity
        # A next try that is minutes away would come too late for a user who has just mended the reason.
        return is_other or new.team.share_notes != old.team.share_notes or self._daemon.line.is_cut_off

    @property
    def _has_failed_directory(self) -> bool:
        """Whether a directory may rest for minutes, while the user has just mended its password."""
        lookup = self._daemon.desk.lookup
        return any(lookup.state_of(each).phase is Phase.FAILED for each in lookup.directories)

    async def run(self) -> NoReturn:
        """Reload whenever that was `wished`, until cancelled."""
        while True:
            await self._wished.wait()
            self._wished.clear()
            try:
                for warning in await self.reload():
                    log.warning("about the settings", warning=warning)
            except BubbledError as error:
                reason = str(error)
                log.warning("the changed settings are refused, the old ones stay", reason=reason)
            except Exception:
                log.exception("applying the changed settings failed by a defect of bubbled")


def _asked_how(settings: Settings) -> object:
    """All that the directories are built from."""
    return settings.directories, settings.lookup, settings.me.region


def _shown_how(settings: Settings) -> object:
    """All that the screen is made from."""
    return settings.popup.screen, settings.popup.window, settings.pages.enabled


def logged_how(settings: Settings) -> tuple[Sequence[str], str, Mapping[str, str]]:
    """Into which directories calls are written, whose they are, and what colleagues are called."""
    wished = [
        each.name
        for each in settings.directories
        if isinstance(each, RestSettings) and each.enabled and each.log_calls
    ]
    return wished, settings.me.name or settings.me.extension, settings.team.names
