"""What every source of contacts offers, whatever it is inside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bubbled.model import E164, Contact, Extension

    Secret = Callable[[], Awaitable[str]]
    """Fetches a secret from where the settings say it is kept.

    Raises:
        ConfigError: it is not there; its text may be shown to the user.
    """


class Phase(StrEnum):
    """Whether a directory can answer."""

    READY = "ready"
    INDEXING = "indexing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class State:
    """How a directory does, for `bubbled status` and `bubbled doctor`; as text `indexing 37 %`.

    Attributes:
        done: rows read so far, while indexing.
        total: rows to read, estimated until the end; None while nothing is known.
        reason: why it failed, one line for the user.
        remark: what the user should know although it works: rows that are no contact.
    """

    phase: Phase
    done: int = 0
    total: int | None = None
    reason: str | None = None
    remark: str | None = None

    def __str__(self) -> str:
        match self.phase:
            case Phase.READY:
                return "ready" if self.remark is None else f"ready: {self.remark}"
            case Phase.INDEXING:
                return f"indexing {100 * self.done // self.total} %" if self.total else "indexing"
            case Phase.FAILED:
                return f"failed: {self.reason}"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one question tells to one host, for `bubbled lookup --explain`.

    Attributes:
        host: with port where that is not the usual one: `api.hubapi.com`, `db.example.com:5432`.
        sent: the notations of the number that go there, as they are written: `+31612345678`, `612345678`.
    """

    host: str
    sent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a directory may be asked: `count` questions in each `per_s` seconds."""

    count: int
    per_s: float


class BusyError(DirectoryError):
    """The source asks for a pause, for so many seconds; None where it does not say how long."""

    def __init__(self, text: str, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class CredentialsError(DirectoryError):
    """The source does not accept our account; only the user can mend that, so it is said once."""


class Directory(Protocol):
    """A source of contacts. One that fails never hurts another: `order` guards each."""

    @property
    def name(self) -> str:
        """What the user calls it; unique among the directories."""

    @property
    def timeout_s(self) -> float:
        """How long an answer may take, in seconds."""

    @property
    def count(self) -> int | None:
        """How many contacts it holds; None when it cannot know."""

    @property
    def state(self) -> State:
        """How it does now, as far as it can tell without being asked a question."""

    @property
    def is_local(self) -> bool:
        """Whether it answers from this computer, within a millisecond, so that no answer need be kept."""

    @property
    def may_be_kept(self) -> bool:
        """Whether its terms allow to keep an answer for a while."""

    @property
    def rate(self) -> Rate | None:
        """How often it may be asked; None: as often as one likes."""

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        """Which hosts a question about this number tells what; empty where nothing leaves this computer."""

    async def start(self) -> None:
        """Begin what goes on in the background, such as indexing; returns without waiting for it."""

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """Who has this number, the likeliest first; empty when nobody. Safe to cancel at any time.

        Raises:
            DirectoryError: it cannot answer; its text is for the user, and holds no secret and no number.
            BusyError, CredentialsError: as said there.
        """

    async def aclose(self) -> None:
        """End what goes on in the background; may be called twice."""


@runtime_checkable
class ReadFirst(Protocol):
    """What a directory offers, too, that has to be read or fetched before it can answer."""

    def states(self) -> AsyncIterator[State]:
        """The state now and whenever it has changed, without end, for a progress bar."""


@runtime_checkable
class KnowsColumns(Protocol):
    """What a directory offers, too, that has all its contacts at hand."""

    @property
    def columns(self) -> frozenset[str] | None:
        """The names of the fields that any of its contacts has; None before it has been read."""


@runtime_checkable
class AskedAgain(Protocol):
    """What a directory offers, too, of whose contacts no more than the id may be kept."""

    @property
    def name(self) -> str:
        """See `Directory.name`."""

    @property
    def timeout_s(self) -> float:
        """See `Directory.timeout_s`."""

    async def refresh(self, contact_id: str, /) -> Contact | None:
        """What it says now of a contact; None when that is no more.

        Raises:
            DirectoryError: as `Directory.lookup`.
        """
