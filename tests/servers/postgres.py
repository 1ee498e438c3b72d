"""A real PostgreSQL with one database, `crm`, which belongs to its superuser `postgres`."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from signal import SIGINT
from typing import TYPE_CHECKING

from tests.servers.certificate import write_certificate
from tests.servers.process import LOOPBACK, Server, folder, free_port, program, run, unprivileged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import trustme

PASSWORD = "as long as it is real"
"""Of its superuser; other accounts are made by tests."""

_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": LOOPBACK,
    "max_connections": "20",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """The server; `server` stops and starts it, `socket` is the folder of its socket."""

    server: Server
    socket: Path

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1, with and without TLS."""
        return self.server.port

    def execute(self, sql: str) -> str:
        """Run statements as its superuser, in `crm`; what they answer as text, `|` between columns."""
        options = ("--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1")
        where = ("--host", str(self.socket), "--port", str(self.port), "--username", "postgres")
        return run([program("psql"), *options, *where, "--command", sql, "crm"], unprivileged("postgres"))


@contextmanager
def started_postgres(authority: trustme.CA) -> Iterator[Postgres]:
    """Start one, whose certificate for 127.0.0.1 `authority` has issued."""
    user = unprivileged("postgres")
    with folder(user) as home:
        data, port = home / "data", free_port()
        _make(home, data, user)
        certificate = write_certificate(authority, home, user)
        options = {
            **_OPTIONS,
            "port": str(port),
            "ssl": "on",
            "ssl_cert_file": str(certificate.chain),
            "ssl_key_file": str(certificate.key),
            "unix_socket_directories": str(home),
        }
        command = [
            program("postgres"),
            "-D",
            str(data),
            *(f"--{key}={value}" for key, value in options.items()),
        ]
        server = Server(command, port, home / "log", user, SIGINT, lambda: _is_ready(home, port, user))
        with server:
            postgres = Postgres(server, home)
            _create(postgres, user)
            yield postgres


def _make(home: Path, data: Path, user: str | None) -> None:
    password = home / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    options = ("--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres")
    access = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}")
    run([program("initdb"), "-D", str(data), *options, *access], user)


def _is_ready(socket: Path, port: int, user: str | None) -> bool:
    try:
        run([program("pg_isready"), "--quiet", "--host", str(socket), "--port", str(port)], user)
    except RuntimeError:
        return False
    return True


def _create(postgres: Postgres, user: str | None) -> None:
    where = ("--host", str(postgres.socket), "--port", str(postgres.port), "--username", "postgres")
    run([program("createdb"), *where, "crm"], user)
