from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.tray.host import Tray
from bubbled.tray.icon import icon
from bubbled.tray.item import Face
from bubbled.tray.menu import menu
from bubbled.tray.wording import Sentences
from tests.popup.screens.conftest import no_bus, services, session_bus
from tests.popup.screens.desktop import display
from tests.tray.sample import AT_REST, NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bubbled.tray.state import Action, TrayState

__all__ = ["display", "no_bus", "services", "session_bus"]
"""A display with a session bus is a fixture of the screens; here an icon is on it."""


class User:
    """Keeps what the user wanted, in order; his menu is made anew when he opens it, where a test says so."""

    def __init__(self) -> None:
        self.wishes: asyncio.Queue[Action | str] = asyncio.Queue()
        self.when_opened: Callable[[], None] = lambda: None
        self.openings = 0

    def wished(self, action: Action) -> None:
        self.wishes.put_nowait(action)

    def mute_toggled(self) -> None:
        self.wishes.put_nowait("toggle mute")

    async def opened(self) -> None:
        self.openings += 1
        self.when_opened()

    async def wanted(self) -> Action | str:
        async with asyncio.timeout(10):
            return await self.wishes.get()


class Shown:
    """An icon that is shown as a state has it."""

    def __init__(self, user: User, **pace: float) -> None:
        self.user = user
        self.tray = Tray(user, **pace)
        self.look(AT_REST)

    def look(self, state: TrayState) -> None:
        sentences = Sentences()
        self.tray.show(Face(icon(state), sentences.about(state, NOW)), menu(state, sentences, NOW))

    async def is_there(self) -> None:
        await until(lambda: self.tray.trouble is None)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.01)


@pytest.fixture
def user() -> User:
    return User()


@pytest.fixture
async def shown(session_bus: object, user: User) -> AsyncIterator[Shown]:
    """An icon that looks for a panel, and for a bus, without much patience."""
    assert session_bus
    icon_on_bus = Shown(user, retry_s=0.05, grace_s=0.05)
    running = asyncio.create_task(icon_on_bus.tray.run())
    yield icon_on_bus
    running.cancel()
    await asyncio.wait({running})
