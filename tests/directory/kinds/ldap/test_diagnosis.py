from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import trustme

from bubbled.directory.kinds.ldap.diagnosis import Endpoint, ca_file_trouble, why_unreachable
from bubbled.directory.kinds.ldap.trouble import Trouble
from tests.servers.process import LOOPBACK, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = Endpoint("ldap", LOOPBACK, 389, start_tls=False, ca_file=None)


@contextmanager
def answering(words: bytes) -> Iterator[int]:
    """A server that says the same to one client, whatever it wants, and hangs up; yields its port."""
    with socket.create_server((LOOPBACK, 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(words)

        serving = Thread(target=serve)
        serving.start()
        yield listening.getsockname()[1]
        serving.join()


def test_a_host_that_does_not_exist() -> None:
    for host in ("nobody.invalid", "a" * 300 + ".example"):
        assert why_unreachable(replace(HERE, host=host))[0] is Trouble.NO_HOST


def test_a_port_on_which_nothing_listens() -> None:
    assert why_unreachable(replace(HERE, port=free_port())) == (Trouble.REFUSED, "")


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_a_server_that_does_not_speak_tls(scheme: str) -> None:
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        asked = replace(HERE, scheme=scheme, port=port, start_tls=scheme == "ldap")
        assert why_unreachable(asked)[0] is Trouble.NO_TLS


def test_a_file_of_authorities_is_read_where_it_is_needed(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    (tmp_path / "rubbish.pem").write_text("rubbish")
    tls = replace(HERE, scheme="ldaps")
    assert ca_file_trouble(tls) is None
    assert ca_file_trouble(replace(tls, ca_file=str(tmp_path / "ca.pem"))) is None
    assert ca_file_trouble(replace(tls, ca_file=str(tmp_path / "rubbish.pem"))) == "it is no PEM file"
    assert ca_file_trouble(replace(tls, ca_file=str(tmp_path / "nix"))) == "No such file or directory"
    assert ca_file_trouble(replace(HERE, ca_file=str(tmp_path / "nix"))) is None
