from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers.slapd import slapd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.slapd import Slapd


@pytest.fixture(scope="session")
def server() -> Iterator[Slapd]:
    """A server of a large company; tests leave it as it is."""
    with slapd(entries=50_000) as running:
        yield running
