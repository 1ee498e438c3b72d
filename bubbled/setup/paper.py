"""A set-up on paper: the questions of the terminal, several on a sheet, to be answered again at will."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.control.check import Verdict
from bubbled.setup.acceptance import WrongAnswerError, accept
from bubbled.setup.answer import (
    DEVICES,
    EXTENSION,
    HOST,
    KIND,
    NAME,
    NUMBER,
    OTHER,
    PATH,
    PORT,
    PRESET,
    REGION,
    SECRET,
    WAY,
)
from bubbled.setup.contacts import BIND_DN, PASSWORD
from bubbled.setup.order import ORDER
from bubbled.setup.question import Group, Kind, Question
from bubbled.web.settings.setup_port import Field, Part, Sent, Step, Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bubbled.control.check import Check
    from bubbled.setup.interview import Interview
    from bubbled.setup.known import Known

GROUPS: Final[Mapping[Part, tuple[Group, ...]]] = {
    Part.PBX: (Group.WAY, Group.REACH),
    Part.ACCOUNT: (Group.ACCOUNT,),
    Part.PHONE: (Group.PHONE,),
    Part.COUNTRY: (Group.COUNTRY,),
    Part.CONTACTS: (Group.CONTACTS,),
}
"""Which questions are on which sheet."""

_HINTS: Final = {
    DEVICES: "",
    PATH: "The list shows what is there, folder by folder. The file stays yours.",
    NAME: "Empty: it is called after the file or its server.",
    NUMBER: "Empty: it is not tried.",
    BIND_DN: "Empty: the server asks for none.",
    SECRET: "",
}
"""What is said of questions whose hints are for a terminal."""

_PART_OF: Final = {group: part for part, groups in GROUPS.items() for group in groups}
_FEW: Final = 8
_CHOOSE: Final = "An answer is needed here."
"""As of an input that is left empty."""


class Paper:
    """The sheets of one set-up.

    Attributes:
        interview: knows the questions and the answers.
    """

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self._found: dict[Group, tuple[Sequence[Check], Known]] = {}

    def part(self) -> Part:
        """Give the first sheet on which something is left to answer or to try."""
        step = self.interview.next()
        if step is None:
            return Part.READY
        return _PART_OF[step.group if isinstance(step, Question) else step]

    def steps(self) -> tuple[Step, ...]:
        """Give all parts that this set-up has, and which of them may be looked at."""
        here = self.part()
        parts = [part for part in GROUPS if any(True for _ in self._questions(part))] + [Part.READY]
        return tuple(Step(part=part, is_open=_place(part) <= _place(here)) for part in parts)

    def is_open(self, part: Part) -> bool:
        """Whether a part may be looked at."""
        return any(step.part is part and step.is_open for step in self.steps())

    def following(self, part: Part) -> Part:
        """Give the part that comes next."""
        parts = [step.part for step in self.steps()]
        return parts[parts.index(part) + 1]

    def checks(self, part: Part | None = None) -> tuple[Check, ...]:
        """What was found by trying the answers of a sheet, or of all."""
        groups = GROUPS[part] if part else tuple(ORDER)
        return tuple(check for group in groups if group in self._found for check in self._found[group][0])

    def has_failed(self, part: Part) -> bool:
        """Whether the answers of a sheet do not work, and nobody has said to keep them."""
        return any(
            group in self._found and group not in self.interview.settled and _is_bad(self._found[group][0])
            for group in GROUPS[part]
        )

    # A sheet.

    def fields(self, part: Part, sent: Sent, mistakes: Sent) -> tuple[Field, ...]:
        """Give what is on a sheet, with what was `sent` in vain."""
        return tuple(
            self._field(question, sent.get(question.key), mistakes.get(question.key, ""))
            for question in self._questions(part)
        )

    def take(self, part: Part, sent: Sent) -> dict[str, str]:
        """Take the answers on a sheet; gives what is wrong with which.

        What is tried by an answer that has changed, or depends on it, is to be tried anew.
        """
        mistakes: dict[str, str] = {}
        taken: set[str] = set()
        shown = {question.key for question in self._questions(part)}
        # From the start after each: an answer may bring questions, and take others away.
        while question := next((each for each in self._questions(part) if each.key not in taken), None):
            taken.add(question.key)
            if question.key in sent and (mistake := self._answered(question, sent[question.key])):
                mistakes[question.key] = mistake
            elif question.key in shown and self._is_passed_over(question, sent):
                mistakes[question.key] = _CHOOSE
        return mistakes

    def due(self, part: Part) -> Group | None:
        """The group of a sheet that is to be tried now; None while an answer is missing, or all is tried."""
        step = self.interview.next()
        return step if isinstance(step, Group) and step in GROUPS[part] else None

    def tried(self, group: Group, checks: Sequence[Check], known: Known) -> bool:
        """Note what a trial found; False when that is in the way."""
        self._found[group] = (checks, known)
        if _is_bad(checks):
            return False
        self.interview.settle(group, known)
        return True

    def keep(self, group: Group) -> None:
        """Go on with answers that do not work, or were not tried."""
        _, known = self._found.get(group, ((), self.interview.known))
        self.interview.settle(group, known)

    def _questions(self, part: Part) -> Iterator[Question]:
        for group in GROUPS[part]:
            yield from ORDER[group](self.interview.answers, self.interview.known)

    def _field(self, question: Question, sent: str | None, mistake: str) -> Field:
        is_secret = question.kind is Kind.SECRET
        default = question.default or ""
        is_kept = is_secret and (question.default == "" or self._typed(question.key) is not None)
        value = "" if is_secret else self._typed(question.key) if sent is None else sent
        # A name that follows from what is on the same sheet is no proposal yet.
        if value is None:
            value = "" if question.key == NAME else default
        return Field(
            key=question.key,
            text=question.text,
            way=_way(question),
            hint=_HINTS.get(question.key, question.hint),
            value=value,
            usual="" if is_secret or question.key == NAME else default,
            is_kept=is_kept,
            is_needed=question.default is None and not is_kept,
            choices=_choices(question),
            mistake=mistake,
        )

    def _typed(self, key: str) -> str | None:
        """What was answered, here or beforehand, as it would be typed."""
        interview = self.interview
        said = interview.answers.get(key, interview.offered(key))
        if key == HOST and said is not None and (port := interview.answers.get(PORT)):
            return f"[{said}]:{port}" if ":" in said else f"{said}:{port}"
        return said

    def _answered(self, question: Question, said: str) -> str:
        """Take one answer; gives what is wrong with it."""
        interview, typed = self.interview, self._typed(question.key)
        if question.kind is Kind.SECRET and not said and typed is not None:
            said = typed
        if question.key in interview.answers and said.strip() == typed:
            return ""
        try:
            given = accept(question, said, interview.answers, interview.known)
        except WrongAnswerError as error:
            return str(error)
        # A host that is named without a port lets go of the one that it had.
        about = {*given, PORT} if question.key == HOST else given
        if any(interview.answers.get(key) != given.get(key) for key in about):
            self._forget(question)
            interview.answers |= given
        return ""

    def _is_passed_over(self, question: Question, sent: Sent) -> bool:
        """Whether none was chosen of several; inputs of that kind are not sent then."""
        is_choice = question.kind is Kind.CHOICE
        return is_choice and question.key not in sent and question.key not in self.interview.answers

    def _forget(self, question: Question) -> None:
        """Forget what was answered and found by an answer that is no longer."""
        answers = self.interview.answers
        if question.key in {WAY, HOST}:
            self.interview.again(Group.REACH)
        elif question.key == EXTENSION:
            answers.pop(DEVICES, None)
        elif question.key == BIND_DN:
            answers.pop(PASSWORD, None)
        elif question.key in {KIND, PRESET}:
            for key in [key for key in answers if key.startswith("directory.") or key == NUMBER]:
                if key != KIND:
                    del answers[key]
        groups = tuple(ORDER)
        first = groups.index(question.group)
        if question.key not in {WAY, HOST} and question.group is Group.REACH:
            first += 1  # how the PBX can be reached does not depend on what one makes of it
        for group in groups[first:]:
            self.interview.unsettle(group)
            self._found.pop(group, None)


def _place(part: Part) -> int:
    return tuple(Part).index(part)


def _is_bad(checks: Sequence[Check]) -> bool:
    return any(check.verdict is Verdict.FAILED for check in checks)


def _way(question: Question) -> Way:
    is_choice = question.kind is Kind.CHOICE or question.key == REGION
    if is_choice and len(question.choices) > _FEW:
        return Way.LIST
    return Way(question.kind.value)


def _choices(question: Question) -> tuple[tuple[str, str], ...]:
    """Each answer once, but for the one that only leads back to a question that is on the sheet anyway."""
    found = dict[str, str]()
    for choice in question.choices:
        if choice.word != OTHER:
            found.setdefault(choice.word, choice.text)
    return tuple(found.items())
