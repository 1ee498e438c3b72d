"""What is asked, whoever asks it: a terminal or a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is answered with."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a kind of question
    CHOICE = "choice"
    PATH = "path"


class Group(StrEnum):
    """Questions that belong together: when they are answered, what was answered is tried, if it can be."""

    WAY = "way"
    REACH = "reach"
    ACCOUNT = "account"
    PHONE = "phone"
    COUNTRY = "country"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers; `word` is the answer, `text` says what it means."""

    word: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        key: of the answer, see `answer.Answers`.
        text: the question, of a few words.
        hint: a sentence about it; may be empty.
        default: the answer of who says nothing; empty: nothing is a fine answer; None: an answer is needed.
        choices: of a choice, all answers; of a text, some that others gave, to choose from or not.
    """

    key: str
    group: Group
    text: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    default: str | None = None
    choices: tuple[Choice, ...] = ()
