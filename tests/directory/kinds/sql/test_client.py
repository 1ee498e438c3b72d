from __future__ import annotations

import asyncio
import sqlite3
from threading import Event
from typing import TYPE_CHECKING, Any

from bubbled.directory.kinds.sql.address import read_address
from bubbled.directory.kinds.sql.client import Client
from bubbled.directory.kinds.sql.query import read_query
from bubbled.directory.kinds.sql.sqlite import Sqlite

if TYPE_CHECKING:
    import pytest


async def test_a_file_that_is_being_opened_is_waited_for_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_go_on, is_open = Event(), Event(), Event()
    really_open = sqlite3.connect

    def open_slowly(*arguments: Any, **options: Any) -> Any:
        begun.set()
        may_go_on.wait()
        is_open.set()
        return really_open(*arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", open_slowly)
    address = read_address("sqlite:////missing.db")
    query = read_query("SELECT name, phone FROM customer WHERE phone = :e164", address.family)
    client = Client(Sqlite(address, timeout_s=1), address, query, timeout_s=1)
    asking = asyncio.create_task(client.ask({"e164": "+31612345678"}))
    await asyncio.to_thread(begun.wait)
    asking.cancel()
    await asyncio.wait((asking,))
    asyncio.get_running_loop().call_later(0.01, may_go_on.set)
    await client.aclose()
    assert is_open.is_set()
