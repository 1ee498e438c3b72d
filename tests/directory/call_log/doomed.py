"""A program that writes a call into a fake HubSpot and stands still in the middle of it, to be killed.

    python -m tests.directory.call_log.doomed OUTBOX URL KEY before|after

It says `now` where it stands still: before the request leaves, or after its answer came.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.directory.call_log.courier import Courier
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.call_writer import RestCallWriter
from bubbled.directory.kinds.rest.transport import transport_for
from tests.directory.call_log.office import RECORD
from tests.directory.kinds.rest.account import kept

if TYPE_CHECKING:
    from bubbled.directory.http.port import Request, Response


class Standstill:
    """Sends nothing, or sends and tells nobody."""

    def __init__(self, *, sends: bool) -> None:
        self._inner = HttpTransport()
        self._sends = sends

    async def send(self, request: Request) -> Response:
        if self._sends:
            await self._inner.send(request)
        sys.stdout.write("now\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
        raise AssertionError

    async def aclose(self) -> None:
        await self._inner.aclose()


async def main(outbox: str, url: str, key: str, moment: str) -> None:
    """Begin to write `RECORD`."""
    preset = loading.load("hubspot")
    variables = {"portal": "123", "base_url": url, "app_url": url}
    over = Standstill(sends=moment == "after")
    transport = transport_for(preset, variables, {"key": kept(key)}, token_file=Path(outbox), over=over)
    writer = RestCallWriter(preset, variables, transport, after_s=0.0)
    courier = Courier(Path(outbox), {"CRM": writer}.get, lambda: datetime.now(UTC))
    record = replace(RECORD, account=writer.account, kind="contact")
    courier.ledger.accept(record, datetime.now(UTC), 0.0)
    await courier.deliver()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
