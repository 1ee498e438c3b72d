"""Finding out how a PBX can be reached, before anybody logs in: no name and no secret is sent."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import tempfile
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import PbxError
from bubbled.pbx.ami.error import connection_failure
from bubbled.pbx.tls import tls_context
from bubbled.settings.schema import AMI_PORT, AMI_TLS_PORT, SIP_PORT, SIP_TLS_PORT
from bubbled.setup.known import Certificate, Reach

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE_S: Final = 6.0

_GREETING: Final = b"Asterisk Call Manager/"
_OTHER_NAME: Final = frozenset({62, 63, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and its siblings for mail and addresses (openssl/x509_vfy.h)."""


@dataclass(frozen=True, slots=True)
class _Door:
    """A port, and what came of knocking: `trouble` None means that it is open."""

    port: int
    trouble: str | None = None
    certificate: Certificate | None = None


async def reach_ami(host: str, port: int | None = None, ca_file: Path | None = None) -> Reach:
    """Look for AMI, encrypted and not, on its usual ports or on one; what `ca_file` signed is trusted."""
    secure, plain = await asyncio.gather(
        _secure(host, port or AMI_TLS_PORT, ca_file, _GREETING), _plain(host, port or AMI_PORT, _GREETING)
    )
    return _reach(secure, plain)


async def reach_sip(host: str, port: int | None = None, ca_file: Path | None = None) -> Reach:
    """Look for SIP over TLS and TCP; where there is neither, UDP is left, which no knocking can find."""
    secure, plain = await asyncio.gather(
        _secure(host, port or SIP_TLS_PORT, ca_file, b""), _plain(host, port or SIP_PORT, b"")
    )
    found = _reach(secure, plain)
    if found.plain_port is None:
        return Reach(
            tls_port=found.tls_port,
            certificate=found.certificate,
            plain_port=plain.port,
            reason=found.reason,
        )
    return Reach(
        tls_port=found.tls_port,
        certificate=found.certificate,
        plain_port=found.plain_port,
        plain_transport="tcp",
    )


def _reach(secure: _Door, plain: _Door) -> Reach:
    is_open = secure.trouble is None
    return Reach(
        tls_port=secure.port if is_open or secure.certificate else None,
        certificate=secure.certificate,
        plain_port=plain.port if plain.trouble is None else None,
        reason="" if is_open else plain.trouble or secure.trouble or "",
    )


async def _plain(host: str, port: int, greeting: bytes) -> _Door:
    try:
        async with _opened(host, port, None) as reader:
            return _Door(port, await _trouble_with(reader, greeting, f"{host}:{port}"))
    except OSError as error:
        return _Door(port, str(connection_failure(error, f"{host}:{port}")))


async def _secure(host: str, port: int, ca_file: Path | None, greeting: bytes) -> _Door:
    place = f"{host}:{port}"
    try:
        async with _opened(host, port, tls_context(ca_file=ca_file)) as reader:
            return _Door(port, await _trouble_with(reader, greeting, place))
    except ssl.SSLCertVerificationError as error:
        shown = await _shown(host, port)
        return _Door(port, str(connection_failure(error, place)), shown)
    except OSError as error:
        return _Door(port, str(connection_failure(error, place)))
    except PbxError as error:
        return _Door(port, str(error))


async def _trouble_with(reader: asyncio.StreamReader, greeting: bytes, place: str) -> str | None:
    """Why what answers is no PBX; a SIP server says nothing before it is asked."""
    said = await reader.readexactly(len(greeting)) if greeting else b""
    if said == greeting:
        return None
    return f"What answers at {place} is no Asterisk manager. Check host and port."


async def _shown(host: str, port: int) -> Certificate | None:
    """The certificate that the PBX shows, and whether it could be trusted by itself."""
    with suppress(OSError):
        der = await _certificate(host, port, tls_context(verify=False))
        if der is None:
            return None
        pem = ssl.DER_cert_to_PEM_cert(der[0])
        fingerprint = hashlib.sha256(der[0]).hexdigest().upper()
        pairs = ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2))
        names, until, trouble = await _judged(host, port, pem)
        return Certificate(pem, pairs, names, until, trouble)
    return None


async def _judged(host: str, port: int, pem: str) -> tuple[tuple[str, ...], str, str | None]:
    """Whom a certificate is made out to, until when, and why it is not to be trusted, if so."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context, trouble = tls_context(ca_file=Path(file.name)), None
        try:
            await _certificate(host, port, context)
        except ssl.SSLCertVerificationError as error:
            trouble = _reason(error, host)
        context.check_hostname = False
        with suppress(ssl.SSLError):
            if shown := await _certificate(host, port, context):
                return (*_facts(shown[1]), trouble)
    return (), "", trouble or "it cannot be read"


def _reason(error: ssl.SSLCertVerificationError, host: str) -> str:
    if error.verify_code in _OTHER_NAME:
        return f"it is not made out to {host}"
    return error.verify_message


def _facts(decoded: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """The names, and the end, in what `SSLSocket.getpeercert` tells."""
    alternative = [str(value) for _, value in decoded.get("subjectAltName", ())]
    common = [value for group in decoded.get("subject", ()) for key, value in group if key == "commonName"]
    return tuple(alternative or common), str(decoded.get("notAfter", ""))


async def _certificate(host: str, port: int, context: ssl.SSLContext) -> tuple[bytes, dict[str, Any]] | None:
    """What the PBX shows, as bytes and, where it was verified, as facts."""
    async with _opened_both(host, port, context) as (_, writer):
        tls = writer.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True)
        return None if der is None else (der, tls.getpeercert() or {})


@asynccontextmanager
async def _opened(host: str, port: int, tls: ssl.SSLContext | None) -> AsyncIterator[asyncio.StreamReader]:
    async with _opened_both(host, port, tls) as (reader, _):
        try:
            yield reader
        except asyncio.IncompleteReadError:
            raise ConnectionResetError("the connection was closed") from None


@asynccontextmanager
async def _opened_both(
    host: str, port: int, tls: ssl.SSLContext | None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection(host, port, ssl=tls)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
