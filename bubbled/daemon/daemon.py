"""The daemon: builds the rooms in order, runs them, takes them down in mirror order."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from bubbled import __version__
from bubbled.control.location import client, socket_path
from bubbled.control.server import serving
from bubbled.control.status import ConnectionState
from bubbled.daemon import assembly, directory_assembly
from bubbled.daemon.action_desk import ActionDesk
from bubbled.daemon.call_log import CallLog
from bubbled.daemon.call_page import CallPages
from bubbled.daemon.connection_summary import summary
from bubbled.daemon.desk import Desk
from bubbled.daemon.dial_desk import DialDesk
from bubbled.daemon.key_desk import KeyDesk
from bubbled.daemon.layout_desk import LayoutDesk
from bubbled.daemon.muting import Muting
from bubbled.daemon.notes import Notes
from bubbled.daemon.pages_desk import PagesDesk
from bubbled.daemon.port import DaemonPort
from bubbled.daemon.quiet_watch import QuietWatch
from bubbled.daemon.reloading import Reloading, logged_how
from bubbled.daemon.renewal import Renewal
from bubbled.daemon.settings_desk import SettingsDesk
from bubbled.daemon.story_desk import OwnPhones, StoryDesk
from bubbled.daemon.switchboard import Switchboard
from bubbled.daemon.tray_desk import TrayDesk
from bubbled.daemon.upkeep import keep_short, take_up
from bubbled.daemon.vigil import Vigil
from bubbled.daemon.work import working
from bubbled.directory.choice import Choices
from bubbled.history.store import History
from bubbled.model import CallId
from bubbled.popup.mute_card import MuteCards
from bubbled.popup.presenter import Presenter
from bubbled.popup.screen import CALL_PAGE
from bubbled.service import Service
from bubbled.settings.secret_source import secret_variables
from bubbled.story.circumstance import Began, Stopped
from bubbled.thread import FreeThreads

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
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
    from bubbled.web.settings.setup_port import SetupPort

log = structlog.get_logger()

_SWITCH_S: Final = 0.001
"""After which a thread at work lets the loop go on (`sys.setswitchinterval`); Python's own 5 ms are a lag."""


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
        service: tells systemd how it goes.
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

    def __init__(
        self,
        settings_path: Path,
        settings: Settings,
        *,
        control_path: Path | None = None,
        setup: Callable[[], SetupPort] | None = None,
    ) -> None:
        """Prepare; `run` does the rest.

        Args:
            settings_path: where the settings come from.
            settings: as they are there.
            control_path: where the control socket is, if not as usual.
            setup: gives who carries a set-up out in the pages, if anybody does.
        """
        self.settings_path = settings_path
        self.settings = settings
        self.started_at = now()
        self.is_up = False
        self._control_path = control_path or socket_path()
        self._setup = setup
        self.service = Service()
        self._reloading = Reloading(self)
        self.settings_desk = SettingsDesk(settings_path, self.reload)
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
        sys.setswitchinterval(_SWITCH_S)
        access = await assembly.access(self.settings)
        # From here on a signal waits until all is up: a database half open keeps a process from ending.
        self._heed_signals()
        async with AsyncExitStack() as house:
            await self._move_in(house, access)
            self.service.ready(summary(self.line.connection))
            gc.freeze()  # what lives as long as the daemon need not be looked through while a phone rings
            log.info("bubbled is ready", screen=self.desk.screen.name, settings=str(self.settings_path))
            await self._stopped.wait()
            self.service.stopping()
            log.info("bubbled stops")

    def stop(self) -> None:
        """Let `run` return in good order, as soon as it has begun."""
        self._stopped.set()

    async def reload(self) -> Sequence[str]:
        """Apply the settings file as it is now; return the warnings about it.

        Raises:
            ConfigError, PbxError: the file cannot be used; the old settings stay in force.
        """
        return await self._reloading.reload()

    async def _move_in(self, house: AsyncExitStack, access: PbxAccess) -> None:
        # First of all: a second daemon is refused here, before it opens or shows anything.
        await house.enter_async_context(serving(DaemonPort(self), self._control_path))
        self.history = await History.open(assembly.history_path(self.settings), now=now)
        house.push_async_callback(self.history.aclose)
        self._furnish_desk(house)
        self._connect(access)
        self._keep_stories(house)
        self._furnish_actions(house)
        self._furnish_views(house)
        await self.desk.start()
        await self.call_log.start()
        await self.muting.take_up()
        await take_up(self.history, now())
        await house.enter_async_context(working(*self._work()))
        house.enter_context(self._up())

    def _furnish_desk(self, house: AsyncExitStack) -> None:
        """What decides on popups, and whatever it asks and tells."""
        settings = self.settings
        self.desk = Desk(
            presenter=Presenter(assembly.rules(settings, self._program)),
            screen=self.new_screen(settings),
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
        self.keys = KeyDesk(settings, toggle_mute=self.muting.toggle, focus=self.desk.focus)
        self.renewal = Renewal(lambda: self.desk.lookup)
        self.desk.research.refresh = self.renewal.contact
        self.call_log = CallLog(assembly.call_log_path(), lambda: self.desk.lookup.directories, now)
        self.call_log.settings_changed(*logged_how(settings))
        self.desk.archive.call_log = self.call_log
        house.push_async_callback(self.call_log.aclose)
        house.push_async_callback(self.desk.aclose)

    def _connect(self, access: PbxAccess) -> None:
        settings = self.settings
        self.line = Switchboard(
            access,
            assembly.followed(settings),
            on_changes=self._calls_changed,
            on_click=self.desk.clicks_changed,
            on_connection=self._connection_changed,
            on_can_dial=self._can_dial_changed,
            on_note=self.note_heard if settings.team.share_notes else None,
            now=now,
        )
        self.notes = Notes(self.desk, self.history, self.call_log, self.line.tell_team)
        self.notes.settings_changed(settings.me.extension, shares=settings.team.share_notes)

    def _keep_stories(self, house: AsyncExitStack) -> None:
        chronicle = self.desk.chronicle
        chronicle.ways, chronicle.rang = (lambda: self.line.ways), self.line.rang
        chronicle.happened(Began(__version__))
        house.callback(chronicle.happened, Stopped())
        self.vigil = Vigil(chronicle, self.line.take_heard, now)
        self.stories = StoryDesk(self.desk, self.history, self.vigil, self._own_phones)

    def _furnish_actions(self, house: AsyncExitStack) -> None:
        """What the user can have done."""
        sentences = assembly.action_sentences(self._program)
        self.actions = ActionDesk(self.desk, sentences, mute=self.muting.mute, take_note=self.notes.take)
        self.actions.secrets = frozenset(secret_variables(self.settings))
        house.push_async_callback(self.actions.aclose)
        self.dialling = DialDesk(self.settings, self.desk, self.line, program=self._program)
        house.push_async_callback(self.dialling.aclose)

    def _furnish_views(self, house: AsyncExitStack) -> None:
        """What is seen of the daemon beside popups."""
        self.layouts = LayoutDesk(self.desk, self.history, lambda: self.settings, self._layout_of)
        self.tray = TrayDesk(self, DaemonPort(self), lambda: self.layout)
        self.desk.on_mute = self._look_changed
        house.push_async_callback(self.tray.aclose)
        self.pages = PagesDesk(DaemonPort(self), self.settings.pages, now, self._setup)
        house.push_async_callback(self.pages.aclose)
        self.call_pages = CallPages(self.desk, self.history, self.pages.invite)
        house.push_async_callback(self.call_pages.aclose)

    def _work(self) -> Sequence[Coroutine[None, None, None]]:
        return (
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
            self._reloading.run(),
            keep_short(self.history, lambda: self.settings.history.retention_days, now),
            self.service.feed_watchdog(),
        )

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
        return self.rules_of(settings).layout

    def rules_of(self, settings: Settings) -> PopupRules:
        """Which calls pop up, and how, by these settings."""
        return assembly.rules(settings, self._program, can_dial=self.line.can_dial)

    @property
    def _program(self) -> str:
        """What the user types to speak to this daemon."""
        return client(self._control_path)

    def _calls_changed(self, changes: Sequence[CallChange]) -> None:
        self.desk.calls_changed(changes)
        self.notes.calls_changed(changes)

    def note_heard(self, note: TeamNote) -> None:
        """A colleague noted something."""
        self.notes.heard(note)

    def _dismissed(self, popup_id: PopupId) -> None:
        self.desk.dismissed(popup_id)

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        self.desk.pressed(popup_id, button, text)
        if button == CALL_PAGE:
            self.call_pages.open(CallId(popup_id))

    def _shown(self, popup_id: PopupId, showing: Showing) -> None:
        self.desk.chronicle.shown(popup_id, showing)

    def new_screen(self, settings: Settings) -> Screen:
        """Make what shows popups, by these settings."""
        return assembly.screen(settings, self._dismissed, self._pressed, self._shown)

    def _own_phones(self) -> OwnPhones:
        return OwnPhones(tuple(self.settings.me.devices), tells_others=self.line.access.ami is not None)

    def _look_changed(self) -> None:
        """The icon, and the page of this moment, may look otherwise though no call changed."""
        self.tray.changed()
        self.desk.news.publish({})

    def _connection_changed(self, connection: Connection) -> None:
        self.vigil.connection_changed(connection)
        self.service.status(summary(connection))
        self.dialling.phones.forget()
        self._look_changed()
        if connection.state is ConnectionState.CONNECTED:
            self.notes.connected()

    def _can_dial_changed(self) -> None:
        self.desk.rules_changed(self.rules_of(self.settings))

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self._reloading.wish)
