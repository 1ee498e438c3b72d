"""Which calls go into a CRM: the user's calls as they pass, with their contacts and the user's notes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bubbled.daemon.call_log_state import states
from bubbled.directory.call_log.courier import Courier
from bubbled.directory.call_log.ledger import is_open
from bubbled.directory.call_log.port import WritesCalls
from bubbled.directory.call_log.record import Conversation, obstacle, record_of
from bubbled.error import ControlError
from bubbled.model import CallState, ChangeKind
from bubbled.note import with_note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bubbled.control.status import CallLogState
    from bubbled.directory.call_log.entry import Entry
    from bubbled.directory.call_log.port import CallWriter
    from bubbled.directory.port import Directory
    from bubbled.model import CallChange, CallId, Contact

MOST_ENDED: Final = 20
"""Calls that are over, of which it may still turn out who it was."""

_TALKING = frozenset({CallState.TALKING, CallState.HELD})


class CallLog:
    """Follows the user's calls, and gives those that are to be written to the courier.

    Attributes:
        wished: the names of the directories in which the settings want calls to be written.
        colleague: whose calls these are, by name or extension.
        names: colleagues by extension.
    """

    def __init__(
        self, path: Path, directories: Callable[[], Sequence[Directory]], now: Callable[[], datetime]
    ) -> None:
        """Prepare.

        Args:
            path: the file in which calls wait.
            directories: gives those that are asked now, since a reload of the settings exchanges them.
            now: tells the present moment, aware.
        """
        self.wished: tuple[str, ...] = ()
        self.colleague = ""
        self.names: Mapping[str, str] = {}
        self._directories = directories
        self._conversations: dict[CallId, Conversation] = {}
        self._courier = Courier(path, self.writer_of, now)

    def settings_changed(self, wished: Sequence[str], colleague: str, names: Mapping[str, str]) -> None:
        """Go by other settings from now on; what the user may have mended is tried at once."""
        self.wished, self.colleague, self.names = tuple(wished), colleague, names
        self._courier.relieve()

    async def start(self) -> None:
        """Take up what the last run left; the directories are there by now."""
        await self._courier.start()

    async def run(self) -> None:
        """Write what becomes due, until cancelled."""
        await self._courier.run()

    async def aclose(self) -> None:
        """Keep what is not on the disk yet."""
        await self._courier.aclose()

    def writer_of(self, directory: str) -> CallWriter | None:
        """What writes calls into a directory; None where nothing does."""
        named = (each for each in self._directories() if each.name == directory)
        return next((each.call_writer for each in named if isinstance(each, WritesCalls)), None)

    # What happens.

    def changed(self, change: CallChange, now: datetime) -> None:
        """A call of the user changed."""
        call = change.call
        known = self._conversations.pop(call.id, None) or Conversation(call=call, started_at=now)
        talks = change.kind is ChangeKind.ANSWERED or call.state in _TALKING
        self._conversations[call.id] = replace(
            known,
            call=call,
            answered_at=known.answered_at or (now if talks else None),
            ended_at=now if change.kind is ChangeKind.ENDED else None,
        )
        self._submit(call.id)
        self._let_go()

    def found(self, call_id: CallId, number: str, contact: Contact) -> None:
        """The directories say who has the number that was asked about."""
        known = self._conversations.get(call_id)
        if known is not None and not (known.is_chosen and known.about == number):
            self._conversations[call_id] = replace(known, contact=contact, about=number, is_chosen=False)
            self._submit(call_id)

    def chosen(self, call_id: CallId, contact: Contact) -> None:
        """The user says who it is."""
        known = self._conversations.get(call_id)
        if known is not None:
            self._conversations[call_id] = replace(known, contact=contact, about=known.number, is_chosen=True)
            self._submit(call_id)

    async def forget(self, number: str) -> int:
        """Erase the calls with a number; tell how many will not be written because of that.

        Raises:
            OutboxError: they may still be on the disk.
        """
        for call_id, known in list(self._conversations.items()):
            if number in {known.number, known.about} and known.ended_at is not None:
                del self._conversations[call_id]
        return await self._courier.ledger.forget(number)

    def _submit(self, call_id: CallId) -> None:
        """Give a call that has ended to the courier, or take it back: it may turn out late who it was."""
        known = self._conversations[call_id]
        if known.ended_at is None:
            return
        contact, ledger = known.who, self._courier.ledger
        writer = None if contact is None else self.writer_of(contact.directory)
        kind = None if writer is None or contact is None else writer.kind_of(contact)
        handed_to = known.call.transferred_to
        record = record_of(
            known,
            mark=str(uuid.uuid4()),
            account="" if writer is None else writer.account,
            kind=kind,
            colleague=self.colleague,
            handed_to=handed_to and self.names.get(handed_to, handed_to),
        )
        if writer is None or record is None or not writer.takes(kind):
            ledger.withdraw(call_id)
        else:
            ledger.accept(record, known.ended_at, writer.after_s)

    def _let_go(self) -> None:
        ended = [call_id for call_id, each in self._conversations.items() if each.ended_at is not None]
        for call_id in ended[: max(0, len(ended) - MOST_ENDED)]:
            del self._conversations[call_id]

    # What the user asks for.

    @property
    def is_wanted(self) -> bool:
        """Whether calls are to be written into a directory that can do so."""
        return any(self.writer_of(name) for name in self.wished)

    async def note(self, call_id: CallId, text: str) -> str | None:
        """Add a note to what will be written of a call.

        Returns:
            The directory in which it will stand; None while nobody there is known to be on the line.

        Raises:
            ControlError: the call will not be written, or is written already.
            OutboxError: the note cannot be kept.
        """
        if (entry := self._courier.ledger.entry(call_id)) is not None:
            return await self._note_on(entry, text)
        known = self._conversations.get(call_id)
        if known is None:
            raise ControlError(
                "The call ended too long ago to be written into a CRM with it: add the note there."
            )
        if known.ended_at is not None or known.call.internal:
            reason = obstacle(known) or "none of the directories that write calls knows its number"
            raise ControlError(f"The call is not written into a CRM: {reason}.")
        contact = known.who
        self._conversations[call_id] = replace(known, note=_longer(known.note, text))
        writes = contact is not None and self.writer_of(contact.directory) is not None
        return contact.directory if contact and writes else None

    async def _note_on(self, entry: Entry, text: str) -> str:
        record = entry.record
        if not is_open(entry):
            raise ControlError(
                f"The call is written, or was tried to be, in {record.directory}: add the note there."
            )
        noted = replace(record, note=_longer(record.note, text))
        self._courier.ledger.put(replace(entry, record=noted))
        if (known := self._conversations.get(record.call_id)) is not None:
            self._conversations[record.call_id] = replace(known, note=noted.note)
        await self._courier.ledger.flush()
        return record.directory

    @property
    def trouble(self) -> str | None:
        """Why no call is written at all; None when nothing is in the way."""
        return self._courier.trouble

    def states(self) -> tuple[CallLogState, ...]:
        """How it stands with each directory in which calls are written, or were."""
        return tuple(states(self.wished, self._courier.ledger.entries, self.writer_of))


def _longer(earlier: str, text: str) -> str:
    try:
        return with_note(earlier, text)
    except ValueError as error:
        raise ControlError(f"The note does not go into the CRM: {error}.") from None
