"""The daemon: builds the rooms in order, runs them, takes them down in mirror order."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bubbled import __version__
from bubbled.control.location import client, socket_path
from bubbled.control.server import serving
from bubbled.control.status import ConnectionState
from bubbled.daemon import assembly, directory_assembly, journal
from bubbled.daemon.action_desk import ActionDesk
from bubbled.daemon.call_log import CallLog
from bubbled.daemon.call_page import CallPages
from bubbled.daemon.desk import Desk
from bubbled.daemon.dial_desk import DialDesk
from bubbled.daemon.key_desk import KeyDesk
from bubbled.daemon.layout_desk import LayoutDesk
from bubbled.daemon.muting import Muting
from bubbled.daemon.notes import Notes
from bubbled.daemon.pages_desk import PagesDesk
from bubbled.daemon.port import DaemonPort
from bubbled.daemon.quiet_watch import QuietWatch
from bubbled.daemon.renewal import Renewal
from bubbled.daemon.settings_desk import SettingsDesk
from bubbled.daemon.story_desk import OwnPhones, StoryDesk
from bubbled.daemon.switchboard import Switchboard
from bubbled.daemon.tray_desk import TrayDesk
from bubbled.daemon.vigil import Vigil
from bubbled.directory.choice import Choices
from bubbled.directory.port import Phase
from bubbled.error import BubbledError, HistoryError
from bubbled.history.annals import KEPT
from bubbled.history.store import History
from bubbled.model import CallId
from bubbled.popup.mute_card import MuteCards
from bubbled.popup.presenter import Presenter
from bubbled.popup.screen import CALL_PAGE
from bubbled.service import Service
from bubbled.settings.directory import RestSettings
from bubbled.settings.loading import Loaded, load
from bubbled.settings.secret_source import secret_variables
from bubbled.story.circumstance import Began, SettingsApplied, SettingsRefused, Stopped
from bubbled.thread import FreeThreads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
    from pathlib import Path

    from bubbled.control.status import Connection
    from bubbled.daemon.switchboard import PbxAccess
    from bubbled.model import CallChange, PopupId
    from bubbled.pbx.ami.team_note import TeamNote
    from bubbled.popup.layout import Layout
    from bubbled.popup.presenter import PopupRules
    from bubbled.popup.screen import Screen
    from bubbled.popup.showing import Showing
    from bubbled.settings.schema import Settings

_PRUNE_EVERY_S: Final = 24 * 3600.0

log = structlog.get_logger()


def now() -> datetime:
    """The present moment in the computer's zone."""
    return datetime.now().astimezone()


