"""Changes for many readers, none of whom may hold up the daemon or fill its memory."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.control.status import JsonObject


class Feed:
    """Hands each published change to every subscription.

    Args:
        backlog: how many changes a reader may lag behind before it is dropped.
    """

    def __init__(self, backlog: int = 256) -> None:
        self._backlog = backlog
        self._subscriptions: set[Subscription] = set()

    def publish(self, change: JsonObject) -> None:
        """Hand over a change; never waits."""
        for subscription in tuple(self._subscriptions):
            subscription.offer(change)

    def subscribe(self) -> Subscription:
        """Follow what is published from now on."""
        subscription = Subscription(self._backlog, self._subscriptions.discard)
        self._subscriptions.add(subscription)
        return subscription

    def close(self) -> None:
        """End every subscription once its reader has what was published so far."""
        for subscription in tuple(self._subscriptions):
            subscription.end()


class Subscription:
    """One reader's changes, oldest first; ends when the feed closes or the reader lags too far behind."""

    def __init__(self, backlog: int, leave: Callable[[Subscription], None]) -> None:
        self._backlog = backlog
        self._leave = leave
        self._waiting: deque[JsonObject] = deque()
        self._ended = False
        self._news = asyncio.Event()

    def offer(self, change: JsonObject) -> None:
        """Take a change, or end with nothing more to read when the reader lags too far behind."""
        if len(self._waiting) >= self._backlog:
            self._waiting.clear()
            self.end()
            return
        self._waiting.append(change)
        self._news.set()

    def end(self) -> None:
        """Take no more changes."""
        self._ended = True
        self._leave(self)
        self._news.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> JsonObject:
        while not self._waiting:
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()

    async def aclose(self) -> None:
        """Stop following."""
        self._waiting.clear()
        self.end()
