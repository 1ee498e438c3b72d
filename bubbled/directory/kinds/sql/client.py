"""Asks one database one query, over and over, with few connections that are kept."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bubbled.directory.kinds.sql.database import chain, network_fault
from bubbled.directory.kinds.sql.fault import Fault, error_of
from bubbled.directory.kinds.sql.options import MOST_ROWS
from bubbled.directory.kinds.sql.value import as_text
from bubbled.directory.port import CredentialsError
from bubbled.error import ConfigError, DirectoryError
from bubbled.extra import command_to_install

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence

    from sqlalchemy import TextClause
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from bubbled.directory.kinds.sql.address import Address
    from bubbled.directory.kinds.sql.database import Database
    from bubbled.directory.kinds.sql.query import Query

T = TypeVar("T")

_CONNECTIONS: Final = 2
_END_LIMIT_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows that the database answered, as text."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(slots=True)
class _Use:
    """The connection of the driver that a question uses now."""

    connection: Any = None


class Client:
    """Everything that it needs is loaded and connected with the first question."""

    def __init__(self, database: Database, address: Address, query: Query, *, timeout_s: float) -> None:
        self._database = database
        self._address = address
        self._query = query
        self._timeout_s = timeout_s
        self._loaded: tuple[AsyncEngine, TextClause] | None = None
        self._loading = asyncio.Lock()
        self._turns = asyncio.Semaphore(_CONNECTIONS)
        self._is_closed = False
        self._uses: dict[asyncio.Task[Answer], _Use] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def ask(self, values: Mapping[str, str]) -> Answer:
        """Ask, with these values for the parameters. Who gives up is free at once.

        The query is stopped at the server after that, behind the scenes.

        Raises:
            DirectoryError: there is no answer; see `port.Directory.lookup`.
        """
        if self._is_closed:
            raise self._not_asked()
        use = _Use()
        task = self._begin(self._answer(values, use), "asks")
        self._uses[task] = use
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise self._not_asked() from None
            self._give_up(task)
            raise
        finally:
            self._uses.pop(task, None)

    async def aclose(self) -> None:
        """Give up what is asked, and close the connections; may be called twice."""
        self._is_closed = True
        for task in tuple(self._uses):
            self._give_up(task)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_END_LIMIT_S)
        loaded, self._loaded = self._loaded, None
        if loaded is not None:
            await loaded[0].dispose()

    def _not_asked(self) -> DirectoryError:
        return DirectoryError(f"{self._address} is not asked any more: bubbled has closed it")

    def _give_up(self, task: asyncio.Task[Answer]) -> None:
        use = self._uses.pop(task, _Use())
        task.cancel()
        if use.connection is not None:
            self._begin(self._database.stop(use.connection), "stops")

    def _begin(self, work: Coroutine[Any, Any, T], what: str) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name=f"{what} {self._address}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # asyncio would complain of it where nobody waits any more

    async def _answer(self, values: Mapping[str, str], use: _Use) -> Answer:
        try:
            engine, statement = await self._ready()
            async with self._turn(), engine.connect() as connection:
                use.connection = (await connection.get_raw_connection()).driver_connection
                try:
                    return await _fetched(connection, statement, values)
                finally:
                    use.connection = None
        except ConfigError as problem:
            raise CredentialsError(str(problem)) from None  # the password is not where the settings say
        except DirectoryError:
            raise
        except Exception as problem:  # noqa: BLE001 - each driver has errors of its own, and they hold the number
            raise self._told(problem) from None

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._turns.acquire()
        except TimeoutError:
            raise error_of(Fault.CROWDED, self._address) from None
        try:
            yield
        finally:
            self._turns.release()

    async def _ready(self) -> tuple[AsyncEngine, TextClause]:
        async with self._loading:
            if self._loaded is None:
                # Loading the libraries takes a third of a second, in which calls must pop up.
                self._loaded = await asyncio.to_thread(self._load)
            return self._loaded

    def _load(self) -> tuple[AsyncEngine, TextClause]:
        try:
            from sqlalchemy import String, bindparam, text  # noqa: PLC0415 - only for who has such a directory
            from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - as above
            from sqlalchemy.pool import AsyncAdaptedQueuePool  # noqa: PLC0415 - as above

            engine = create_async_engine(
                f"{self._database.dialect}://",
                async_creator=self._database.connect,
                execution_options={**self._database.execution, "max_row_buffer": 1},
                hide_parameters=True,
                max_overflow=-1,  # our own turns limit them: whoever waits for the pool is at times forgotten
                pool_pre_ping=True,
                pool_recycle=self._database.kept_s,
                pool_size=_CONNECTIONS,
                poolclass=AsyncAdaptedQueuePool,
            )
        except ImportError:
            raise DirectoryError(
                "a part of bubbled that databases need is not installed; install it with: "
                f"{command_to_install('sql')}"
            ) from None
        parameters = [bindparam(notation.value, type_=String()) for notation in self._query.notations]
        return engine, text(self._query.text).bindparams(*parameters)

    def _told(self, problem: Exception) -> DirectoryError:
        for cause in reversed(list(chain(problem))):
            known = self._database.fault(cause) or network_fault(cause)
            if known is not None:
                return error_of(known[0], self._address, known[1])
        return error_of(Fault.OTHER, self._address, type(problem).__name__)


async def _fetched(connection: AsyncConnection, statement: TextClause, values: Mapping[str, str]) -> Answer:
    rows: list[tuple[str, ...]] = []
    async with connection.stream(statement, values) as result:
        headings = tuple(result.keys())
        # Each is cut short as it comes: a hundred with a picture would fill the memory.
        while len(rows) < MOST_ROWS and (row := await result.fetchone()) is not None:
            rows.append(tuple(map(as_text, row)))
    return Answer(headings, rows)