class Daemon:
    """Everything that runs, from the settings in one file.

    Attributes:
        settings: as they are in force.
        settings_path: where they came from, and where a reload reads them again.
        started_at: when the daemon began.
        is_up: whether all rooms are there, so that questions can be answered.
    """

    desk: Desk
    line: Switchboard
    history: History
    dialling: DialDesk
    keys: KeyDesk
    muting: Muting
    quiet: QuietWatch
    tray: TrayDesk
    renewal: Renewal
    call_log: CallLog
    notes: Notes
    actions: ActionDesk
    layouts: LayoutDesk
    stories: StoryDesk
    vigil: Vigil
    pages: PagesDesk
    call_pages: CallPages

    def __init__(self, settings_path: Path, settings: Settings, *, control_path: Path | None = None) -> None:
        """Prepare; `run` does the rest. `control_path` is where the control socket is, if not as usual."""
        self.settings_path = settings_path
        self.settings = settings
        self.started_at = now()
        self.is_up = False
        self._control_path = control_path or socket_path()
        self._service = Service()
        self._changing = asyncio.Lock()
        self.settings_desk = SettingsDesk(settings_path, self.reload)
        self._hung_up = asyncio.Event()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Run until `stop`, SIGTERM, SIGINT or cancellation.

        Raises:
            ConfigError: the secret cannot be fetched.
            PbxError: the certificate file cannot be used.
            ControlError: another daemon runs, or the control socket cannot be made.
        """
        # Else the end would wait for a name server or a network share that hangs.
        asyncio.get_running_loop().set_default_executor(FreeThreads())
        access = await assembly.access(self.settings)
        # From here on a signal waits until all is up: a database half open keeps a process from ending.
        self._heed_signals()
        async with AsyncExitStack() as house:
            await self._move_in(house, access)
            self._service.ready(_summary(self.line.connection))
            gc.freeze()  # what lives as long as the daemon need not be looked through while a phone rings
            log.info("bubbled is ready", screen=self.desk.screen.name, settings=str(self.settings_path))
            await self._stopped.wait()
            self._service.stopping()
            log.info("bubbled stops")

    def stop(self) -> None:
        """Let `run` return in good order, as soon as it has begun."""
        self._stopped.set()

    async def _move_in(self, house: AsyncExitStack, access: PbxAccess) -> None:
        settings = self.settings
        # First of all: a second daemon is refused here, before it opens or shows anything.
        await house.enter_async_context(serving(DaemonPort(self), self._control_path))
        self.history = await History.open(assembly.history_path(settings), now=now)
        house.push_async_callback(self.history.aclose)
        self.desk = Desk(
            presenter=Presenter(assembly.rules(settings, self._program)),
            screen=self._new_screen(settings),
            lookup=directory_assembly.lookup(settings),
            choices=Choices(assembly.choices_path()),
            history=self.history,
            names=settings.team.names,
            region=settings.me.region,
            now=now,
        )
        self.quiet = QuietWatch(self._quiet_changed)
        self.quiet.follow(settings.popup.quiet)
        self.muting = Muting(self.desk, self.history, self._mute_cards)
        self.layouts = LayoutDesk(self.desk, self.history, lambda: self.settings, self._layout_of)
        self.keys = KeyDesk(settings, toggle_mute=self.muting.toggle, focus=self.desk.focus)
        self.renewal = Renewal(lambda: self.desk.lookup)
        self.desk.research.refresh = self.renewal.contact
        self.call_log = CallLog(assembly.call_log_path(), lambda: self.desk.lookup.directories, now)
        self.call_log.settings_changed(*_logged_how(settings))
        self.desk.archive.call_log = self.call_log
        house.push_async_callback(self.call_log.aclose)
        house.push_async_callback(self.desk.aclose)
        self.line = Switchboard(
            access,
            assembly.followed(settings),
            on_changes=self._calls_changed,
            on_click=self.desk.clicks_changed,
            on_connection=self._connection_changed,
            on_can_dial=self._can_dial_changed,
            on_note=self._note_heard if settings.team.share_notes else None,
            now=now,
        )
        chronicle = self.desk.chronicle
        chronicle.ways, chronicle.rang = (lambda: self.line.ways), self.line.rang
        chronicle.happened(Began(__version__))
        house.callback(chronicle.happened, Stopped())
        self.vigil = Vigil(chronicle, self.line.take_heard, now)
        self.stories = StoryDesk(self.desk, self.history, self.vigil, self._own_phones)
        self.notes = Notes(self.desk, self.history, self.call_log, self.line.tell_team)
        self.notes.settings_changed(settings.me.extension, shares=settings.team.share_notes)
        self.actions = ActionDesk(
            self.desk,
            assembly.action_sentences(self._program),
            mute=self.muting.mute,
            take_note=self.notes.take,
        )
        self.actions.secrets = frozenset(secret_variables(settings))
        house.push_async_callback(self.actions.aclose)
        self.dialling = DialDesk(settings, self.desk, self.line, program=self._program)
        house.push_async_callback(self.dialling.aclose)
        self.tray = TrayDesk(self, DaemonPort(self), lambda: self.layout)
        self.desk.on_mute = self._look_changed
        house.push_async_callback(self.tray.aclose)
        self.pages = PagesDesk(DaemonPort(self), settings.pages, now)
        house.push_async_callback(self.pages.aclose)
        self.call_pages = CallPages(self.desk, self.history, self.pages.invite)
        house.push_async_callback(self.call_pages.aclose)
        await self.desk.start()
        await self.call_log.start()
        await self._take_up_history()
        work = (
            self.desk.run(),
            self.line.run(),
            self.dialling.run(),
            self.muting.run(),
            self.quiet.run(),
            self.keys.run(),
            self.call_log.run(),
            self.notes.run(),
            self.tray.run(),
            self.vigil.run(),
            self._reload_on_signal(),
            self._prune(),
            self._service.feed_watchdog(),
        )
        await house.enter_async_context(_working(*work))
        house.enter_context(self._up())

    @contextmanager
    def _up(self) -> Iterator[None]:
        self.is_up = True
        try:
            yield
        finally:
            self.is_up = False

    def _quiet_changed(self, reasons: tuple[str, ...]) -> None:
        self.desk.quiet_changed(reasons)
        self.muting.quiet_changed(is_quiet=bool(reasons))

    def _mute_cards(self) -> MuteCards:
        return MuteCards(self.layout)

    @property
    def layout(self) -> Layout:
        """How cards are made, by the settings that are in force."""
        return self._layout_of(self.settings)

    def _layout_of(self, settings: Settings) -> Layout:
        return self._rules(settings).layout

    def _rules(self, settings: Settings) -> PopupRules:
        return assembly.rules(settings, self._program, can_dial=self.line.can_dial)

    @property
    def _program(self) -> str:
        """What the user types to speak to this daemon."""
        return client(self._control_path)

    def _calls_changed(self, changes: Sequence[CallChange]) -> None:
        self.desk.calls_changed(changes)
        self.notes.calls_changed(changes)

    def _note_heard(self, note: TeamNote) -> None:
        self.notes.heard(note)

    def _dismissed(self, popup_id: PopupId) -> None:
        self.desk.dismissed(popup_id)

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        self.desk.pressed(popup_id, button, text)
        if button == CALL_PAGE:
            self.call_pages.open(CallId(popup_id))

    def _shown(self, popup_id: PopupId, showing: Showing) -> None:
        self.desk.chronicle.shown(popup_id, showing)

    def _new_screen(self, settings: Settings) -> Screen:
        return assembly.screen(settings, self._dismissed, self._pressed, self._shown)

    def _own_phones(self) -> OwnPhones:
        return OwnPhones(tuple(self.settings.me.devices), tells_others=self.line.access.ami is not None)

    def _look_changed(self) -> None:
        """The icon, and the page of this moment, may look otherwise though no call changed."""
        self.tray.changed()
        self.desk.news.publish({})

    def _connection_changed(self, connection: Connection) -> None:
        self.vigil.connection_changed(connection)
        self._service.status(_summary(connection))
        self.dialling.phones.forget()
        self._look_changed()
        self.desk.news.publish({})
        if connection.state is ConnectionState.CONNECTED:
            self.notes.connected()

    def _can_dial_changed(self) -> None:
        self.desk.rules_changed(self._rules(self.settings))

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self._hung_up.set)

    # The settings changed.

    async def reload(self) -> Sequence[str]:
        """Apply the settings file as it is now; return the warnings about it.

        Raises:
            ConfigError, PbxError: the file cannot be used; the old settings stay in force.
        """
        async with self._changing:
            loaded, access = await self._read_anew()
            self._service.reloading()
            try:
                return (*loaded.warnings, *await self._apply(loaded.settings, access))
            finally:
                self._service.ready(_summary(self.line.connection))

    async def _read_anew(self) -> tuple[Loaded, PbxAccess]:
        try:
            loaded = load(self.settings_path)
            return loaded, await assembly.access(loaded.settings)
        except BubbledError as error:
            self.desk.chronicle.happened(SettingsRefused(str(error)))
            raise

    async def _apply(self, settings: Settings, access: PbxAccess) -> Sequence[str]:
        rules, lookup = self._rules(settings), directory_assembly.lookup(settings)
        old, self.settings = self.settings, settings
        journal.configure(settings.log)
        # First, because whom to ask about the calls that go on follows from it.
        self.desk.archive.names, self.desk.research.region = settings.team.names, settings.me.region
        if _asked_how(settings) != _asked_how(old) or self._has_failed_directory:
            await self.desk.exchange_lookup(lookup)
        self.call_log.settings_changed(*_logged_how(settings))
        self.desk.rules_changed(rules)
        self.quiet.follow(settings.popup.quiet)
        if _shown_how(settings) != _shown_how(old):
            await self.desk.exchange_screen(self._new_screen(settings))
        self.dialling.settings_changed(settings)
        self.keys.settings_changed(settings)
        self.tray.settings_changed(settings)
        self.pages.settings_changed(settings.pages)
        self.notes.settings_changed(settings.me.extension, shares=settings.team.share_notes)
        self.actions.secrets = frozenset(secret_variables(settings))
        self.line.follow(assembly.followed(settings))
        self.line.on_note = self._note_heard if settings.team.share_notes else None
        if self._needs_other_line(old, access):
            self.line.connect_with(access)
        self.desk.chronicle.happened(SettingsApplied())
        log.info("the settings are applied", settings=str(self.settings_path))
        if assembly.history_path(settings) != assembly.history_path(old):
            return ("history.path is used from the next start of bubbled on",)
        return ()

    def _needs_other_line(self, old: Settings, access: PbxAccess) -> bool:
        """Whether the connection to the PBX has to be made anew, for other settings or to try once more."""
        new = self.settings
        is_other = new.pbx != old.pbx or access.identity != self.line.access.identity
        # A next try that is minutes away would come too late for a user who has just mended the reason.
        return is_other or new.team.share_notes != old.team.share_notes or self.line.is_cut_off

    @property
    def _has_failed_directory(self) -> bool:
        """Whether a directory may rest for minutes, while the user has just mended its password."""
        lookup = self.desk.lookup
        return any(lookup.state_of(each).phase is Phase.FAILED for each in lookup.directories)

    async def _reload_on_signal(self) -> None:
        while True:
            await self._hung_up.wait()
            self._hung_up.clear()
            try:
                for warning in await self.reload():
                    log.warning("about the settings", warning=warning)
            except BubbledError as error:
                reason = str(error)
                log.warning("the changed settings are refused, the old ones stay", reason=reason)
            except Exception:
                log.exception("applying the changed settings failed by a defect of bubbled")

    # The history.

    async def _take_up_history(self) -> None:
        """Go on where the last run ended."""
        await self.muting.take_up()
        if self.history.trouble:
            log.warning("the history is not kept as it should be", trouble=self.history.trouble)
        try:
            await self.history.close_dangling(now())
        except HistoryError as error:
            log.warning("calls that were open at the last end stay so", reason=str(error))

    async def _prune(self) -> None:
        """Erase what is older than the user wants to keep it, now and every day."""
        while True:
            days = self.settings.history.retention_days
            try:
                await self.history.prune_stories(now() - KEPT)
                erased = await self.history.prune(now() - timedelta(days=days)) if days else 0
                if erased:
                    log.info("old calls erased from the history", calls=erased)
            except HistoryError as error:
                log.warning("old calls cannot be erased", reason=str(error))
            await asyncio.sleep(_PRUNE_EVERY_S)


def _asked_how(settings: Settings) -> object:
    """All that the directories are built from."""
    return settings.directories, settings.lookup, settings.me.region


def _shown_how(settings: Settings) -> object:
    """All that the screen is made from."""
    return settings.popup.screen, settings.popup.window, settings.pages.enabled


def _logged_how(settings: Settings) -> tuple[Sequence[str], str, Mapping[str, str]]:
    """Into which directories calls are written, whose they are, and what colleagues are called."""
    wished = [
        each.name
        for each in settings.directories
        if isinstance(each, RestSettings) and each.enabled and each.log_calls
    ]
    return wished, settings.me.name or settings.me.extension, settings.team.names


def _summary(connection: Connection) -> str:
    """What `systemctl status` shows."""
    return f"{connection.state.value} {connection.host}" + (
        f": {connection.detail}" if connection.detail else ""
    )


@asynccontextmanager
async def _working(*work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Let work go on beside the rest; a defect in one ends all, so that systemd starts the daemon anew."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_told_of(each)) for each in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _told_of(work: Coroutine[None, None, None]) -> None:
    """Let the log say what the defect was; the command line can only say that there was one."""
    try:
        await work
    except Exception:
        log.exception("bubbled ends by a defect of its own")
        raise
