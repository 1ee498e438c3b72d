"""Takes notes of calls: into the history, into the CRM where calls are logged, and to the colleagues."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.control.note import Noted
from bubbled.daemon.apart import kept_apart
from bubbled.error import BubbledError, ControlError, PbxError
from bubbled.model import CallState, ChangeKind, Extension, Outcome
from bubbled.note import LONGEST_TEXT, plain, with_note
from bubbled.pbx.ami.error import ActionRefusedError, ActionUnknownError, NotConnectedError
from bubbled.pbx.ami.team_note import RIGHT, TeamNote

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bubbled.daemon.call_log import CallLog
    from bubbled.daemon.desk import Desk
    from bubbled.history.past_call import PastCall
    from bubbled.history.store import History
    from bubbled.model import E164, Call, CallChange, CallId

MOST_UNSENT: Final = 100
"""Numbers of which the colleagues are still to be told; of each the last note, the oldest is given up."""

_LATEST: Final = 20
"""Calls among which that is looked for in which the user talked last."""

_TALK = (CallState.TALKING, CallState.HELD)
_HANDED_ON = frozenset({Outcome.TRANSFERRED, Outcome.PARKED})
_PERHAPS = "It is written into a CRM as well, if it turns out that one has the number."

log = structlog.get_logger()


class Notes:
    """The notes of the user and of his colleagues.

    Attributes:
        extension: the user's own, by which colleagues are told who noted.
        shares: whether colleagues are told.
    """

    def __init__(
        self,
        desk: Desk,
        history: History,
        call_log: CallLog,
        tell: Callable[[TeamNote], Awaitable[None]],
    ) -> None:
        """Prepare; `tell` has the PBX tell everybody, and raises `PbxError` when it does not."""
        self.extension, self.shares = Extension(""), False
        self._desk = desk
        self._history = history
        self._call_log = call_log
        self._tell = tell
        self._taking = asyncio.Lock()
        self._of_running: dict[CallId, TeamNote] = {}
        self._unsent: dict[E164, TeamNote] = {}
        self._woken = asyncio.Event()
        self._is_refused = False

    def settings_changed(self, extension: str, *, shares: bool) -> None:
        """Go by other settings from now on."""
        self.extension, self.shares = Extension(extension), shares

    # What the user notes.

    async def take(self, call_id: CallId | None, text: str, about: E164 | None = None) -> Noted | None:
        """Add a note to a call of any day; its popup shows it at once.

        Args:
            call_id: None: of the call in which the user talks, else of that in which he talked last.
            text: at most `LONGEST_TEXT` characters.
            about: the number outside that was on the line when the user began it; None: which is now.

        Returns:
            What is noted of the call now; None when there is no such call.

        Raises:
            ControlError: it is no note, or too much.
            HistoryError: bubbled is stopping.
        """
        text = _note(text)
        async with self._taking:  # else of two notes at once the second would take the first one's place
            past = await self._wanted(call_id)
            if past is None:
                return None
            note, about = _longer(past, text), about or _about(past)
            self._history.note(past.call.id, note, self._desk.now(), about)
            is_saved = await self._history.settled()
        directory, obstacle = await self._into_crm(past.call.id, text)
        remark = obstacle or (_PERHAPS if self._call_log.is_wanted and directory is None else None)
        self._desk.note_taken(self._desk.calls.get(past.call.id, past.call))
        if about is not None:
            self._share(past.call.id, TeamNote(about, self.extension, note))
        if not is_saved:
            return Noted(past.call.id, directory, note, self._history.trouble, is_partial=True)
        return Noted(past.call.id, directory, note, remark, is_partial=obstacle is not None)

    async def _wanted(self, call_id: CallId | None) -> PastCall | None:
        if call_id is not None:
            return await self._history.call(call_id)
        running = max(self._desk.calls.values(), key=_talk_of_the_day, default=None)
        past = None if running is None else await self._history.call(running.id)
        return past or await self._latest()

    async def _latest(self) -> PastCall | None:
        latest = list(reversed(await self._history.calls(_LATEST)))
        return next((past for past in latest if past.answered_at), next(iter(latest), None))

    async def _into_crm(self, call_id: CallId, text: str) -> tuple[str | None, str | None]:
        """Give where the note will stand as well, and what hinders that."""
        if not self._call_log.is_wanted:
            return None, None
        try:
            return await self._call_log.note(call_id, text), None
        except BubbledError as obstacle:
            return None, str(obstacle)

    # What the colleagues are told, and tell.

    def heard(self, note: TeamNote) -> None:
        """Take what somebody in the team noted; the user hears himself, too."""
        if note.teller == self.extension or not self.shares:
            return
        with kept_apart("notes"):
            self._history.told(note.number, note.teller, note.text, self._desk.now())
            for call in self._desk.calls.values():
                if call.e164 == note.number:
                    self._desk.note_taken(call)

    def calls_changed(self, changes: Sequence[CallChange]) -> None:
        """Tell the colleagues again when a call goes on to them: one of them may have come only since."""
        for change in changes:
            if change.kind is ChangeKind.ENDED:
                note = self._of_running.pop(change.call.id, None)
                if note is not None and change.call.outcome in _HANDED_ON:
                    self._send(note)

    def connected(self) -> None:
        """The PBX can be reached: what could not be told is told now."""
        self._is_refused = False
        self._woken.set()

    async def run(self) -> NoReturn:
        """Tell the colleagues, until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self._deliver()

    def _share(self, call_id: CallId, note: TeamNote) -> None:
        if self.shares:
            if call_id in self._desk.calls:
                self._of_running[call_id] = note
            self._send(note)

    def _send(self, note: TeamNote) -> None:
        self._unsent.pop(note.number, None)
        if len(self._unsent) >= MOST_UNSENT:
            del self._unsent[next(iter(self._unsent))]
        self._unsent[note.number] = note
        self._woken.set()

    async def _deliver(self) -> None:
        while self._unsent:
            note = next(iter(self._unsent.values()))
            try:
                await self._tell(note)
            except (NotConnectedError, ActionUnknownError):
                return  # heard twice, a note is one note: it is told again on the next connection
            except PbxError as refusal:
                self._complain(refusal)
            if self._unsent.get(note.number) is note:
                del self._unsent[note.number]

    def _complain(self, refusal: PbxError) -> None:
        if not self._is_refused:
            lack = f"write={RIGHT}" if isinstance(refusal, ActionRefusedError) else None
            log.warning("colleagues are not told of notes", reason=str(refusal), missing_right=lack)
        self._is_refused = True


def _talk_of_the_day(call: Call) -> tuple[bool, int]:
    """The higher, the rather is a note meant for this call: one with a customer, though he be on hold."""
    talks = call.state in _TALK
    return talks and not call.internal, len(_TALK) - _TALK.index(call.state) if talks else 0


def _about(past: PastCall) -> E164 | None:
    """The number outside that a note is about: the customer, also while the user asks a colleague."""
    if past.call.e164 is not None and not past.call.internal:
        return past.call.e164
    return None if past.note is None else past.note.about


def _note(text: str) -> str:
    note = plain(text)
    if not note or len(note) > LONGEST_TEXT:
        raise ControlError(f"A note must be a text of at most {LONGEST_TEXT} characters.")
    return note


def _longer(past: PastCall, text: str) -> str:
    try:
        return with_note(past.note.text if past.note else "", text)
    except ValueError as error:
        raise ControlError(f"The note is not kept: {error}.") from None
