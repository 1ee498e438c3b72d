"""The history as the daemon uses it: what is recorded is seen at once, and saved in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from bubbled.error import HistoryError
from bubbled.history.erasure import Spellings
from bubbled.history.fault import FileDamagedError
from bubbled.history.past_call import PastCall, keepable, last_contact, seen
from bubbled.history.unsaved import Entry, overlaid
from bubbled.history.writer import Writer
from bubbled.model import ME, Mute

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from bubbled.history.file import HistoryFile
    from bubbled.model import E164, CallChange, CallId, Contact, LastContact, Owner

RETRY_S: Final = 5.0


class History:
    """The calls of the user, and of colleagues with numbers outside; and whether popups are muted.

    Recording neither waits nor raises: what cannot be saved waits in memory, is seen by every question, and
    is saved when the file can be written again; `trouble` tells. Questions do not raise either: while the
    file cannot be read they answer from memory.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @classmethod
    async def open(cls, path: Path, *, now: Callable[[], datetime], retry_s: float = RETRY_S) -> Self:
        """Open the history in whatever state its file is; this never fails. End it with `aclose`.

        A damaged file is set aside as `<name>.damaged-<time>` and a new one begun. A file of a newer bubbled,
        or one that another daemon uses, is left alone and calls are kept in memory only.

        Args:
            path: the file; its folder is made when missing.
            now: the aware time, to name a file that is set aside.
            retry_s: how long to wait before a file that could not be written is tried again.
        """
        writer = Writer(path, now, retry_s)
        await writer.start()
        return cls(writer)

    async def aclose(self) -> None:
        """Save what waits and close the file."""
        await self._writer.stop()

    @property
    def trouble(self) -> str | None:
        """Why the history is not kept as it should be, or that one was set aside; None: all is well."""
        return self._writer.trouble

    def record(self, change: CallChange, at: datetime) -> None:
        """Remember a change of a call. The same change twice, or one of an unknown call, does no harm.

        Args:
            change: of a call of the user or of a colleague; calls among colleagues are not kept.
            at: when it happened, aware.
        """
        self._note(change.call.id, Entry(past=seen(change, at)))

    def contact(self, call_id: CallId, contact: Contact) -> None:
        """Remember who a directory says it is; of a call that is not kept this is not kept either.

        The latest counts. What the source forbids to keep (`Contact.transient`) is left out.
        """
        self._note(call_id, Entry(contact=keepable(contact)))

    def verdict(self, call_id: CallId, text: str) -> None:
        """Remember whether there was a popup: "shown", or why not."""
        self._note(call_id, Entry(popup=text))

    async def calls(self, limit: int, owner: Owner = ME) -> list[PastCall]:
        """Give the latest calls of one owner, running ones too, at most `limit`, the newest last."""
        found = await self._seen(lambda file, unsaved: file.newest(limit + unsaved, owner))
        mine = sorted(
            (past for past in found if past.call.owner == owner),
            key=lambda past: (past.started_at, past.call.id),
        )
        return mine[max(0, len(mine) - limit) :]

    async def call(self, call_id: CallId) -> PastCall | None:
        """Give one call."""
        found = await self._seen(lambda file, _unsaved: file.calls([call_id]))
        return next((past for past in found if past.call.id == call_id), None)

    async def latest(self) -> PastCall | None:
        """Give the call of the user that began last."""
        return next(iter(await self.calls(1)), None)

    async def last_contact(
        self, number: E164, *, before: CallId, names: Mapping[str, str]
    ) -> LastContact | None:
        """Give the latest contact with a number before a call began, of the user or of a colleague.

        Args:
            number: as `Call.e164` has it.
            before: the call that asks; it may be one that is not recorded yet.
            names: colleagues by extension; who is not among them is named by extension.
        """
        asking = await self.call(before)
        moment = None if asking is None else asking.started_at
        found = await self._seen(lambda file, unsaved: file.latest_with(number, moment, 2 + unsaved))
        return last_contact(found, number, before, moment, names)

    def mute(self, until: datetime | None) -> None:
        """Remember that popups are muted, until an aware moment or (None) until unmuted."""
        self._writer.mute = Mute(until)

    def unmute(self) -> None:
        """Remember that popups are shown."""
        self._writer.mute = None

    def mute_state(self) -> Mute | None:
        """Give the mute state as it was set last, also if its end has passed; None: not muted."""
        return self._writer.mute

    async def close_dangling(self, at: datetime) -> int:
        """End the calls that a crash left open, without an outcome; tell how many.

        To be called before the first `record`. A call that lasts after all opens again with its next change.

        Raises:
            HistoryError: the file cannot be written now.
        """
        return await self._writer.do(lambda: self._writer.usable_file().close_dangling(at))

    async def prune(self, before: datetime) -> int:
        """Erase calls that ended, and files that were set aside, before a moment; tell how many calls.

        Raises:
            HistoryError: the file cannot be written now.
        """
        return await self._writer.do(lambda: self._writer.usable_file().prune(before))

    async def forget(self, number: str) -> int:
        """Erase every call with a number, in any notation, and what other calls tell of it.

        When this returns, the bytes are gone from the file and from files that were set aside. A call that is
        running is remembered again with its next change.

        Returns:
            How many calls went.

        Args:
            number: as E.164 where possible, else as the PBX wrote it.

        Raises:
            HistoryError: the file cannot be written now; it may still hold the number.
        """
        try:
            return await self._writer.do(lambda: self._writer.usable_file().forget(number))
        finally:
            self._writer.unsaved.forget(Spellings.of([number]))

    async def settled(self) -> bool:
        """Wait until all that was recorded has been saved, or could not be; tell whether it has."""
        await self._writer.do(_nothing)
        return not self._writer.unsaved

    def _note(self, call_id: CallId, entry: Entry) -> None:
        self._writer.unsaved.add(call_id, entry)
        self._writer.wake()

    async def _seen(self, ask: Callable[[HistoryFile, int], Awaitable[list[PastCall]]]) -> list[PastCall]:
        """Ask the file, for as many calls more as memory may change, and lay memory over the answer."""
        entries = self._writer.unsaved.all()
        file = self._writer.file
        if file is None:
            return overlaid([], entries)
        try:
            stored = [*await ask(file, len(entries)), *await file.calls(list(entries))]
        except HistoryError as error:
            if isinstance(error, FileDamagedError) and file is self._writer.file:
                self._writer.report(error)
            stored = []
        return overlaid(stored, entries)


async def _nothing() -> int:
    return 0
