"""How far a setup is: what is to be asked or tried next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bubbled.setup.acceptance import accept
from bubbled.setup.answer import DEVICES, KIND, NONE, OTHER, PORT, PRIVACY, TRUST, Answers
from bubbled.setup.connection import connection
from bubbled.setup.order import ORDER
from bubbled.setup.question import Group, Kind, Question

if TYPE_CHECKING:
    from bubbled.setup.known import Known

TRIED: Final = frozenset({Group.REACH, Group.ACCOUNT, Group.PHONE, Group.CONTACTS})
"""The groups whose answers can be tried."""


class Interview:
    """Asks in order, each question once, unless what was answered did not work.

    Attributes:
        known: what is known by now.
        answers: what was answered by now.
        settled: the groups that were tried, and work, or are wanted all the same.
    """

    def __init__(self, known: Known, given: Answers | None = None) -> None:
        """Begin; `given` are answers that came before the questions, for example on the command line."""
        self.known = known
        self.answers: dict[str, str] = {}
        self._given = dict(given or {})
        self._before: dict[str, str] = {}
        self.settled: set[Group] = set()

    def next(self) -> Question | Group | None:
        """The question to be asked, or the group whose answers are to be tried; None when all is done."""
        for group, questions in ORDER.items():
            asked = False
            for question in questions(self.answers, self.known):
                asked = True
                if question.key not in self.answers:
                    return self._with_default(question)
            if asked and self._is_due(group):
                return group
        return None

    def given(self, question: Question) -> str | None:
        """The answer that was given before the question, once: whoever is asked again must answer anew."""
        return self._given.pop(question.key, None)

    def answer(self, question: Question, text: str) -> None:
        """Take an answer.

        Raises:
            WrongAnswerError: it cannot be meant, and the question stands.
        """
        said = accept(question, text, self.answers, self.known)
        if said.get(question.key) == OTHER:
            self.again(question.group)
        else:
            self.answers |= said

    def settle(self, group: Group, known: Known) -> None:
        """Go on: what was tried taught this, and works, or is wanted all the same."""
        self.known = known
        self.settled.add(group)

    def again(self, group: Group) -> None:
        """Ask a group anew, and try it anew."""
        self.settled.discard(group)
        for key in [question.key for question in ORDER[group](dict(self.answers), self.known)]:
            if key in self.answers:
                self._before[key] = self.answers.pop(key)
        if group is Group.REACH:
            self.answers.pop(PORT, None)
            self.known = replace(self.known, reach=None)

    def unsettle(self, group: Group) -> None:
        """Try a group anew; its answers stay."""
        self.settled.discard(group)

    def offered(self, key: str) -> str | None:
        """What was given before the questions, and is not used yet; None: nothing."""
        return self._given.get(key)

    def complete(self) -> Answers:
        """All answers, with those that were given and never asked for."""
        return self._given | self.answers | connection(self.answers, self.known)

    def _with_default(self, question: Question) -> Question:
        """Offer what was answered before, but for secrets and what depends on the PBX that was named."""
        before = self._before.get(question.key)
        if before is None or question.kind is Kind.SECRET or question.key in {TRUST, PRIVACY, DEVICES}:
            return question
        return replace(question, default=before)

    def _is_due(self, group: Group) -> bool:
        if group is Group.CONTACTS and self.answers.get(KIND) == NONE:
            return False
        return group in TRIED and group not in self.settled
