"""The guard between the rooms."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = structlog.get_logger()


@contextmanager
def kept_apart(room: str) -> Iterator[None]:
    """Keep a defect in one room from the others: the log tells of it, and the call goes on."""
    try:
        yield
    except Exception:  # noqa: BLE001 - the one guard between the rooms; what is caught is told
        _log.exception("something failed by a defect of bubbled; the rest goes on", room=room)
