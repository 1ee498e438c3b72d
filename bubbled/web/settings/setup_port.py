"""What the set-up page shows, and what it asks of whoever carries a set-up out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bubbled.control.check import Check

Sent = Mapping[str, str]
"""What was answered, by the keys of the fields; a field that was not on the page is not there."""


class Part(StrEnum):
    """The pages of a set-up, in their order: five with questions, the end, and what came of it."""

    PBX = "pbx"
    ACCOUNT = "account"
    PHONE = "phone"
    COUNTRY = "country"
    CONTACTS = "contacts"
    READY = "ready"
    DONE = "done"


class Way(StrEnum):
    """What an input is: a line, one that is not shown, one of several, one of very many, a file."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a kind of input
    CHOICE = "choice"
    LIST = "list"
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question as the page asks it.

    Attributes:
        key: names its input.
        text: the question, English, as are `hint` and the texts of choices.
        value: what stands in it; never that of a secret.
        usual: what counts while it is empty.
        is_kept: of a secret: there is one, which counts while the input is empty.
        is_needed: it may not be empty.
        choices: of each the answer, and what it means; of a line: what others answered.
        mistake: what is wrong with what was sent; empty: nothing.
    """

    key: str
    text: str
    way: Way
    hint: str = ""
    value: str = ""
    usual: str = ""
    is_kept: bool = False
    is_needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    mistake: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of a set-up, in the list of all.

    Attributes:
        is_open: one may go there: all before it is answered.
    """

    part: Part
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page with questions.

    Attributes:
        checks: what was found when its answers were tried last.
        has_failed: whether that is in the way: they can be answered anew, or kept all the same.
        stanza: what the administrator of the PBX may have to add, if that is of use now.
    """

    part: Part
    steps: Sequence[Step]
    fields: Sequence[Field]
    checks: Sequence[Check] = ()
    has_failed: bool = False
    stanza: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """All is answered.

    Attributes:
        path: of the settings file that would be written.
        preview: what it would say, or the lines that change; no secret in it that was typed.
        secrets: where each secret would be kept, in words.
        is_new: whether there is no such file yet.
        has_changed: whether there is anything to write.
        checks: what was found by all trials.
        example: what came of the example popup, if one was shown.
        may_serve: whether a service is to be had: settings beside others are a draft.
        trouble: why the last attempt to write failed; empty: none did.
    """

    steps: Sequence[Step]
    path: str
    preview: str
    secrets: Sequence[str]
    is_new: bool
    has_changed: bool
    checks: Sequence[Check]
    example: Sequence[Check] = ()
    may_serve: bool = True
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is written.

    Attributes:
        checks: what was done.
        device: the phone that can be rung for a try; empty: none can.
        call: what came of that, if it was tried.
        runs: whether bubbled runs now, so that it has pages.
        start: what starts it, where it does not run.
    """

    checks: Sequence[Check]
    device: str = ""
    call: Sequence[Check] = ()
    runs: bool = False
    start: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A settings file that is not understood, and so stays as it is.

    Attributes:
        trouble: why, with the line.
        beside: the file that new settings would be written into.
    """

    trouble: str
    beside: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a sheet: where to go on, or what is wrong with it."""

    part: Part
    mistakes: Mapping[str, str] = field(default_factory=dict)


class SetupPort(Protocol):
    """A set-up: one, whoever looks at it in however many windows.

    Each may raise `BubbledError`, whose text is for the user.
    """

    @property
    def is_alone(self) -> bool:
        """Whether nothing runs but the set-up, which ends when it is left."""

    async def begin(self) -> Obstacle | None:
        """Look at the settings unless a set-up is under way; gives what keeps it from beginning."""

    async def beside(self) -> None:
        """Begin all the same, for a file beside the one that is not understood."""

    async def again(self) -> None:
        """Forget all answers, and look at the settings anew."""

    def part(self) -> Part:
        """Where it goes on."""

    def is_open(self, part: Part) -> bool:
        """Whether one may go there."""

    def sheet(self, part: Part, sent: Sent | None = None, mistakes: Sent | None = None) -> Sheet:
        """Give a page with questions, with what was sent in vain."""

    async def take(self, part: Part, sent: Sent, *, keep: bool) -> Taken:
        """Take the answers to a sheet and try them; `keep` them whether they work or not."""

    def progress(self) -> int | None:
        """How much of an address book is read that is being tried, in percent; None: that is not known."""

    async def paths(self, typed: str) -> Sequence[str]:
        """The files and folders whose paths begin so."""

    async def ready(self) -> Ready:
        """Give what would be done."""

    async def show_example(self) -> None:
        """Show an example of a popup for a few seconds."""

    async def write(self, *, service: bool, links: bool) -> bool:
        """Write the settings, and let bubbled run and open links where that is wished; False: it is not."""

    def done(self) -> Done:
        """Give what was done."""

    async def ring(self) -> None:
        """Ring the user's own phone."""

    async def leave(self) -> str:
        """End a set-up that is alone, and open the pages of the bubbled that runs now, if one does.

        Returns:
            Their address, where nothing here opens addresses; else nothing.
        """
