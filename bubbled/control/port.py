"""What the control API needs from the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date, datetime

    from bubbled.control.check import Check, Stanza
    from bubbled.control.choice import Matches
    from bubbled.control.dialling import DeviceState, Dialling, Wish
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
    from bubbled.control.workplace import Workplace
    from bubbled.model import CallId, Mute


class ControlPort(Protocol):
    """The daemon, as the commands and the pages see it.

    Calls are JSON objects in the shape of contract 4 plus `contact`, `started_at`, `answered_at`, `ended_at`,
    `popup` and `note`. Any method may raise a `BubbledError`: its text becomes the answer.
    """

    async def status(self) -> Status:
        """Tell how the daemon is now."""

    async def calls(self, limit: int | None, on: date | None = None) -> Sequence[JsonObject]:
        """Give the latest calls of the user, the newest last.

        Args:
            limit: how many at most; None: as many as the settings say or, of one day, all.
            on: only those that began on that day, where the daemon is.
        """

    async def search(self, wanted: Search) -> Found:
        """Search the history of the user, or of colleagues: the newest calls first, page by page."""

    async def to_call_back(self) -> Sequence[JsonObject]:
        """Give the missed calls of the user of the last 30 days that ask to be called back, newest first.

        One for each number, the latest, with `times`: how many there were; other keys as in `Found.calls`.
        Numbers with which the user or a colleague has talked since, and withheld ones, are not among them.
        """

    async def person(self, number: str) -> Person | None:
        """Tell all that the history knows of a number as a person writes it; None when that is nothing."""

    async def calls_csv(self, wanted: Search) -> AsyncIterator[bytes]:
        """Give all calls that a search finds as CSV, in pieces; `limit` does not count."""

    async def workplace(self) -> Workplace:
        """Tell where the user sits, and who his colleagues are."""

    async def call(self, call_id: CallId) -> JsonObject | None:
        """Give one call; None when there is none by that name."""

    async def show(self, call_id: CallId | None) -> JsonObject | None:
        """Show the popup of a call (None: the latest) again and give the call, or None when there is none."""

    async def matches(self, call_id: CallId | None) -> Matches | None:
        """Tell who may be on the line of a call; None: when there is no such call.

        Without an id, of the latest call whose number several contacts have, else of the latest.
        """

    async def choose(self, call_id: CallId | None, match: int) -> Matches | None:
        """Take one of the matches (from 1 on) for the other party, and remember it; then as `matches`."""

    async def buttons(self, call_id: CallId | None) -> Offered:
        """Tell the buttons of the popup of a call; None: of the latest popup that has any."""

    async def press(self, call_id: CallId | None, button: str, text: str) -> Offered:
        """Press one of them, by its id, with a text where it asks for one; gives the popup as it was."""

    async def note(self, call_id: CallId | None, text: str) -> Noted | None:
        """Add a note to a call; None when there is no such call.

        Without an id, to the call in which the user talks, else to that in which he talked last.
        """

    async def mute(self, until: datetime | None) -> None:
        """Show no popups until an aware moment, or until `unmute`."""

    async def unmute(self) -> None:
        """Show popups again."""

    async def toggle_mute(self) -> Mute | None:
        """Mute popups until unmuted, or show them again; tell that on the screen, and what holds now."""

    async def lookup(self, number: str) -> LookedUp:
        """Ask every directory about a number as a person writes it."""

    async def explain(self, number: str) -> Explained:
        """Tell what a lookup of a number would tell to whom; nobody is asked."""

    async def why(self, call_id: CallId | None) -> Why | None:
        """Tell why the popup of a call (None: the latest) showed what it did; None when there is no call."""

    async def why_at(self, at: datetime) -> StoryAt:
        """Tell what happened around an aware moment, and why there was no popup then."""

    async def focus(self) -> bool:
        """Give the newest popup the keyboard, and tell whether there is one that takes it."""

    async def reload(self) -> Sequence[str]:
        """Apply the settings file as it is now and give the warnings about it.

        Raises:
            ConfigError: the file cannot be used; the old settings stay.
        """

    async def forget(self, number: str) -> int:
        """Erase a number from the history and tell how many calls held it."""

    async def doctor(self) -> Sequence[Check]:
        """Check what the daemon needs: PBX, devices, screen, directories."""

    async def stanza(self) -> Stanza:
        """Give what the administrator of the PBX has to add there."""

    async def dial(self, wish: Wish) -> Dialling:
        """Call somebody for the user, or ask him first; a refusal is raised."""

    async def devices(self) -> Sequence[DeviceState]:
        """Tell the phones from which the user may call, and which of them rings."""

    async def prefer_device(self, name: str) -> Sequence[DeviceState]:
        """Let another phone ring from now on, named by device or as the user does; then as `devices`."""

    async def legend(self) -> JsonObject:
        """Tell what may stand in a layout, and what that is for the latest call."""

    async def preview(self, candidate: Candidate) -> Preview:
        """Tell what a candidate for layout and buttons makes of a call; nothing is shown or written."""

    async def try_button(self, candidate: Candidate, button: int) -> str:
        """Do once what a button of a candidate (from 1 on) is for, and say what it is; a refusal is raised.

        On an invented call nobody is called, and no note is taken.
        """

    async def show_example(self, candidate: Candidate) -> JsonObject:
        """Show the popup that a candidate makes of a call: its headline and lines, and on which screen."""

    async def live(self) -> Sequence[LiveCall]:
        """Give the calls of the user that go on, the latest first, with their cards."""

    def live_changes(self) -> AsyncIterator[JsonObject]:
        """Tell, from now on, that something of `live` changed; ends as that of `subscribe` does."""

    async def open_pages(self, page: str) -> str:
        """Give the address by which one browser may open the pages, once and soon, beginning with that one.

        Raises:
            ControlError: the settings want no pages, or their port is taken.
        """

    async def settings(self) -> SettingsState:
        """Tell what the settings file holds, without its secrets."""

    async def save_settings(self, change: SettingsChange) -> SettingsState:
        """Change the settings file and apply it; then as `settings`.

        Raises:
            InvalidSettings: the settings would be wrong; nothing is written.
            ConfigError: somebody else has changed the file, or it cannot be written or applied.
        """

    async def check_settings(self, change: SettingsChange) -> CheckedSettings:
        """Tell what a change would lead to; nothing is written. Raises ConfigError as `save_settings`."""

    async def undo_settings(self, digest: str) -> SettingsState:
        """Put back what the file held before it was changed here last, if it is as `digest` tells.

        Raises:
            ConfigError: there is nothing to undo, or somebody else has changed the file.
        """

    def subscribe(self) -> AsyncIterator[JsonObject]:
        """Follow the changes of calls from now on, as `replay --json` writes them.

        The iterator ends when the daemon stops or the reader is too slow (`Feed` does both); its `aclose`, if
        it has one, is called when the reader goes.
        """
