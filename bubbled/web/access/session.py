"""Who may see the pages: invitations that are good for once, and the sessions that come of them. Pure.

Secrets are kept as digests: looking one up then tells nothing about those that are there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

INVITED_S: Final = 60.0
"""For how long an invitation is good: a browser that starts on a busy computer takes half of it."""

RESTED_S: Final = 12 * 3600.0
"""After so long without a request a session is over."""

_MOST: Final = 50
"""Invitations, and sessions, that are remembered; the oldest go."""


@dataclass(slots=True)
class Session:
    """One browser that was let in.

    Attributes:
        csrf: what a form of our own pages sends along, and no other page knows.
        seen_s: when its last request came, or ended.
        open: how many of its requests are being answered: a page that follows events is in use.
    """

    csrf: str
    seen_s: float
    open: int = 0


class Sessions:
    """Lets browsers in. Every `now_s` is of one clock that only goes forward, in seconds."""

    def __init__(self) -> None:
        self._invitations: OrderedDict[str, float] = OrderedDict()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def invite(self, now_s: float) -> str:
        """Give a token that lets one browser in, once, within `INVITED_S`."""
        token = secrets.token_urlsafe(32)
        self._invitations[_digest(token)] = now_s
        _limit(self._invitations)
        return token

    def redeem(self, token: str, now_s: float) -> bool:
        """Say whether a token lets somebody in; it does so once."""
        invited_s = self._invitations.pop(_digest(token), None)
        return invited_s is not None and now_s - invited_s <= INVITED_S

    def begin(self, now_s: float) -> str:
        """Give the cookie of a new session."""
        cookie = secrets.token_urlsafe(32)
        self._sessions[_digest(cookie)] = Session(secrets.token_urlsafe(32), now_s)
        _limit(self._sessions)
        return cookie

    def session(self, cookie: str, now_s: float) -> Session | None:
        """Give the session of a cookie; None when there is none, or no longer."""
        name = _digest(cookie)
        session = self._sessions.get(name)
        if session is None:
            return None
        if not session.open and now_s - session.seen_s > RESTED_S:
            del self._sessions[name]
            return None
        session.seen_s = now_s
        self._sessions.move_to_end(name)
        return session


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _limit(kept: OrderedDict[str, float] | OrderedDict[str, Session]) -> None:
    while len(kept) > _MOST:
        kept.popitem(last=False)
