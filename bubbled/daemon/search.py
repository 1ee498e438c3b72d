"""From a call to the question about its caller, and from the answer to what a popup shows. Pure."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bubbled.colleague import is_with_colleague
from bubbled.directory.order.answer import Question, Reply
from bubbled.model import Extension
from bubbled.number import is_withheld
from bubbled.popup.subject import NOTHING, Finding, Unanswered

if TYPE_CHECKING:
    from bubbled.directory.order.answer import Answer, Asked
    from bubbled.model import Call, CallId, Contact

MOST_SEARCHES: Final = 100
"""Of calls of which `bubbled why` can tell who was asked."""

_EXTENSION = re.compile(r"[0-9A-Za-z*#._-]{1,20}")
_FAILURES: Final = frozenset({Reply.TIMEOUT, Reply.ERROR, Reply.BREAKER})
"""What the user can do nothing about at each call; an account that is refused is told in `status`."""


def question_of(call: Call, region: str) -> Question | None:
    """Whom the directories are asked about; None: nobody knows a number that is withheld or too short."""
    if call.e164 is not None:
        return Question(call.e164, is_internal=call.internal)
    number = call.number or ""
    if not is_with_colleague(call, region) or is_withheld(number) or not _EXTENSION.fullmatch(number):
        return None
    return Question(Extension(number), is_internal=True)


def finding_of(answer: Answer, matches: tuple[Contact, ...]) -> Finding:
    """What the popup shows of an answer, whose `matches` may stand in an order that the user prefers.

    While a better placed directory may still answer there is nothing to choose, lest the list changes under
    the user's hand, and nothing to say of those that are merely not through.
    """
    contact = matches[0] if matches else answer.contact
    if answer.provisional:
        return Finding(contact=contact, is_provisional=True)
    different = tuple(dict.fromkeys(matches))
    return Finding(
        contact=contact,
        matches=different if len(different) > 1 else (),
        unanswered=tuple(
            Unanswered(asked.directory, is_slow=asked.outcome is Reply.TIMEOUT)
            for asked in _could_know_better(answer)
            if asked.outcome in _FAILURES
        ),
    )


def _could_know_better(answer: Answer) -> tuple[Asked, ...]:
    """The directories up to the one whose contact is shown; all, while that is nobody or a guess."""
    if answer.contact is None or answer.contact.probable:
        return answer.trace
    winner = next(
        (at for at, asked in enumerate(answer.trace) if answer.contact in asked.matches), len(answer.trace)
    )
    return answer.trace[: winner + 1]


@dataclass(frozen=True, slots=True)
class Search:
    """What came of the question about one call.

    Attributes:
        trace: what became of the question to each directory, in their order, without the contacts.
        is_provisional: whether somebody is still asked.
    """

    question: Question
    trace: tuple[Asked, ...] = ()
    is_provisional: bool = True

    @classmethod
    def of(cls, question: Question, answer: Answer) -> Search:
        """Keep what `bubbled why` tells of an answer, and who it may be nowhere but in its place."""
        trace = tuple(replace(asked, matches=()) for asked in answer.trace)
        return cls(question, trace, answer.provisional)


class Searches:
    """The searches of the latest calls; what was found only of those that run and of the last that ended."""

    def __init__(self) -> None:
        self._searches: OrderedDict[CallId, Search] = OrderedDict()
        self._findings: OrderedDict[CallId, Finding] = OrderedDict()
        self._ended: CallId | None = None

    def __getitem__(self, call_id: CallId) -> Search | None:
        return self._searches.get(call_id)

    def note(self, call_id: CallId, search: Search, finding: Finding = NOTHING) -> None:
        """Keep a search with what it found so far, in the place of an earlier one about this call."""
        self._searches[call_id] = search
        self._searches.move_to_end(call_id)
        self._findings[call_id] = finding
        while len(self._searches) > MOST_SEARCHES:
            gone, _ = self._searches.popitem(last=False)
            self._findings.pop(gone, None)

    def drop(self, call_id: CallId) -> None:
        """Let go of a search, because somebody else is on the line, about whom nobody is asked."""
        self._searches.pop(call_id, None)
        self._findings.pop(call_id, None)

    def finding(self, call_id: CallId) -> Finding:
        """What was found, so that the user can choose; nothing of calls that are long over."""
        return self._findings.get(call_id, NOTHING)

    def chosen(self, call_id: CallId, contact: Contact) -> None:
        """Note that the user said who it is."""
        if call_id in self._findings:
            self._findings[call_id] = self._findings[call_id].chosen(contact)

    def ended(self, call_id: CallId) -> None:
        """Note that a call is over."""
        if self._ended is not None and self._ended != call_id:
            self._findings.pop(self._ended, None)
        self._ended = call_id

    def latest_with_choice(self) -> CallId | None:
        """The call that was asked about last and leaves a choice; else that was asked about last."""
        known = [call_id for call_id in reversed(self._searches) if call_id in self._findings]
        choices = (call_id for call_id in known if self._findings[call_id].has_choice)
        return next(choices, known[0] if known else None)

    def forget(self, number: str) -> None:
        """Let go of every search for a number."""
        for call_id, search in list(self._searches.items()):
            if search.question.number == number:
                self.drop(call_id)
