"""Find out why an LDAP server cannot be reached, of which libldap says only that it cannot."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bubbled.directory.kinds.ldap.trouble import Trouble

_LIMIT_S = 2.0
_LONGEST_ANSWER = 4096

# RFC 4511, 4.14: message 1, an extended request named 1.3.6.1.4.1.1466.20037.
_START_TLS: Final = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"

# Whom the computer trusts: Debian and Arch, Fedora, SUSE, Alpine.
_TRUSTED = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is, and how it is to be spoken to; `ca_file` None: whom this computer trusts."""

    scheme: str
    host: str
    port: int
    start_tls: bool
    ca_file: str | None

    @property
    def is_secret(self) -> bool:
        """Whether TLS is spoken, from the start or soon after."""
        return self.start_tls or self.scheme == "ldaps"

    @property
    def quoted_host(self) -> str:
        """The host as addresses have it."""
        return f"[{self.host}]" if ":" in self.host else self.host


def trusted_file(endpoint: Endpoint) -> str:
    """The file with the authorities to trust; empty where libldap must find them itself."""
    if endpoint.ca_file is not None:
        return endpoint.ca_file
    return next((path for path in _TRUSTED if Path(path).is_file()), "")


def ca_file_trouble(endpoint: Endpoint) -> str | None:
    """Why the authorities in the user's own file cannot be trusted; None when they can, or need not be."""
    if endpoint.ca_file is None or not endpoint.is_secret:
        return None
    try:
        ssl.create_default_context(cafile=endpoint.ca_file)
    except ssl.SSLError:
        return "it is no PEM file"
    except OSError as problem:
        return problem.strerror or "it cannot be opened"
    return None


def why_unreachable(endpoint: Endpoint) -> tuple[Trouble, str]:
    """Connect once more, without LDAP and without the password, and see where that ends."""
    try:
        with socket.create_connection((endpoint.host, endpoint.port), _LIMIT_S) as connection:
            return _why_no_tls(connection, endpoint) if endpoint.is_secret else (Trouble.BROKEN_OFF, "")
    except (socket.gaierror, UnicodeError):
        return Trouble.NO_HOST, ""
    except ConnectionRefusedError:
        return Trouble.REFUSED, ""
    except TimeoutError:
        return Trouble.SILENT, ""
    except OSError as problem:
        return Trouble.UNREACHABLE, problem.strerror or ""


def _why_no_tls(connection: socket.socket, endpoint: Endpoint) -> tuple[Trouble, str]:
    if endpoint.start_tls:
        connection.sendall(_START_TLS)
        connection.recv(_LONGEST_ANSWER)
    context = ssl.create_default_context(cafile=trusted_file(endpoint) or None)
    try:
        with context.wrap_socket(connection, server_hostname=endpoint.host):
            # Among others it takes `localhost` for the full name of this computer.
            return Trouble.CERTIFICATE, "libldap does not accept it"
    except ssl.SSLCertVerificationError as problem:
        return Trouble.CERTIFICATE, problem.verify_message
    except TimeoutError:
        return Trouble.SILENT, ""
    except OSError as problem:
        return Trouble.NO_TLS, getattr(problem, "reason", None) or ""
