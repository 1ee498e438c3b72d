"""What directories answered a while ago, each about each number. Pure: `now` is passed in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bubbled.directory.order.plan import Rules
    from bubbled.model import E164, Contact, Extension

MOST_ANSWERS: Final = 4096
MOST_CHARACTERS: Final = 4_000_000
"""Of all that is remembered; contacts with endless notes must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a directory answered; `is_fresh`: it need not be asked again."""

    matches: tuple[Contact, ...]
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    matches: tuple[Contact, ...]
    at: float
    size: int


class Memory:
    """Remembers matches, and that there are none, for as long as the rules say; the least used goes first."""

    def __init__(
        self, rules: Rules, *, most_answers: int = MOST_ANSWERS, most_characters: int = MOST_CHARACTERS
    ) -> None:
        self._rules = rules
        self._most_answers = most_answers
        self._most_characters = most_characters
        self._answers: OrderedDict[tuple[str, E164 | Extension], _Answer] = OrderedDict()
        self._size = 0
        self._forgot_at = float("-inf")

    def __len__(self) -> int:
        return len(self._answers)

    def keep(
        self, directory: str, number: E164 | Extension, matches: tuple[Contact, ...], asked_at: float
    ) -> None:
        """Remember an answer in place of the one before, unless it would bring back what was forgotten."""
        # Whatever its number: of one that is forgotten, not even that is kept.
        if asked_at <= self._forgot_at:
            return
        self._drop((directory, number))
        answer = _Answer(matches, asked_at, sum(map(_size, matches)))
        if answer.size > self._most_characters:  # it would drive out all others, and itself
            return
        self._answers[directory, number] = answer
        self._size += answer.size
        while len(self._answers) > self._most_answers or self._size > self._most_characters:
            self._drop(next(iter(self._answers)))

    def recall(self, directory: str, number: E164 | Extension, now: float) -> Remembered | None:
        """The last answer; None when there is none, or none that may still be shown."""
        answer = self._answers.get((directory, number))
        if answer is None:
            return None
        age_s = now - answer.at
        keep_s = self._rules.keep_hit_s if answer.matches else self._rules.keep_miss_s
        if age_s >= (max(keep_s, self._rules.stale_s) if answer.matches else keep_s):
            self._drop((directory, number))
            return None
        self._answers.move_to_end((directory, number))
        return Remembered(answer.matches, age_s < keep_s)

    def forget(self, number: E164 | Extension, now: float) -> None:
        """Remember nothing more about a number, nor what is being asked about it."""
        self._forgot_at = now
        for key in [key for key in self._answers if key[1] == number]:
            self._drop(key)

    def _drop(self, key: tuple[str, E164 | Extension]) -> None:
        if (answer := self._answers.pop(key, None)) is not None:
            self._size -= answer.size


def _size(contact: Contact) -> int:
    texts = (contact.name, contact.company, contact.url, contact.id)
    return sum(len(text) for text in texts if text) + sum(len(k) + len(v) for k, v in contact.fields)
