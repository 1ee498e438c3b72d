from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.popup.screens.conftest import server, services, session_bus

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.popup.screens.conftest import FakeServer, SessionBus

__all__ = ["server", "services", "session_bus"]

pytestmark = pytest.mark.desktop


async def test_a_link_that_finds_no_daemon_says_so_on_the_desktop(
    bubbled: Bubbled, server: FakeServer, session_bus: SessionBus, tmp_path: Path
) -> None:
    ended = await bubbled(
        *("--socket", tmp_path / "none", "dial", "--url", "tel:0201234567"),
        DBUS_SESSION_BUS_ADDRESS=session_bus.address,
    )
    assert ended.status == 1
    assert "bubbled is not running" in ended.err
    (notice,) = server.up.values()
    assert notice.summary == "bubbled"
    assert "bubbled is not running" in notice.body


async def test_who_types_a_number_is_told_where_he_types(
    bubbled: Bubbled, server: FakeServer, session_bus: SessionBus, tmp_path: Path
) -> None:
    ended = await bubbled(
        *("--socket", tmp_path / "none", "dial", "0201234567"), DBUS_SESSION_BUS_ADDRESS=session_bus.address
    )
    assert ended.status == 1
    assert server.up == {}


async def test_without_a_desktop_it_ends_all_the_same(bubbled: Bubbled, tmp_path: Path) -> None:
    ended = await bubbled("--socket", tmp_path / "none", "dial", "--selection")
    assert ended.status == 1
    assert ended.err.count("\n") == 1
