"""Who is on the line, and what was with them before: asks the directories and the history about calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.daemon.apart import kept_apart
from bubbled.daemon.call_tasks import CallTasks
from bubbled.daemon.identification import Identification
from bubbled.daemon.search import question_of
from bubbled.popup.subject import NOTHING, Finding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bubbled.daemon.archive import Archive
    from bubbled.daemon.search import Search
    from bubbled.directory.choice import Choices
    from bubbled.directory.order.answer import Question
    from bubbled.directory.order.lookup import Lookup
    from bubbled.model import E164, Call, CallId, Contact, Dealings

    OnFound = Callable[[CallId, Finding, str | None], None]
    """Told who it is, and the number that was asked about; None: nobody was asked."""

    OnAnswered = Callable[[CallId, Search | None, Finding], None]
    """Told what became of the question to each directory, and who it is; None: nobody was asked."""

    OnDealings = Callable[[CallId, Dealings | None, str | None], None]
    """Told what was with them before; the number as above."""


async def _nobody(_directory: str, _contact_id: str) -> Contact | None:
    return None


class Research:
    """Asks everybody who may know, once for each number that a call comes to have.

    Attributes:
        region: where the user is, ISO 3166.
        refresh: asks a directory, by its name, for a contact by its `id`, which is all that the history keeps
            where the terms forbid more; gives None when there is no answer.
        on_answered: told when all have answered that are waited for; may be set once, before it is needed.
    """

    def __init__(
        self, archive: Archive, lookup: Lookup, choices: Choices, on_found: OnFound, on_dealings: OnDealings
    ) -> None:
        self.region = ""
        self.refresh: Callable[[str, str], Awaitable[Contact | None]] = _nobody
        self.on_answered: OnAnswered = lambda _call_id, _search, _finding: None
        self._archive = archive
        self._who = Identification(lookup, choices, self._found)
        self._on_found = on_found
        self._on_dealings = on_dealings
        self._asked: dict[CallId, Question | None] = {}
        self._tasks = CallTasks()

    @property
    def lookup(self) -> Lookup:
        """What asks the directories."""
        return self._who.lookup

    async def start(self) -> None:
        """Get the directories ready."""
        with kept_apart("directories"):
            await self.lookup.start()

    def give_up(self) -> None:
        """Ask nothing more."""
        self._tasks.give_up()

    async def aclose(self) -> None:
        """Let the directories go."""
        with kept_apart("directories"):
            await self.lookup.aclose()

    async def exchange(self, lookup: Lookup, calls: Iterable[Call]) -> None:
        """Ask other directories from now on, also about the `calls` that go on."""
        old, self._who.lookup = self.lookup, lookup
        with kept_apart("directories"):
            await lookup.start()
        for call in calls:
            if (question := question_of(call, self.region)) is not None:
                self._tasks.start(call.id, self._who.find(call.id, question), "who is on the line")
        with kept_apart("directories"):
            await old.aclose()

    # What is asked.

    def call_changed(self, call: Call) -> None:
        """Ask about a call, unless that was done."""
        if call.outcome is not None:
            self._asked.pop(call.id, None)  # what is still under way may name the caller that was missed
            self._who.searches.ended(call.id)
            return
        question, before = question_of(call, self.region), self._asked.get(call.id)
        if question is None and call.id not in self._asked:
            self.on_answered(call.id, None, NOTHING)
        self._asked[call.id] = question
        if question == before:
            return
        self._tasks.give_up(call.id)
        if question is None:
            self._who.searches.drop(call.id)
            self._on_found(call.id, NOTHING, None)
            self._on_dealings(call.id, None, None)
            self.on_answered(call.id, None, NOTHING)
            return
        self._tasks.start(call.id, self._who.find(call.id, question), "who is calling")
        if call.e164 is not None:
            self.ask_dealings(call)

    def begins_anew(self, call_id: CallId) -> None:
        """Let a call be asked about once more: what was found before could not be kept yet."""
        self._asked.pop(call_id, None)

    def ask_dealings(self, call: Call) -> None:
        """Ask what was with a number before, and what is noted of the call or its number."""
        self._tasks.start(
            call.id, self._find_dealings(call.id, call.e164), "what was with that number before"
        )

    def ask_again(self, call_id: CallId, kept: Contact) -> None:
        """Ask for what of a contact could not be kept."""
        self._tasks.start(call_id, self._refresh(call_id, kept), "who was it")

    # What came of it.

    def trace(self, call_id: CallId) -> Search | None:
        """What became of the question who it is; None of calls that nobody was asked about, or long ago."""
        return self._who.searches[call_id]

    def with_choice(self) -> CallId | None:
        """The latest call of which several contacts have the number; without one, the latest call."""
        return self._who.searches.latest_with_choice()

    def finding(self, call_id: CallId) -> Finding:
        """Who it may be, while that can be chosen."""
        return self._who.searches.finding(call_id)

    def chosen(self, call_id: CallId, contact: Contact) -> None:
        """Remember that the user said who it is."""
        with kept_apart("directories"):
            self._who.choose(call_id, contact)

    def forget(self, number: str) -> bool:
        """Forget what was found for a number, and whom the user chose; tell whether it is off the disk."""
        return self._who.forget(number)

    def _found(self, call_id: CallId, question: Question, finding: Finding) -> None:
        self._on_found(call_id, finding, question.number)
        if finding.contact is not None and not finding.is_provisional:
            self._archive.found(call_id, question.number, finding.contact)
        if not finding.is_provisional:
            self.on_answered(call_id, self.trace(call_id), finding)

    async def _find_dealings(self, call_id: CallId, number: E164 | None) -> None:
        self._on_dealings(call_id, await self._archive.dealings(call_id, number), number)

    async def _refresh(self, call_id: CallId, kept: Contact) -> None:
        contact = await self.refresh(kept.directory, kept.id) if kept.id else None
        if contact is not None:
            self._on_found(call_id, Finding(contact=contact), None)
