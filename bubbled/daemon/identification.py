"""Finds out who is on the line: asks the directories, and remembers whom the user chose among several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.daemon.search import Search, Searches, finding_of
from bubbled.directory.order.answer import Reply
from bubbled.model import E164, Extension

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.choice import Choices
    from bubbled.directory.order.answer import Answer, Question
    from bubbled.directory.order.lookup import Lookup
    from bubbled.model import CallId, Contact
    from bubbled.popup.subject import Finding

    OnFound = Callable[[CallId, Question, Finding], None]
    """Told what is known about a call so far; the last time what remains so."""

_REALLY_ANSWERED = frozenset({Reply.HIT, Reply.MISS})


class Identification:
    """Asks about calls, one question at a time for each.

    Attributes:
        lookup: asks the directories; may be exchanged.
        searches: what came of the questions about the latest calls.
    """

    def __init__(self, lookup: Lookup, choices: Choices, on_found: OnFound) -> None:
        self.lookup = lookup
        self.searches = Searches()
        self._choices = choices
        self._on_found = on_found

    async def find(self, call_id: CallId, question: Question) -> None:
        """Ask about a call, in the place of what was asked about it before."""
        self.searches.note(call_id, Search(question))
        self._take(
            call_id, question, await self.lookup.ask(question, lambda a: self._take(call_id, question, a))
        )

    def _take(self, call_id: CallId, question: Question, answer: Answer) -> None:
        search = self.searches[call_id]
        if search is None or search.question != question:
            return  # somebody else is on the line by now, or the number is to be forgotten
        if not answer.provisional:
            self._look_for_chosen(question, answer)
        finding = finding_of(answer, self._choices.in_order(question.number, answer.matches))
        self.searches.note(call_id, Search.of(question, answer), finding)
        self._on_found(call_id, question, finding)

    def _look_for_chosen(self, question: Question, answer: Answer) -> None:
        """Let the choice be forgotten whose contact the directory does not have any more."""
        for asked in answer.trace:
            if asked.outcome in _REALLY_ANSWERED and not asked.cached:
                self._choices.heard(question.number, asked.directory, asked.matches)

    def choose(self, call_id: CallId, contact: Contact) -> None:
        """Remember that the user said who it is."""
        self.searches.chosen(call_id, contact)
        if (search := self.searches[call_id]) is not None:
            self._choices.remember(search.question.number, contact)

    def forget(self, number: str) -> bool:
        """Forget whom the user chose for a number, and what was found; tell whether it is off the disk."""
        self.searches.forget(number)
        self.lookup.forget(E164(number) if number.startswith("+") else Extension(number))
        return self._choices.forget(number)
