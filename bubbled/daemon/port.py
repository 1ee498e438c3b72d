"""The daemon as the control API sees it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bubbled import __version__
from bubbled.control.calls import MOST_CALLS
from bubbled.control.check import Check, Verdict
from bubbled.control.choice import Match, Matches
from bubbled.control.dialling import DeviceState, Dialling, From, Wish
from bubbled.control.question import Asked, Explained, LookedUp, Told, Why
from bubbled.control.status import ConnectionState, DirectoryState, Status
from bubbled.daemon import button_check, check, press_desk
from bubbled.daemon.directory_assembly import enabled
from bubbled.daemon.search import question_of
from bubbled.dialing.destination import Source
from bubbled.directory.order.answer import Question
from bubbled.display import Display
from bubbled.error import BubbledError, ControlError
from bubbled.model import Extension
from bubbled.number import to_e164
from bubbled.popup.legend import legend_json
from bubbled.popup.match import told_apart
from bubbled.wire import contact_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date

    from bubbled.control.note import Noted
    from bubbled.control.press import Offered
    from bubbled.control.status import JsonObject
    from bubbled.daemon.daemon import Daemon
    from bubbled.directory.order.answer import Asked as AskedDirectory
    from bubbled.model import Call, CallId, Contact, Mute
    from bubbled.popup.subject import Finding

_EXTENSION: Final = re.compile(r"[0-9*#]{1,10}")


class DaemonPort:
    """Answers for a daemon that runs; see `ControlPort`."""

    def __init__(self, daemon: Daemon) -> None:
        self._of = daemon

    @property
    def _daemon(self) -> Daemon:
        """The daemon with all its rooms; the control socket is there before them and goes after them."""
        if not self._of.is_up:
            raise ControlError("bubbled is just starting or stopping; try again in a moment.")
        return self._of

    async def status(self) -> Status:
        """Tell how the daemon is now."""
        daemon, desk = self._daemon, self._daemon.desk
        found = [await daemon.history.call(call_id) for call_id in tuple(desk.calls)]
        return Status(
            version=__version__,
            uptime_s=(desk.now() - daemon.started_at).total_seconds(),
            settings_path=str(daemon.settings_path),
            pbx=daemon.line.connection,
            devices=tuple(daemon.settings.me.devices),
            mute=daemon.muting.state,
            quiet=daemon.quiet.reasons,
            calls=tuple(past.to_json() for past in found if past is not None),
            directories=tuple(
                DirectoryState(
                    name=directory.name,
                    kind=settings.kind.value,
                    state=str(desk.lookup.state_of(directory)),
                    count=directory.count,
                )
                for directory, settings in zip(desk.lookup.directories, enabled(daemon.settings), strict=True)
            ),
            screen=None if desk.screen.trouble else desk.screen.name,
            history_trouble=daemon.history.trouble,
            hotkey=daemon.dialling.desktop.hotkey,
            call_log=daemon.call_log.states(),
            call_log_trouble=daemon.call_log.trouble,
        )

    async def calls(self, limit: int | None, on: date | None = None) -> Sequence[JsonObject]:
        """Give the latest calls of the user, or those of a day, the newest last."""
        history = self._daemon.history
        if on is None:
            past = await history.calls(limit or self._daemon.settings.history.last_calls)
        else:
            until = _midnight(on + timedelta(days=1))
            past = await history.calls(limit or MOST_CALLS, since=_midnight(on), until=until)
        return [call.to_json() for call in await self._daemon.renewal.calls(past)]

    async def call(self, call_id: CallId) -> JsonObject | None:
        """Give one call."""
        past = await self._daemon.history.call(call_id)
        if past is None:
            return None
        (whole,) = await self._daemon.renewal.calls([past])
        return whole.to_json()

    async def show(self, call_id: CallId | None) -> JsonObject | None:
        """Show the popup of a call (None: the latest) again."""
        history = self._daemon.history
        past = await (history.latest() if call_id is None else history.call(call_id))
        if past is None:
            return None
        await self._daemon.desk.show_again(past)
        return past.to_json()

    async def matches(self, call_id: CallId | None) -> Matches | None:
        """Tell who may be on the line of a call."""
        desk = self._daemon.desk
        wanted = desk.with_choice() if call_id is None else call_id
        if wanted is None or (desk.trace(wanted) is None and await self.call(wanted) is None):
            return None
        return _matches(wanted, desk.finding(wanted))

    async def choose(self, call_id: CallId | None, match: int) -> Matches | None:
        """Take one of the matches for the other party."""
        found = await self.matches(call_id)
        if found is None:
            return None
        matches = _choosable(self._daemon.desk.finding(found.call_id))
        if not 1 <= match <= len(matches):
            raise ControlError(
                f"There is no {match} to choose; `bubbled choose` lists whom there is, for calls that go on "
                "and for the last that ended."
            )
        self._daemon.desk.choose(found.call_id, matches[match - 1])
        return await self.matches(found.call_id)

    async def buttons(self, call_id: CallId | None) -> Offered:
        """Tell the buttons of a popup."""
        return press_desk.offered(self._daemon.desk, call_id)

    async def press(self, call_id: CallId | None, button: str, text: str) -> Offered:
        """Press one of them."""
        return press_desk.press(self._daemon.desk, call_id, button, text)

    async def note(self, call_id: CallId | None, text: str) -> Noted | None:
        """Add a note to a call."""
        return await self._daemon.notes.take(call_id, text)

    async def mute(self, until: datetime | None) -> None:
        """Show no popups until a moment, or until `unmute`."""
        self._daemon.muting.mute(until)

    async def unmute(self) -> None:
        """Show popups again."""
        await self._daemon.muting.unmute()

    async def toggle_mute(self) -> Mute | None:
        """Mute popups until unmuted, or show them again, and tell that on the screen."""
        return await self._daemon.muting.toggle()

    async def explain(self, number: str) -> Explained:
        """Tell what a lookup of a number would tell to whom."""
        asked = self._question(number)
        if asked is None:
            return Explained(number, None)
        tells = self._daemon.desk.lookup.explain(asked)
        return Explained(
            number,
            _e164(asked),
            tuple(
                (directory, tuple(Told(each.host, each.sent) for each in hosts)) for directory, hosts in tells
            ),
        )

    async def why(self, call_id: CallId | None) -> Why | None:
        """Tell how it came that the popup of a call showed what it showed."""
        history = self._daemon.history
        past = await (history.latest() if call_id is None else history.call(call_id))
        if past is None:
            return None
        search, screen = self._daemon.desk.trace(past.call.id), self._daemon.desk.screen_of(past.call.id)
        if search is None:
            reason = _why_nobody(past.call, self._daemon.settings.me.region)
            return Why(past.to_json(), reason, screen=screen)
        return Why(
            past.to_json(),
            None,
            tuple(map(_asked, search.trace)),
            is_provisional=search.is_provisional,
            screen=screen,
        )

    def _question(self, number: str) -> Question | None:
        """The number as a person writes it; what is none, but could be dialled inside, is an extension."""
        e164 = to_e164(number, self._daemon.settings.me.region)
        if e164 is not None:
            return Question(e164)
        return Question(Extension(number), is_internal=True) if _EXTENSION.fullmatch(number) else None

    async def lookup(self, number: str) -> LookedUp:
        """Ask every directory about a number as a person writes it."""
        asked = self._question(number)
        if asked is None:
            return LookedUp(number, None)
        answer = await self._daemon.desk.lookup.ask_every(asked)
        return LookedUp(number, _e164(asked), tuple(map(_asked, answer.trace)))

    async def focus(self) -> bool:
        """Give the newest popup the keyboard."""
        return await self._daemon.desk.focus()

    async def reload(self) -> Sequence[str]:
        """Apply the settings file as it is now."""
        return await self._daemon.reload()

    async def forget(self, number: str) -> int:
        """Erase a number from the history, in whatever notation it was kept."""
        kept = to_e164(number, self._daemon.settings.me.region) or number
        is_gone = self._daemon.desk.forget(kept)
        erased = await self._daemon.history.forget(kept)
        await self._daemon.call_log.forget(kept)
        if not is_gone:
            raise ControlError(
                "The history is without the number, but whom you chose for it is still on disk, which cannot "
                "be written to now; make room there and try again."
            )
        return erased

    async def doctor(self) -> Sequence[Check]:
        """Check what the daemon needs, the PBX by a login of its own."""
        daemon = self._daemon
        checks = [_line(daemon), *await _guarded(daemon)]
        checks += await check.shown_by(daemon.desk.screen)
        checks += check.state_of(daemon.desk.lookup)
        checks += check.layout(daemon.settings, daemon.desk.lookup)
        trouble = daemon.history.trouble
        checks.append(Check("History", Verdict.WARNING if trouble else Verdict.OK, trouble or "kept"))
        checks += check.call_log(daemon.call_log.states(), daemon.call_log.trouble)
        checks += check.hotkey(daemon.dialling.desktop.hotkey)
        checks += check.keys(daemon.keys.states)
        checks += check.quiet(daemon.quiet.troubles)
        checks += check.tray(daemon.tray.trouble, is_wanted=daemon.settings.tray.show)
        checks += await button_check.buttons(daemon.settings, daemon.desk.screen.name)
        return checks

    async def dial(self, wish: Wish) -> Dialling:
        """Call somebody for the user."""
        dialling = self._daemon.dialling
        if wish.source is From.SELECTION:
            dialling.must_be_new_press()
        text = wish.text if wish.source is not From.SELECTION else await self._selected(wish)
        return await dialling.dialler.dial(
            text,
            Source(wish.source.value),
            wished_phone=wish.device,
            is_confirmed=wish.is_confirmed,
            chosen=wish.chosen,
            asks_here=wish.asks_here,
        )

    async def _selected(self, wish: Wish) -> str:
        try:
            display = Display.from_json(wish.display) if wish.display else None
        except ValueError as error:
            raise ControlError(f"The selection was not read: {error}.") from error
        return await self._daemon.dialling.selection(display)

    async def devices(self) -> Sequence[DeviceState]:
        """Tell the phones from which the user may call."""
        return [
            DeviceState(
                device=phone.device, name=phone.name, state=phone.state.value, is_default=phone.is_default
            )
            for phone in await self._daemon.dialling.phones.list()
        ]

    async def prefer_device(self, name: str) -> Sequence[DeviceState]:
        """Let another phone ring from now on."""
        if not self._daemon.dialling.phones.prefer(name):
            raise ControlError(
                "That phone rings from now on, but only until bubbled ends: the choice cannot be written to "
                "disk. Make room there, and choose it again."
            )
        return await self.devices()

    async def legend(self) -> JsonObject:
        """Tell what may stand in a layout."""
        return legend_json(await self._daemon.layouts.legend())

    async def show_example(self, scene: str) -> JsonObject:
        """Show the popup of an invented call."""
        card = self._daemon.layouts.show_example(scene)
        return {"headline": card.headline, "lines": list(card.lines), "screen": self._daemon.desk.screen.name}

    def subscribe(self) -> AsyncIterator[JsonObject]:
        """Follow the changes of calls."""
        return self._daemon.desk.feed.subscribe()


def _midnight(on: date) -> datetime:
    """When a day begins in the computer's zone."""
    return datetime.combine(on, time()).astimezone()


