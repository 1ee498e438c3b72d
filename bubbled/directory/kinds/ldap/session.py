"""Talk to the process that speaks LDAP, and have a few of them at hand."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import bubbled
from bubbled import child
from bubbled.directory.kinds.ldap.agent import LONGEST_ANSWER
from bubbled.directory.kinds.ldap.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

_MOST_SESSIONS: Final = 2
_LONGEST_LINE = 2 * LONGEST_ANSWER
_GRACE_S = 1.0
_NO_FAULT_OF_THE_SESSION: Final = (Trouble.BAD_FILTER, Trouble.NO_BASE, Trouble.TOO_SLOW)


@dataclass(frozen=True, slots=True)
class Question:
    """A search; see `option.LdapOptions` for `base` and `scope`."""

    base: str
    scope: str
    filter: str
    attributes: Sequence[str]


class FailedSearchError(Exception):
    """There is no answer; `trouble.error` makes of it what the user is told."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.detail = detail


class _EndedError(Exception):
    """The process has ended instead of answering."""


class _Session:
    """One process with one connection; it can be asked one question at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._questions = cast("asyncio.StreamWriter", process.stdin)
        self._answers = cast("asyncio.StreamReader", process.stdout)

    @classmethod
    async def begin(cls, account: Mapping[str, object]) -> _Session:
        """Start the process and tell it the account, through a pipe that nobody else can read."""
        process = await child.start(
            *(sys.executable, "-P", "-m", "bubbled.directory.kinds.ldap.agent"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=None if os.environ.get("BUBBLED_DEBUG") else asyncio.subprocess.DEVNULL,
            # Without LDAPNOINIT, a ~/.ldaprc could switch the verification of certificates off.
            env=os.environ | {"PYTHONPATH": str(Path(bubbled.__file__).parents[1]), "LDAPNOINIT": "1"},
            limit=_LONGEST_LINE,
        )
        session = cls(process)
        session._questions.write(json.dumps(account).encode() + b"\n")
        return session

    async def ask(self, question: Question, limit_s: float) -> list[dict[str, list[str]]]:
        asked = {
            "base": question.base,
            "scope": question.scope,
            "filter": question.filter,
            "attributes": list(question.attributes),
            "limit_s": limit_s,
        }
        try:
            self._questions.write(json.dumps(asked).encode() + b"\n")
            answer: dict[str, Any] = json.loads(await self._answers.readline())
        except (OSError, ValueError) as problem:
            raise _EndedError from problem
        if "failed" in answer:
            raise FailedSearchError(Trouble(answer["failed"]), answer["detail"])
        return cast("list[dict[str, list[str]]]", answer["entries"])

    async def end(self) -> None:
        await child.end(self._process)


class Pool:
    """At most two sessions, begun when they are needed.

    A search whose answer nobody awaits any more is not interrupted, because that would cost the connection;
    its session is free again when the answer has come, or is ended when it is overdue.
    """

    def __init__(self, account: Callable[[], Awaitable[Mapping[str, object]]], limit_s: float) -> None:
        self._account = account
        self._limit_s = limit_s
        self._free = asyncio.Semaphore(_MOST_SESSIONS)
        self._sessions: set[_Session] = set()
        self._idle: list[_Session] = []
        self._searches: set[asyncio.Task[list[dict[str, list[str]]]]] = set()

    async def ask(self, question: Question) -> list[dict[str, list[str]]]:
        """The entries found, each its attributes by lower-case name. Safe to cancel.

        Raises:
            FailedSearchError: there is no answer.
            ConfigError: the password is not where the settings say.
        """
        await self._free.acquire()
        search = asyncio.create_task(self._search(question), name="ask an LDAP server")
        self._searches.add(search)
        search.add_done_callback(self._finished)
        return await asyncio.shield(search)

    async def aclose(self) -> None:
        """End all sessions; may be called twice."""
        for search in self._searches:
            search.cancel()
        if self._searches:
            await asyncio.wait(self._searches)
        self._idle.clear()
        while self._sessions:
            await self._end(next(iter(self._sessions)))

    def _finished(self, search: asyncio.Task[list[dict[str, list[str]]]]) -> None:
        self._searches.discard(search)
        self._free.release()
        if not search.cancelled():
            search.exception()  # nobody may be left to hear of it

    async def _search(self, question: Question) -> list[dict[str, list[str]]]:
        while self._idle:
            with suppress(_EndedError):
                return await self._ask(self._idle.pop(), question)
        try:
            session = await _Session.begin(await self._account())
            self._sessions.add(session)
            return await self._ask(session, question)
        except _EndedError as problem:
            raise FailedSearchError(Trouble.BROKEN_OFF) from problem

    async def _ask(self, session: _Session, question: Question) -> list[dict[str, list[str]]]:
        may_stay = False
        try:
            async with asyncio.timeout(self._limit_s + _GRACE_S):
                entries = await session.ask(question, self._limit_s)
            may_stay = True
        except TimeoutError as problem:
            raise FailedSearchError(Trouble.SILENT) from problem
        except FailedSearchError as problem:
            # With a new session the password is fetched anew; the user may have mended it meanwhile.
            may_stay = problem.trouble in _NO_FAULT_OF_THE_SESSION
            raise
        else:
            return entries
        finally:
            if may_stay:
                self._idle.append(session)
            else:
                await self._end(session)

    async def _end(self, session: _Session) -> None:
        """End a session; one whose end is not awaited to the last is still there for `aclose`."""
        await session.end()
        self._sessions.discard(session)
