"""TLS towards the PBX: the certificate is verified unless the user says otherwise."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from bubbled.error import PbxError
from bubbled.pbx.consequence import NO_CALLS

if TYPE_CHECKING:
    from pathlib import Path


def tls_context(*, ca_file: Path | None = None, verify: bool = True) -> ssl.SSLContext:
    """How to check the PBX's certificate: against the system's authorities, or only those in `ca_file`.

    Raises:
        PbxError: `ca_file` cannot be read or holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise PbxError(
            f"The certificate file {ca_file} cannot be used ({error.strerror or error}): {NO_CALLS}. "
            "It must be a readable PEM file."
        ) from error
    if ca_file is not None:
        # Whoever trusts the certificate of one PBX need not have the authority that signed it.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
