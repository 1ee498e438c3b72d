"""The tray's place in the daemon: keeps the icon up to date, and does what the user asks of it."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NoReturn, assert_never

import structlog

from bubbled.daemon import tray_view
from bubbled.daemon.apart import kept_apart
from bubbled.dialing.phone import PhoneState
from bubbled.error import BubbledError, ControlError
from bubbled.model import ChangeKind, Outcome
from bubbled.popup.command import OpenUri
from bubbled.popup.language import catalogue
from bubbled.popup.text import one_line
from bubbled.tray.icon import icon
from bubbled.tray.menu import menu
from bubbled.tray.state import LetRing, Pause, ShowCall, TrayState, Wish
from bubbled.tray.wording import Sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from typing import Any

    from bubbled.daemon.daemon import Daemon
    from bubbled.daemon.port import DaemonPort
    from bubbled.history.past_call import PastCall
    from bubbled.popup.layout import Layout
    from bubbled.settings.schema import Settings
    from bubbled.tray.host import Tray
    from bubbled.tray.state import Action, TrayPhone

_BREATH_S: Final = 0.05
"""Changes come in bunches, and the popup of a call goes before its icon."""
_PATIENCE_S: Final = 0.3
"""How long a menu waits for what the PBX says of the phones."""
_PAUSE_AFTER_DEFECT_S: Final = 30.0
_PAGES: Final[Mapping[Wish, str]] = {Wish.OPEN_HISTORY: "/history", Wish.OPEN_SETTINGS: "/settings"}

log = structlog.get_logger()


class TrayDesk:
    """Shows the daemon in the tray. A defect in it costs the icon, for a while, and nothing else.

    Attributes:
        trouble: why there is no icon, in one line; None while there is one, and while none is wanted.
    """

    def __init__(self, daemon: Daemon, port: DaemonPort, layout: Callable[[], Layout]) -> None:
        """Prepare; `run` shows it, if the settings say so.

        Args:
            daemon: with all its rooms before `run`.
            port: does for the user what he asks for.
            layout: of the popups by the settings as they are now; callers are named as there.
        """
        self._daemon = daemon
        self._port = port
        self._sentences = Sentences(catalogue(os.environ))
        self._new_layout = layout
        self._layout = layout()
        self._wanted = asyncio.Event()
        self._showing: asyncio.Task[None] | None = None
        self._tray: Tray | None = None
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._last_calls: Sequence[PastCall] | None = None
        self._phones: tuple[TrayPhone, ...] = ()
        self._missed = 0
        if daemon.settings.tray.show:
            self._wanted.set()

    @property
    def trouble(self) -> str | None:
        """Why there is no icon."""
        return self._tray.trouble if self._tray is not None else None

    def changed(self) -> None:
        """Something changed that the icon may tell; never waits."""
        self._news.set()

    def settings_changed(self, settings: Settings) -> None:
        """Show the icon by other settings from now on, or none."""
        self._layout = self._new_layout()
        self._last_calls = None
        self.changed()
        if settings.tray.show:
            self._wanted.set()
        else:
            self._wanted.clear()
            if self._showing is not None:
                self._showing.cancel()

    async def run(self) -> NoReturn:
        """Show the icon while it is wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            self._showing = asyncio.create_task(self._show(), name="tray")
            try:
                await asyncio.wait({self._showing})
            finally:
                await _ended(self._showing)
                self._tray = None
            if not self._showing.cancelled():
                with kept_apart("tray"):
                    self._showing.result()
                await asyncio.sleep(_PAUSE_AFTER_DEFECT_S)

    async def aclose(self) -> None:
        """Do nothing more for the user."""
        for task in tuple(self._tasks):
            await _ended(task)

    # What is shown.

    async def _show(self) -> None:
        from bubbled.tray.host import Tray  # noqa: PLC0415 - D-Bus takes memory, which only an icon is worth

        self._tray = Tray(self)
        await self._ask_phones()  # Xfce cuts off a menu that grows while it opens
        await self._put(self._tray)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tray.run(), name="tray: bus")
            group.create_task(self._follow_calls(), name="tray: calls")
            group.create_task(self._keep_up(self._tray), name="tray: news")

    async def _follow_calls(self) -> None:
        """Take note of calls; whoever lags behind is dropped from the feed, and begins anew."""
        while True:
            async for change in self._daemon.desk.feed.subscribe():
                if change["change"] == ChangeKind.ENDED:
                    self._last_calls = None
                    self._missed += change["call"]["outcome"] == Outcome.MISSED
                self.changed()
            await asyncio.sleep(_BREATH_S)

    async def _keep_up(self, tray: Tray) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(_BREATH_S)
            await self._put(tray)

    async def _put(self, tray: Tray) -> None:
        from bubbled.tray.item import Face  # noqa: PLC0415 - as above

        self._news.clear()
        state, now = await self._state(), self._daemon.desk.now()
        face = Face(icon(state), self._sentences.about(state, now))
        tray.show(face, menu(state, self._sentences, now))

    async def _state(self) -> TrayState:
        desk, connection, now = self._daemon.desk, self._daemon.line.connection, self._daemon.desk.now()
        going_on = [await self._daemon.history.call(call_id) for call_id in tuple(desk.calls)]
        if self._last_calls is None:
            self._last_calls = await self._calls_that_are_over()
        return TrayState(
            line=tray_view.line(connection.state),
            host=one_line(self._daemon.settings.pbx.host),
            reason=one_line(connection.detail),
            mute=self._daemon.muting.state,
            calls=tuple(tray_view.call(past, self._layout, now) for past in going_on if past is not None),
            last_calls=tuple(tray_view.call(past, self._layout, now) for past in self._last_calls),
            phones=self._phones,
            missed=self._missed,
            trouble=one_line(desk.screen.trouble),
            has_pages=self._daemon.settings.pages.enabled,
        )

    async def _calls_that_are_over(self) -> Sequence[PastCall]:
        running, most = self._daemon.desk.calls, self._daemon.settings.history.last_calls
        found = await self._daemon.history.calls(most + len(running))
        return [past for past in found if past.call.id not in running][-most:]

    # What the user does (`Listener`).

    def wished(self, action: Action) -> None:
        """The user wants something done."""
        self._start(self._do(action), f"tray: {action}")

    def mute_toggled(self) -> None:
        """The user wants popups muted, or unmuted."""
        self.wished(Wish.MUTE if self._daemon.muting.state is None else Wish.UNMUTE)

    async def opened(self) -> None:
        """The menu is about to be shown."""
        with kept_apart("tray"):
            await self._ask_phones()
            self._last_calls, self._missed = None, 0
            if self._tray is not None:
                await self._put(self._tray)

    async def _ask_phones(self) -> None:
        """Ask how the phones are; the answer that comes too late for this menu is in the next."""
        if len(self._daemon.dialling.phones.rules.devices) < 2:  # noqa: PLR2004 - else there is nothing to choose
            self._phones = ()
            return
        if self._asking is None or self._asking.done():
            self._asking = self._start(self._learn_phones(), "tray: phones")
        await asyncio.wait({self._asking}, timeout=_PATIENCE_S)

    async def _learn_phones(self) -> None:
        phones = self._daemon.dialling.phones
        self._phones = tuple(
            tray_view.phone(each, phones.name(each.device))
            for each in await phones.list()
            if each.is_default or each.device in phones.rules.names or each.state is not PhoneState.ABSENT
        )
        self.changed()

    async def _do(self, action: Action) -> None:
        port, now = self._port, self._daemon.desk.now()
        match action:
            case Wish.SHOW_LATEST:
                self._missed = 0
                await port.show(None)
            case ShowCall(call_id):
                await port.show(call_id)
            case Wish.MUTE:
                await port.mute(None)
            case Wish.MUTE_UNTIL_TOMORROW:
                await port.mute(_midnight_after(now))
            case Pause(minutes):
                await port.mute(now + timedelta(minutes=minutes))
            case Wish.UNMUTE:
                await port.unmute()
            case LetRing(device):
                await port.prefer_device(device)
                await self._learn_phones()
            case Wish.OPEN_HISTORY | Wish.OPEN_SETTINGS:
                self._daemon.desk.on_action(OpenUri(await self._address(action)))
            case Wish.QUIT:
                self._daemon.stop()
            case _:
                assert_never(action)
        self.changed()

    async def _address(self, wish: Wish) -> str:
        """That of a page; of the settings' file, with which is mended what keeps pages away."""
        try:
            return await self._port.open_pages(_PAGES[wish])
        except ControlError as error:
            if wish is not Wish.OPEN_SETTINGS:
                raise
            log.info("the settings are opened as a file", reason=str(error))
            return self._daemon.settings_path.absolute().as_uri()

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(self._apart(work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _apart(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that costs nothing else when it fails; the user is told why."""
        with kept_apart("tray"):
            try:
                await work
            except BubbledError as error:
                log.warning("what was wanted in the tray was not done", reason=str(error))
                self._daemon.desk.notices.refuse(error)


def _midnight_after(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time()).astimezone()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
