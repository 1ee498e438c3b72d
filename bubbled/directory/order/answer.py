"""The words of a question to the directories and of its answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.model import E164, Contact, Extension


@dataclass(frozen=True, slots=True)
class Question:
    """Whose number is this? Withheld numbers are no question.

    Attributes:
        is_internal: whether it is a colleague's, also where it is written as an outside number.
    """

    number: E164 | Extension
    is_internal: bool = False

    @property
    def stays_inside(self) -> bool:
        """Whether only directories of colleagues may be asked; an extension means nobody anywhere else."""
        return self.is_internal or not self.number.startswith("+")


class Reply(StrEnum):
    """What became of the question to one directory."""

    HIT = "hit"
    MISS = "miss"
    ERROR = "error"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    """It was asked, but a better placed one matched."""
    BREAKER = "breaker"
    """It was spared: it rests after failures, asked for a pause, or was asked as often as it allows."""
    REFUSED = "refused"
    """It does not accept our account; only the user can mend that, and `status` and `doctor` say so."""
    NOT_ASKED = "not asked"
    """A better placed one had matched before its turn came, or it may not be asked about this number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One directory's part in an answer, for `bubbled why` and `bubbled lookup`.

    Attributes:
        ms: how long it was asked, in milliseconds; 0 when it was not.
        error: why there is no answer, in one line for the user, where there is more to say than `outcome`.
        matches: what counts for it; beside an outcome that is a failure, what it knew earlier.
        remark: what is to say although there is an answer: that what came back had other numbers.
        cached: whether `matches` (or that there are none) was remembered from an earlier question.
    """

    directory: str
    outcome: Reply
    ms: float
    error: str | None = None
    matches: tuple[Contact, ...] = ()
    cached: bool = False
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who has a number.

    Attributes:
        contact: the one to show; None when no directory matched.
        matches: all that the deciding directory found, `contact` first; of every directory from `ask_every`.
        trace: what became of the question to each directory, in the order in which they are believed.
        provisional: whether a better placed directory may still know better.
    """

    contact: Contact | None
    matches: tuple[Contact, ...]
    trace: tuple[Asked, ...]
    provisional: bool = False
