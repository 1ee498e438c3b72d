"""The daemon as the control API sees it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bubbled.control.calls import MOST_CALLS
from bubbled.control.dialling import DeviceState, Dialling, From, Wish
from bubbled.control.workplace import Workplace
from bubbled.daemon import choice_desk, doctor, live_desk, pbx_account, press_desk, question_desk, status_desk
from bubbled.daemon.history_desk import HistoryDesk, midnight
from bubbled.dialing.destination import Source
from bubbled.display import Display
from bubbled.error import ControlError
from bubbled.number import to_e164
from bubbled.popup.legend import legend_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date

    from bubbled.control.check import Check, Stanza
    from bubbled.control.choice import Matches
    from bubbled.control.layout import Candidate, Preview
    from bubbled.control.live import LiveCall
    from bubbled.control.moment_story import StoryAt
    from bubbled.control.note import Noted
    from bubbled.control.person import Person
    from bubbled.control.press import Offered
    from bubbled.control.question import Explained, LookedUp, Why
    from bubbled.control.search import Found, Search
    from bubbled.control.settings import CheckedSettings, SettingsChange, SettingsState
    from bubbled.control.status import JsonObject, Status
    from bubbled.daemon.daemon import Daemon
    from bubbled.model import CallId, Mute


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
        return await status_desk.status(self._daemon)

    async def calls(self, limit: int | None, on: date | None = None) -> Sequence[JsonObject]:
        """Give the latest calls of the user, or those of a day, the newest last."""
        history = self._daemon.history
        if on is None:
            past = await history.calls(limit or self._daemon.settings.history.last_calls)
        else:
            until = midnight(on + timedelta(days=1))
            past = await history.calls(limit or MOST_CALLS, since=midnight(on), until=until)
        return [call.to_json() for call in await self._daemon.renewal.calls(past)]

    async def search(self, wanted: Search) -> Found:
        """Search the history."""
        return await self._past.search(wanted)

    async def to_call_back(self) -> Sequence[JsonObject]:
        """Give the missed calls that ask to be called back."""
        return await self._past.to_call_back(self._daemon.desk.now())

    async def person(self, number: str) -> Person | None:
        """Tell all that the history knows of a number."""
        return await self._past.person(number)

    async def calls_csv(self, wanted: Search) -> AsyncIterator[bytes]:
        """Give all calls that a search finds as CSV, in pieces."""
        return await self._past.calls_csv(wanted)

    @property
    def _past(self) -> HistoryDesk:
        settings = self._daemon.settings
        return HistoryDesk(self._daemon.history.catalogue, settings.team.names, settings.me.region)

    async def workplace(self) -> Workplace:
        """Tell where the user sits, and who his colleagues are."""
        me, names = self._daemon.settings.me, self._daemon.settings.team.names
        colleagues = {extension: name for extension, name in names.items() if extension != me.extension}
        return Workplace(me.extension, me.region, colleagues)

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
        return await choice_desk.matches(self._daemon.desk, self._daemon.history, call_id)

    async def choose(self, call_id: CallId | None, match: int) -> Matches | None:
        """Take one of the matches for the other party."""
        return await choice_desk.choose(self._daemon.desk, self._daemon.history, call_id, match)

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

    async def lookup(self, number: str) -> LookedUp:
        """Ask every directory about a number as a person writes it."""
        return await question_desk.lookup(self._daemon.desk, number)

    async def explain(self, number: str) -> Explained:
        """Tell what a lookup of a number would tell to whom."""
        return question_desk.explain(self._daemon.desk, number)

    async def why(self, call_id: CallId | None) -> Why | None:
        """Tell how it came that the popup of a call showed what it showed."""
        return await self._daemon.stories.why(call_id)

    async def why_at(self, at: datetime) -> StoryAt:
        """Tell what happened around a moment, and why there was no popup then."""
        return await self._daemon.stories.why_at(at)

    async def focus(self) -> bool:
        """Give the newest popup the keyboard."""
        return await self._daemon.desk.focus()

    async def reload(self) -> Sequence[str]:
        """Apply the settings file as it is now."""
        return await self._daemon.reload()

    async def forget(self, number: str) -> int:
        """Erase a number from the history, in whatever notation it was kept."""
        kept = to_e164(number, self._daemon.settings.me.region) or number
        is_gone = self._daemon.desk.research.forget(kept)
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
        return await doctor.checks(self._daemon)

    async def stanza(self) -> Stanza:
        """Give what the administrator of the PBX has to add there."""
        return await pbx_account.stanza(self._daemon.settings)

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

    async def preview(self, candidate: Candidate) -> Preview:
        """Tell what a candidate makes of a call."""
        return await self._daemon.layouts.preview(candidate)

    async def try_button(self, candidate: Candidate, button: int) -> str:
        """Do once what a button of a candidate is for."""
        return await self._daemon.layouts.press(candidate, button)

    async def show_example(self, candidate: Candidate) -> JsonObject:
        """Show the popup that a candidate makes of a call."""
        card = await self._daemon.layouts.show_example(candidate)
        return {"headline": card.headline, "lines": list(card.lines), "screen": self._daemon.desk.screen.name}

    async def live(self) -> Sequence[LiveCall]:
        """Give the calls that go on, with their cards."""
        daemon = self._daemon
        return await live_desk.live(daemon.desk, daemon.history, daemon.layout)

    def live_changes(self) -> AsyncIterator[JsonObject]:
        """Tell that something of them changed."""
        return self._daemon.desk.news.subscribe()

    async def open_pages(self, page: str) -> str:
        """Give the address by which one browser may open the pages."""
        return await self._daemon.pages.invite(page)

    async def settings(self) -> SettingsState:
        """Tell what the settings file holds."""
        return await self._daemon.settings_desk.state()

    async def save_settings(self, change: SettingsChange) -> SettingsState:
        """Change the settings file and apply it."""
        return await self._daemon.settings_desk.save(change)

    async def check_settings(self, change: SettingsChange) -> CheckedSettings:
        """Tell what a change of it would lead to."""
        return await self._daemon.settings_desk.check(change)

    async def undo_settings(self, digest: str) -> SettingsState:
        """Take the latest change of it back."""
        return await self._daemon.settings_desk.undo(digest)

    def subscribe(self) -> AsyncIterator[JsonObject]:
        """Follow the changes of calls."""
        return self._daemon.desk.feed.subscribe()
