from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bubbled.daemon.apart import kept_apart


def test_a_defect_is_told_with_its_room_and_the_call_goes_on() -> None:
    with capture_logs() as logs, kept_apart("history"):
        raise RuntimeError("the paper is gone")
    assert [(entry["log_level"], entry["room"]) for entry in logs] == [("error", "history")]


def test_giving_up_is_no_defect() -> None:
    with capture_logs() as logs, pytest.raises(asyncio.CancelledError), kept_apart("history"):
        raise asyncio.CancelledError
    assert logs == []
