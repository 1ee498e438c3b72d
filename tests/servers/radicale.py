"""Radicale, a real CalDAV and CardDAV server."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.servers.dav import CARDS, PASSWORD, USER, DavAccount, with_uid
from tests.servers.process import LOOPBACK, Server, folder, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONFIG = """
[server]
hosts = {host}:{port}
[auth]
type = htpasswd
htpasswd_filename = {place}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {place}/collections
[logging]
level = warning
"""


class RadicaleAccount(DavAccount):
    async def fill(self, texts: Sequence[str]) -> None:
        whole = "".join(with_uid(text, f"card-{i}") for i, text in enumerate(texts))
        await self.ask("PUT", self.book(), whole, CARDS)


@contextmanager
def radicale() -> Iterator[DavAccount]:
    """Run it with one account, which has no address book yet."""
    with folder() as place:
        port = free_port()
        (place / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
        (place / "config").write_text(_CONFIG.format(host=LOOPBACK, port=port, place=place))
        command = [sys.executable, "-m", "radicale", "--config", str(place / "config")]
        with Server(command, port, place / "log") as server:
            yield RadicaleAccount(server, f"http://{LOOPBACK}:{port}", f"/{USER}/")
