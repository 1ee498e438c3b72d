"""The history as the daemon uses it: what is recorded is seen at once, and saved in the background."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final, Self

from bubbled.history.annals import Annals
from bubbled.history.catalogue import Catalogue
from bubbled.history.dealings import dealings
from bubbled.history.erasure import Spellings
from bubbled.history.note import Note, ToldNote
from bubbled.history.past_call import PastCall, keepable, seen
from bubbled.history.step_row import tells
from bubbled.history.unsaved import Entry
from bubbled.history.view import View
from bubbled.history.writer import Writer
from bubbled.model import ME, Dealings, Mute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from bubbled.model import E164, CallChange, CallId, Contact, Extension, Owner

RETRY_S: Final = 5.0

_MOST_WHILE_MUTED: Final = 1000


class History:
    """The calls of the user, and of colleagues with numbers outside; notes; and whether popups are muted.

    Recording neither waits nor raises: what cannot be saved waits in memory, is seen by every question, and
    is saved when the file can be written again; `trouble` tells. Questions do not raise either: while the
    file cannot be read they answer from memory.

    Attributes:
        catalogue: finds calls.
        annals: the stories of calls, and what concerned all of them.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._view = View(writer)
        self.annals = Annals(writer, self._view)
        self.catalogue = Catalogue(self._view)

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
        self._add(change.call.id, Entry(past=seen(change, at)))

    def contact(self, call_id: CallId, contact: Contact) -> None:
        """Remember who a directory says it is; of a call that is not kept this is not kept either.

        The latest counts. What the source forbids to keep (`Contact.transient`) is left out.
        """
        self._add(call_id, Entry(contact=keepable(contact)))

    def verdict(self, call_id: CallId, text: str) -> None:
        """Remember whether there was a popup: "shown", or why not."""
        self._add(call_id, Entry(popup=text))

    def note(self, call_id: CallId, text: str, at: datetime, about: E164 | None) -> None:
        """Remember what is noted of a call, all of it: it takes the place of what was noted of it before.

        Of a call that is not kept this is not kept either.

        Args:
            call_id: the call.
            text: in lines.
            at: when it was noted, aware.
            about: the number on the line; None when that is withheld or a colleague's.
        """
        self._add(call_id, Entry(note=Note(text, at.astimezone(UTC), about)))

    def told(self, number: E164, teller: Extension, text: str, at: datetime) -> None:
        """Remember what a colleague, by extension, noted of a number, instead of what he noted before."""
        self._writer.unsaved.tell(ToldNote(number, teller, text, at.astimezone(UTC)))
        self._writer.wake()

    async def calls(
        self, limit: int, owner: Owner = ME, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[PastCall]:
        """Give the latest calls of one owner, running ones too, at most `limit`, the newest last.

        Args:
            limit: how many at most.
            owner: whose.
            since: only those that began at that moment or later.
            until: only those that began before.
        """
        found = await self._view.calls(
            lambda read, unsaved: read.newest(limit + unsaved, owner, since, until)
        )
        mine = sorted(
            (past for past in found if past.call.owner == owner and _began_within(past, since, until)),
            key=lambda past: (past.started_at, past.call.id),
        )
        return mine[max(0, len(mine) - limit) :]

    async def calls_while_muted(self, since: datetime, until: datetime) -> list[PastCall]:
        """Give the calls of the user that began within a time and had no popup because of a mute.

        The newest last; calls of which the popup came after all, when the mute ended, are not among them.
        """
        calls = await self.calls(_MOST_WHILE_MUTED, since=since, until=until)
        return [past for past in calls if (past.popup or "").startswith("muted")]

    async def call(self, call_id: CallId) -> PastCall | None:
        """Give one call."""
        found = await self._view.calls(lambda read, _unsaved: read.calls([call_id]))
        return next((past for past in found if past.call.id == call_id), None)

    async def latest(self) -> PastCall | None:
        """Give the call of the user that began last."""
        return next(iter(await self.calls(1)), None)

    async def dealings(self, number: E164 | None, *, before: CallId, names: Mapping[str, str]) -> Dealings:
        """Tell what was with a number before a call began, with the user or a colleague, and the last note.

        Args:
            number: as `Call.e164` has it; None: nothing is known but what is noted of the call itself.
            before: the call that asks; it may be one that is not recorded yet.
            names: colleagues by extension; who is not among them is named by extension.
        """
        asking = await self.call(before)
        if number is None:
            return Dealings(note=asking.note.text if asking and asking.note else "")
        found = await self._view.dealt(number, asking)
        return dealings(
            number,
            [*found, asking] if asking else found,
            await self._view.told(number),
            await self._view.spans(number, asking, found),
            asking=asking,
            names=names,
        )

    def mute(self, until: datetime | None, since: datetime | None = None) -> None:
        """Remember that popups are muted, until an aware moment or (None) until unmuted, and since when."""
        self._writer.mute = Mute(until, since)

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
        """Erase what ended, was told by colleagues or set aside before a moment; tell how many calls.

        Raises:
            HistoryError: the file cannot be written now.
        """
        return await self._writer.do(lambda: self._writer.usable_file().prune(before))

    async def prune_stories(self, before: datetime) -> int:
        """Erase the steps of stories of before a moment; tell how many.

        Raises:
            HistoryError: the file cannot be written now.
        """
        return await self._writer.do(lambda: self._writer.usable_file().prune_steps(before))

    async def forget(self, number: str) -> int:
        """Erase every call with a number, in any notation, with its notes, and what other calls tell of it.

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
            spellings = Spellings.of([number])
            self._writer.unsaved.forget(spellings)
            self._writer.steps.forget(spellings, tells)

    async def settled(self) -> bool:
        """Wait until all that was recorded has been saved, or could not be; tell whether it has."""
        await self._writer.do(_nothing)
        return not self._writer.unsaved and not self._writer.steps

    def _add(self, call_id: CallId, entry: Entry) -> None:
        self._writer.unsaved.add(call_id, entry)
        self._writer.wake()


def _began_within(past: PastCall, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or past.started_at >= since) and (until is None or past.started_at < until)


async def _nothing() -> int:
    return 0
