"""Does what buttons are for, beside the flow of calls: no press waits for another, nor the loop for any."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

import structlog

from bubbled.action import opener, program
from bubbled.action.clipboard import Clipboard
from bubbled.action.port import ActionError
from bubbled.action.question import ask
from bubbled.display import desktop_variables
from bubbled.error import BubbledError
from bubbled.model import PopupId
from bubbled.popup.command import Choose, CopyText, Dial, MuteFor, OpenUri, RunProgram, TakeNote

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from datetime import datetime

    from bubbled.action.wording import Sentences
    from bubbled.control.note import Noted
    from bubbled.daemon.desk import Desk
    from bubbled.model import E164, CallId, Card
    from bubbled.popup.command import Action

NOTICE_S: Final = 12.0
"""How long it is told why something was not done: long enough to read what to do."""

log = structlog.get_logger()


class ActionDesk:
    """Carries out actions; what fails is told on the screen and takes nothing else along.

    Attributes:
        sentences: in which that is told.
        secrets: the environment variables that hold secrets, of which no program is told.
    """

    def __init__(
        self,
        desk: Desk,
        sentences: Sentences,
        *,
        mute: Callable[[datetime | None], object],
        take_note: Callable[[CallId, str, E164 | None], Awaitable[Noted | None]],
    ) -> None:
        """Serve a desk.

        Args:
            desk: whose popups have the buttons.
            sentences: see above.
            mute: mutes popups until an aware moment; None: until unmuted.
            take_note: keeps a text about a number outside (None: whichever the call is with); gives None
                when there is no such call, and raises a `BubbledError` when it cannot be kept.
        """
        self.sentences = sentences
        self.secrets: frozenset[str] = frozenset()
        self._desk = desk
        self._mute = mute
        self._take_note = take_note
        self._clipboard = Clipboard()
        self._asked: set[CallId] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        desk.on_action = self.perform

    def perform(self, action: Action) -> None:
        """Begin to do it, and come back at once."""
        match action:
            case OpenUri(uri):
                self._start(self._open(uri), "opening an address")
            case CopyText(text):
                self._start(self._copy(text), "copying")
            case RunProgram(arguments):
                self._start(self._run(arguments), "running a program")
            case MuteFor(minutes):
                self._mute(self._desk.now() + timedelta(minutes=minutes) if minutes else None)
            case TakeNote(call_id, text):
                self._start(self._note(call_id, text), "taking a note")
            case Dial() | Choose():
                raise AssertionError("the desk does this itself")
            case unreachable:
                assert_never(unreachable)

    async def aclose(self) -> None:
        """Do nothing more; what was started lives on, but for questions."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._clipboard.close()

    async def _open(self, uri: str) -> None:
        await opener.open_uri(uri, await self._environment())

    async def _copy(self, text: str) -> None:
        await self._clipboard.copy(text, await self._environment())

    async def _run(self, arguments: tuple[str, ...]) -> None:
        await program.run(arguments, await self._environment())

    async def _note(self, call_id: CallId, text: str) -> None:
        call = self._desk.calls.get(call_id)  # somebody else may be on the line when the note is written
        about = None if call is None or call.internal else call.e164
        note = text or await self._asked_for_note(call_id)
        if note is None:
            return
        try:
            noted = await self._take_note(call_id, note, about)
        except BubbledError as error:
            self._tell(self.sentences.not_noted(str(error)))
            return
        if noted is None:
            self._tell(self.sentences.unknown_call())
        elif noted.is_partial:
            self._tell(self.sentences.partly_noted(noted.remark or ""))

    async def _asked_for_note(self, call_id: CallId) -> str | None:
        """Ask for it in a window of its own; one for each call."""
        if call_id in self._asked:
            return None
        self._asked.add(call_id)
        try:
            card = self._desk.popups.get(PopupId(call_id))
            title = self.sentences.note_title(card.headline if card else "")
            return await ask(title, self.sentences.note_prompt(), await self._environment())
        finally:
            self._asked.discard(call_id)

    async def _environment(self) -> dict[str, str]:
        found = await desktop_variables()
        return {name: value for name, value in found.items() if name not in self.secrets}

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(self._told_of(work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _told_of(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ActionError as error:
            log.warning("a button did not do what it is for", reason=str(error))
            self._tell(self.sentences.trouble(error))
        except Exception:
            log.exception("a button failed by a defect of bubbled")
            self._tell(self.sentences.defect())

    def _tell(self, card: Card) -> None:
        self._desk.notices.show(card, for_s=NOTICE_S)
