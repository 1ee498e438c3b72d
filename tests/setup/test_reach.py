"""Knocking at real ports: with and without TLS, with certificates that nobody knows, and with strangers."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
import trustme

from bubbled.pbx.tls import tls_context
from bubbled.setup.reach import reach_ami, reach_sip

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

GREETING = b"Asterisk Call Manager/11.0.0\r\n"


@asynccontextmanager
async def listening(
    greeting: bytes = GREETING, certificate: trustme.LeafCert | None = None
) -> AsyncIterator[int]:
    """Something that greets, and says nothing else; gives its port."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        with suppress(OSError):
            await reader.read()
        writer.close()

    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
    server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


async def test_a_pbx_without_encryption_is_found_on_its_port() -> None:
    async with listening() as port:
        found = await reach_ami("127.0.0.1", port)
    assert (found.tls_port, found.plain_port, found.certificate) == (None, port, None)


async def test_a_certificate_of_somebody_known_is_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    async with listening(certificate=authority.issue_cert("127.0.0.1")) as port:
        found = await reach_ami("127.0.0.1", port, tmp_path / "ca.pem")
    assert (found.tls_port, found.certificate, found.reason) == (port, None, "")


async def test_a_certificate_of_nobody_known_is_shown_and_can_be_trusted_by_itself(
    authority: trustme.CA, tmp_path: Path
) -> None:
    async with listening(certificate=authority.issue_cert("127.0.0.1")) as port:
        found = await reach_ami("127.0.0.1", port)
        shown = found.certificate
        assert shown is not None
        assert (shown.names, shown.trouble) == (("127.0.0.1",), None)
        assert len(shown.fingerprint) == 32 * 3 - 1
        assert shown.until

        (tmp_path / "pbx.pem").write_text(shown.pem)
        trusted = await reach_ami("127.0.0.1", port, tmp_path / "pbx.pem")
    assert (trusted.tls_port, trusted.certificate) == (port, None)


async def test_a_certificate_that_is_trusted_by_itself_vouches_for_no_other(
    authority: trustme.CA, tmp_path: Path
) -> None:
    async with listening(certificate=authority.issue_cert("127.0.0.1")) as port:
        first = await reach_ami("127.0.0.1", port)
    assert first.certificate
    (tmp_path / "pbx.pem").write_text(first.certificate.pem)
    async with listening(certificate=authority.issue_cert("127.0.0.1")) as port:
        other = await reach_ami("127.0.0.1", port, tmp_path / "pbx.pem")
    assert other.certificate is not None
    assert other.certificate.fingerprint != first.certificate.fingerprint


async def test_a_certificate_of_another_host_says_whose_it_is_and_cannot_be_trusted(
    authority: trustme.CA,
) -> None:
    async with listening(certificate=authority.issue_cert("pbx.example.com")) as port:
        found = await reach_ami("127.0.0.1", port)
    assert found.certificate
    assert found.certificate.names == ("pbx.example.com",)
    assert found.certificate.trouble == "it is not made out to 127.0.0.1"


@pytest.mark.parametrize(
    "greeting", [b"SSH-2.0-OpenSSH_9.6\r\n" * 2, b"\x00" * 100, b"HTTP/1.1 400 Bad Request\r\n\r\n"]
)
async def test_what_answers_and_is_no_pbx_is_said_to_be_none(greeting: bytes) -> None:
    async with listening(greeting) as port:
        found = await reach_ami("127.0.0.1", port)
    assert (found.tls_port, found.plain_port) == (None, None)
    assert "no Asterisk manager" in found.reason


async def test_what_closes_at_once_is_told_so() -> None:
    async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0)
    async with server:
        found = await reach_ami("127.0.0.1", server.sockets[0].getsockname()[1])
    assert "cannot be reached" in found.reason


async def test_where_nobody_listens_that_is_said() -> None:
    found = await reach_ami("127.0.0.1", 1)
    assert "refuses connections" in found.reason


async def test_a_name_that_nobody_knows_is_said_to_be_unknown() -> None:
    found = await reach_ami("pbx.invalid")
    assert "not known" in found.reason


async def test_of_sip_tcp_is_found_and_udp_is_what_is_left(authority: trustme.CA, tmp_path: Path) -> None:
    async with listening(b"") as port:
        found = await reach_sip("127.0.0.1", port)
        assert (found.plain_port, found.plain_transport) == (port, "tcp")
    found = await reach_sip("127.0.0.1", 1)
    assert (found.tls_port, found.plain_port, found.plain_transport) == (None, 1, "udp")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    async with listening(b"", authority.issue_cert("127.0.0.1")) as port:
        found = await reach_sip("127.0.0.1", port, tmp_path / "ca.pem")
    assert found.tls_port == port


def test_only_where_a_file_is_named_a_certificate_may_vouch_for_itself(
    authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    assert tls_context(ca_file=tmp_path / "ca.pem").verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN
