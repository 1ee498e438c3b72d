"""A real MariaDB with one database, `crm`."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.certificate import write_certificate
from tests.servers.process import LOOPBACK, Server, folder, free_port, program, run, unprivileged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import trustme

_OPTIONS = {
    "bind-address": LOOPBACK,
    "character-set-server": "utf8mb4",
    "innodb-buffer-pool-size": "32M",
    "innodb-doublewrite": "0",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-flush-method": "nosync",
    "innodb-log-file-size": "8M",
    "max-connections": "20",
    "skip-name-resolve": "1",
}


@dataclass(frozen=True, slots=True)
class Mariadb:
    """The server; `server` stops and starts it, `socket` is its socket."""

    server: Server
    socket: Path

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1, with and without TLS."""
        return self.server.port

    def execute(self, sql: str) -> str:
        """Run statements as its root, in `crm`; what they answer as text, tabs between columns."""
        options = ("--no-defaults", "--default-character-set=utf8mb4", "--batch", "--skip-column-names")
        account = ("--user=root", f"--socket={self.socket}")
        return run([program("mariadb"), *options, *account, "--execute", sql, "crm"])


@contextmanager
def started_mariadb(authority: trustme.CA | None) -> Iterator[Mariadb]:
    """Start one, whose certificate for 127.0.0.1 `authority` has issued; without one it has no TLS."""
    user = unprivileged("mysql")
    with folder(user) as home:
        data, port, socket = home / "data", free_port(), home / "socket"
        _make(data, user)
        options = {
            **_OPTIONS,
            **(_tls(authority, home, user) if authority else {"skip-ssl": "1"}),
            "datadir": str(data),
            "pid-file": str(home / "pid"),
            "port": str(port),
            "socket": str(socket),
        }
        command = [
            program("mariadbd"),
            "--no-defaults",
            *(f"--{key}={value}" for key, value in options.items()),
        ]
        with Server(command, port, home / "log", user) as server:
            run(
                [
                    program("mariadb"),
                    "--no-defaults",
                    "--user=root",
                    f"--socket={socket}",
                    "-e",
                    "CREATE DATABASE crm",
                ]
            )
            yield Mariadb(server, socket)


def _make(data: Path, user: str | None) -> None:
    options = ("--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db")
    run([program("mariadb-install-db"), *options, f"--datadir={data}"], user)


def _tls(authority: trustme.CA, home: Path, user: str | None) -> dict[str, str]:
    certificate = write_certificate(authority, home, user)
    return {"ssl-cert": str(certificate.chain), "ssl-key": str(certificate.key)}
