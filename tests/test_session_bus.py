from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dbus_fast.aio import MessageBus

from bubbled.session_bus import address
from tests.popup.screens.conftest import SessionBus, services, session_bus

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["services", "session_bus"]

TOLD = "unix:path=/somewhere/else,guid=0123456789abcdef0123456789abcdef"


@pytest.fixture
def runtime_dir(tmp_path: Path) -> Path:
    (tmp_path / "bus").touch()
    return tmp_path


def test_its_own_variable_comes_first(runtime_dir: Path) -> None:
    assert address({"DBUS_SESSION_BUS_ADDRESS": TOLD, "XDG_RUNTIME_DIR": str(runtime_dir)}) == TOLD


@pytest.mark.parametrize("variable", [{}, {"DBUS_SESSION_BUS_ADDRESS": ""}])
def test_else_it_is_where_systemd_puts_it(runtime_dir: Path, variable: dict[str, str]) -> None:
    environment = {**variable, "XDG_RUNTIME_DIR": str(runtime_dir)}
    assert address(environment) == f"unix:path={runtime_dir}/bus"


def test_where_nothing_tells_it_is_not_known(tmp_path: Path) -> None:
    assert address({}) is None
    assert address({"XDG_RUNTIME_DIR": ""}) is None
    assert address({"XDG_RUNTIME_DIR": str(tmp_path)}) is None


@pytest.mark.desktop
async def test_a_real_bus_is_found_there_without_a_variable(
    session_bus: SessionBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bus").symlink_to(session_bus.address.removeprefix("unix:path=").partition(",")[0])
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bus = await MessageBus(bus_address=address()).connect()
    bus.disconnect()
    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
