from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialing.x11_server import XServer, running_x_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def x_server() -> Iterator[XServer]:
    with running_x_server() as server:
        yield server
