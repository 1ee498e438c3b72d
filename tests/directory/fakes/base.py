"""What the fake servers of CRM packages have in common.

A fake holds people as its vendor would have them stored, finds them by the vendor's own rules, good and bad,
and answers in the vendor's own shapes, errors included. It listens on loopback:

    fake = HubSpot()
    fake.people.append(Person("101", "Jan Jansen", mobile="06-12345678"))
    async with fake.serve() as url:
        ...  # ask it at `url` with `fake.credentials`
        fake.trouble = Trouble.LIMITED
        ...
    assert "+31612345678" not in fake.requests[0].text

Each fake's module tells where its wire format was read. V: seen in the vendor's documentation or source;
K: general knowledge, never compared with a real account.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote_plus

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from aiohttp.typedefs import Handler

HTML = "<!DOCTYPE html><html><title>Maintenance</title><body>Back soon</body></html>"

_HUGE = 128 * 1024 * 1024
_CHUNK = b" " * 65536


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a CRM, or a company when `is_company`, or not yet a customer when `is_lead`.

    Attributes:
        id: digits; `Fake.id_of` tells how the vendor writes it.
        name: given name first: `Jan van der Berg`; what is before the first space is the given name.
        phone: work number as somebody typed it; `mobile` and `others` likewise.
        others: further numbers, for those vendors that keep more than two.
        last_contact: ISO 8601 in UTC, `2026-11-01T09:30:00Z`.
    """

    id: str
    name: str
    company: str = ""
    phone: str = ""
    mobile: str = ""
    others: tuple[str, ...] = ()
    email: str = ""
    city: str = ""
    last_contact: str = "2026-01-02T03:04:05Z"
    is_company: bool = False
    is_lead: bool = False

    @property
    def first(self) -> str:
        """Given name; empty when the name is one word."""
        given, space, _ = self.name.partition(" ")
        return given if space else ""

    @property
    def last(self) -> str:
        """Family name."""
        return self.name.partition(" ")[2] or self.name

    @property
    def numbers(self) -> tuple[str, ...]:
        """All of them, as typed."""
        return tuple(number for number in (self.phone, self.mobile, *self.others) if number)


class Trouble(Enum):
    """What goes wrong with every request to the API, or those to `Fake.troubled_path`, while it is set."""

    EXPIRED = auto()
    """The vendor's answer to credentials that are no longer good."""
    LIMITED = auto()
    """The vendor's answer to too many questions."""
    BROKEN = auto()
    """Status 500 in the vendor's shape."""
    HTML = auto()
    """A page for people, with status 200, as proxies and login walls give."""
    CUT = auto()
    """The connection ends in the middle of the answer."""
    SLOW = auto()
    """The answer comes when `Fake.gate` is set."""
    HUGE = auto()
    """128 MiB of JSON that says nothing."""
    NOT_STORED = auto()
    """A new record is thrown away and the connection cut: nobody can tell whether it was stored."""
    STORED_UNANSWERED = auto()
    """A new record is stored and the connection cut: nobody can tell whether it was stored."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came; `query` is decoded, names of `headers` are in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""
    raw_query: str = ""

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """All that the client let out, decoded, to look for what it should have kept."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        decoded = unquote_plus(f"{self.path}?{self.raw_query}")
        return f"{self.method} {decoded}\n{headers}\n{self.body.decode(errors='replace')}"


class RefusedError(Exception):
    """A request that the vendor does not fulfil, with the vendor's answer: JSON, a page, nothing."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    def response(self) -> web.Response:
        """A text is a page; None is an empty answer."""
        match self.body:
            case None:
                return web.Response(status=self.status, headers=self.headers)
            case str(page):
                return web.Response(
                    text=page, status=self.status, headers=self.headers, content_type="text/html"
                )
            case body:
                return web.json_response(body, status=self.status, headers=self.headers)


class _UnansweredError(Exception):
    """The connection is to be cut without an answer."""


@dataclass
class Fake(ABC):
    """One vendor's server.

    Attributes:
        people: who is stored there; tests change it as they like.
        requests: what was asked, in order, token requests included.
        logged: the calls that were logged, as the vendor stores them, each with its `id`.
        trouble: what goes wrong from now on.
        troubled_path: only requests whose path holds this are in trouble.
        gate: lets answers out while `trouble` is SLOW.
        asked: set at every request; clear it before waiting for the next.
    """

    title: ClassVar[str]
    token_path: ClassVar[str] = ""
    """The end of the path at which tokens are given out, for which no token is needed."""

    people: list[Person] = field(default_factory=list)
    requests: list[Received] = field(default_factory=list)
    logged: list[dict[str, Any]] = field(default_factory=list)
    trouble: Trouble | None = None
    troubled_path: str = ""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    @property
    @abstractmethod
    def credentials(self) -> Mapping[str, str]:
        """What is accepted: `token`; or `username`, `password`; or what `TokenDesk.credentials` says."""

    @abstractmethod
    def routes(self) -> Iterable[web.RouteDef]:
        """What is served."""

    @abstractmethod
    def admit(self, request: web.Request) -> None:
        """Raise RefusedError unless the credentials are good."""

    @abstractmethod
    def expired(self) -> RefusedError:
        """The answer to credentials that are no longer good."""

    @abstractmethod
    def limited(self) -> RefusedError:
        """The answer to too many questions."""

    @abstractmethod
    def broken(self) -> RefusedError:
        """The answer when something is wrong inside."""

    def id_of(self, person: Person) -> str:
        """How the vendor writes the id of a person."""
        return person.id

    def keep(self, record: dict[str, Any]) -> None:
        """Store a logged call, or lose it as `trouble` says."""
        if self.trouble is Trouble.NOT_STORED:
            raise _UnansweredError
        self.logged.append(record)
        if self.trouble is Trouble.STORED_UNANSWERED:
            raise _UnansweredError

    def next_id(self) -> str:
        """For the next logged call."""
        return str(9001 + len(self.logged))

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Listen on a free port of 127.0.0.1; gives the address without a slash at its end."""
        app = web.Application(middlewares=[self._answer])
        app.add_routes(self.routes())
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.url = f"http://{host}:{port}"
            yield self.url
        finally:
            self.gate.set()
            await runner.cleanup()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await self._note(request)
        try:
            if self.token_path and request.path.endswith(self.token_path):
                return await handler(request)
            return await self._troubled(request, handler)
        except RefusedError as refused:
            return refused.response()
        except _UnansweredError:
            return _cut(request)

    async def _note(self, request: web.Request) -> None:
        self.requests.append(
            Received(
                request.method,
                request.path,
                tuple(request.query.items()),
                {name.lower(): value for name, value in request.headers.items()},
                await request.read(),
                request.rel_url.raw_query_string,
            )
        )
        self.asked.set()

    async def _troubled(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        trouble = self.trouble if self.troubled_path in request.path else None
        match trouble:
            case Trouble.EXPIRED:
                raise self.expired()
            case Trouble.LIMITED:
                raise self.limited()
            case Trouble.BROKEN:
                raise self.broken()
            case Trouble.HTML:
                return web.Response(text=HTML, content_type="text/html")
            case Trouble.CUT:
                return await _half(request)
            case Trouble.HUGE:
                return await _huge(request)
            case Trouble.SLOW:
                await self.gate.wait()
        self.admit(request)
        return await handler(request)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"results": [{"id": "1", "na')
    if request.transport is not None:
        request.transport.close()
    return response


async def _huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        for _ in range(_HUGE // len(_CHUNK)):
            await response.write(_CHUNK)
        await response.write(b"{}")
    except ConnectionError:
        pass  # the client has had enough, as it should
    return response
