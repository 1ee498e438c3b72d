"""A directory that is a database, asked with the user's own query."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.entry import Entry
from bubbled.directory.http.errand import Errand
from bubbled.directory.kinds.sql.address import Family, read_address
from bubbled.directory.kinds.sql.client import Client
from bubbled.directory.kinds.sql.database import database
from bubbled.directory.kinds.sql.query import read_query
from bubbled.directory.local.table import read_rows
from bubbled.directory.port import Disclosure, Phase, State
from bubbled.directory.verification import verified
from bubbled.error import BubbledError
from bubbled.model import Extension

if TYPE_CHECKING:
    from bubbled.directory.kinds.sql.options import SqlOptions
    from bubbled.directory.port import Secret
    from bubbled.model import E164, Contact

# An extension that nobody has, to see at the start whether the database answers.
_NOBODY: Final = Extension("0")

_UNLOCK_LIMIT_S: Final = 90.0
_OVERDUE: Final = "the password could not be fetched in time: is the keyring locked, or does a command hang?"

_log = structlog.get_logger()


class SqlDirectory:
    """The contacts of one database.

    Raises:
        DirectoryError: the options cannot be used; its text says which and why, and repeats no secret.
    """

    def __init__(self, name: str, options: SqlOptions, *, region: str, timeout_s: float) -> None:
        self.name: Final = name
        self.timeout_s: Final = timeout_s
        self._columns = options.columns
        self._region = region
        self._address = read_address(options.url)
        self._query = read_query(options.query, self._address.family)
        self._password = _errand(options.password) if options.password else None
        patient = replace(options, password=self._password.run if self._password else None)
        asked = database(self._address, patient, timeout_s=timeout_s)
        self._client = Client(asked, self._address, self._query, timeout_s=timeout_s)
        self._state = State(Phase.READY)
        self._first: asyncio.Task[None] | None = None

    @property
    def count(self) -> None:
        """Only the database knows how many contacts it holds."""

    @property
    def state(self) -> State:
        """How the latest question went."""
        return self._state

    @property
    def is_local(self) -> bool:
        """Whether it is a file."""
        return self._address.family is Family.SQLITE

    @property
    def may_be_kept(self) -> bool:
        """The database is the user's own."""
        return True

    @property
    def rate(self) -> None:
        """It may be asked as often as one likes; of more than two questions at a time the others wait."""

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        """The server, with the notations that the query names; a file or a socket tells nobody."""
        if self._address.host is None:
            return ()
        return (Disclosure(str(self._address), tuple(dict.fromkeys(self._query.values(number).values()))),)

    async def start(self) -> None:
        """Load the libraries, connect and ask for nobody, so that the first call need not wait for that."""
        if self._first is None:
            self._first = asyncio.create_task(self._try(), name=f"try {self.name}")

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """See `port.Directory`."""
        try:
            entries = await self._entries(number)
        except BubbledError as problem:
            self._state = State(Phase.FAILED, reason=str(problem))
            raise
        self._state = State(Phase.READY)
        return verified(entries, number, region=self._region, directory=self.name)

    async def aclose(self) -> None:
        """Give up what is asked, and close the connections."""
        if self._first is not None:
            self._first.cancel()
            await asyncio.wait((self._first,))
        if self._password is not None:
            await self._password.aclose(grace_s=0)
        await self._client.aclose()

    async def _try(self) -> None:
        try:
            async with asyncio.timeout(self.timeout_s):
                await self.lookup(_NOBODY)
        except TimeoutError:
            self._state = State(Phase.FAILED, reason=f"no answer within {self.timeout_s:g} s")
        except BubbledError as problem:
            _log.warning("database does not answer", directory=self.name, reason=str(problem))

    async def _entries(self, number: E164 | Extension) -> list[Entry]:
        answer = await self._client.ask(self._query.values(number))
        read = read_rows(answer.headings, answer.rows, self._columns)
        return [entry for entry in read if isinstance(entry, Entry)]


def _errand(password: Secret) -> Errand[str]:
    """Fetches it to the end although questions are given up, so that a keyring asks to be unlocked once."""

    async def fetch() -> str:
        return await password()

    return Errand(fetch, limit_s=_UNLOCK_LIMIT_S, overdue=_OVERDUE)
