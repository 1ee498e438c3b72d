"""Certificates for servers on loopback."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.process import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

    import trustme


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of one, in PEM; the key is for its owner alone."""

    chain: Path
    key: Path


def write_certificate(authority: trustme.CA, folder: Path, user: str | None = None) -> Certificate:
    """Write one for 127.0.0.1 that `authority` has issued, for a server that runs as `user`."""
    issued = authority.issue_cert(LOOPBACK)
    certificate = Certificate(folder / "server.pem", folder / "server.key")
    certificate.chain.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
    certificate.key.touch(mode=0o600)
    certificate.key.write_bytes(issued.private_key_pem.bytes())
    if user is not None:
        shutil.chown(certificate.key, user)
    return certificate
