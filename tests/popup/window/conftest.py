from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.popup.screens.conftest import services, session_bus
from tests.popup.screens.desktop import virtual_display
from tests.popup.window.desk import HEIGHT, WIDTH, Desk, Told, two_monitors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.popup.screens.conftest import SessionBus

__all__ = ["services", "session_bus"]


@pytest.fixture
def desk(tmp_path: Path, session_bus: SessionBus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    assert session_bus.address
    with (
        virtual_display(tmp_path, monkeypatch, f"{WIDTH}x{HEIGHT}") as display,
        two_monitors(display) as desk,
    ):
        yield desk


@pytest.fixture
def told() -> Told:
    return Told()