def _choosable(finding: Finding) -> tuple[Contact, ...]:
    """The matches, where there are several; else the one that there is."""
    return finding.matches or ((finding.contact,) if finding.contact else ())


def _matches(call_id: CallId, finding: Finding) -> Matches:
    matches = _choosable(finding)
    lines = told_apart(matches)
    return Matches(
        call_id,
        tuple(
            Match(line, contact_json(contact), is_chosen=contact == finding.contact)
            for line, contact in zip(lines, matches, strict=True)
        ),
    )


def _asked(asked: AskedDirectory) -> Asked:
    return Asked(
        directory=asked.directory,
        outcome=asked.outcome.value,
        ms=round(asked.ms, 3),
        matches=tuple(map(contact_json, asked.matches)),
        error=asked.error,
        remark=asked.remark,
        cached=asked.cached,
    )


def _e164(question: Question) -> str | None:
    return question.number if question.number.startswith("+") else None


def _why_nobody(call: Call, region: str) -> str:
    if question_of(call, region) is None:
        return "Nobody was asked: the number is withheld, unknown or too short."
    return "Who was asked is no longer known: bubbled keeps that for the latest calls, and until it ends."


def _line(daemon: Daemon) -> Check:
    connection = daemon.line.connection
    verdict = {
        ConnectionState.CONNECTED: Verdict.OK,
        ConnectionState.REFUSED: Verdict.FAILED,
    }.get(connection.state, Verdict.WARNING)
    return Check("Daemon", verdict, connection.detail or f"{connection.state.value} {connection.host}")


async def _guarded(daemon: Daemon) -> Sequence[Check]:
    try:
        return await check.pbx(daemon.settings)
    except BubbledError as error:
        return [Check("PBX", Verdict.FAILED, str(error))]
