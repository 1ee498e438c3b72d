"""Lets requests of our own pages through, in sessions that were begun by an invitation."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aiohttp import hdrs, web

from bubbled.web import form
from bubbled.web.access.rule import SAFE_METHODS, is_ours, objection
from bubbled.web.access.session import Session
from bubbled.web.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiohttp.typedefs import Handler

    from bubbled.web.access.session import Sessions

SESSION: Final = web.RequestKey("session", Session)
"""By which a request carries its session, once it is let in."""

CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "X-CSRF-Token"

_OPEN_TO_ALL: Final = frozenset({"/static", "/enter"})
"""What a browser needs before it has a session."""


class Gate:
    """Watches over one address.

    Args:
        sessions: those who were let in.
        address: ours, as `127.0.0.1:41231`.
        clock: tells seconds, and only goes forward.
    """

    def __init__(self, sessions: Sessions, address: str, clock: Callable[[], float]) -> None:
        self._sessions = sessions
        self._address = address
        self._clock = clock

    @property
    def cookie(self) -> str:
        """Its name: browsers do not tell the ports of one computer apart, so the name does."""
        return f"bubbled-{self._address.rpartition(':')[2]}"

    def enter(self, request: web.Request, token: str, to: str) -> web.Response:
        """Let a browser in that was invited, and lead it to a page.

        One that is in already keeps its session: pages that are open in it would be of no session any more.

        Raises:
            RefusedError: the token is not good, or no longer.
        """
        is_invited = self._sessions.redeem(token, self._clock())
        response = web.Response(status=303, headers={hdrs.LOCATION: to})
        if self._session(request) is None:
            if not is_invited:
                raise RefusedError(403, "used")
            cookie = self._sessions.begin(self._clock())
            response.set_cookie(self.cookie, cookie, httponly=True, samesite="Strict", path="/")
        return response

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what is not of our pages, before anything else looks at it."""
        reason = objection(request.method, request.raw_path, request.headers, self._address)
        if reason is not None:
            raise RefusedError(403, "foreign", reason)
        if _is_open_to_all(request):
            return await handler(request)
        session = self._session(request)
        if session is None:
            raise RefusedError(403, "unknown")
        with self._in_use(session):
            if request.method not in SAFE_METHODS and not is_ours(await _sent(request), session.csrf):
                raise RefusedError(403, "stale")
            request[SESSION] = session
            return await handler(request)

    def _session(self, request: web.Request) -> Session | None:
        return self._sessions.session(request.cookies.get(self.cookie, ""), self._clock())

    @contextmanager
    def _in_use(self, session: Session) -> Iterator[None]:
        session.open += 1
        try:
            yield
        finally:
            session.open -= 1
            session.seen_s = self._clock()


def _is_open_to_all(request: web.Request) -> bool:
    resource = request.match_info.route.resource
    return resource is not None and resource.canonical in _OPEN_TO_ALL


async def _sent(request: web.Request) -> str:
    if (header := request.headers.get(CSRF_HEADER)) is not None:
        return header
    sent = (await form.posted(request)).get(CSRF_FIELD)
    return sent if isinstance(sent, str) else ""
