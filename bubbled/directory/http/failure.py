"""Why no answer came, said so that somebody can do something about it."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

from bubbled.directory.http.address import place
from bubbled.directory.http.port import UnsentError
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from yarl import URL


def failure(error: Exception, url: URL) -> DirectoryError:
    """What aiohttp or the system raised for a request to `url`, without anything that the request held."""
    import aiohttp  # noqa: PLC0415 - whoever calls this has loaded it

    kind = UnsentError if isinstance(error, aiohttp.ClientConnectorError) else DirectoryError
    return kind(f"{place(url)} {_why(error)}")


def _why(error: Exception) -> str:  # noqa: PLR0911 - one for each way to fail
    import aiohttp  # noqa: PLC0415 - whoever calls this has loaded it

    match error:
        case aiohttp.ClientConnectorDNSError():
            return "cannot be found by its name: check the address in the settings, and the network"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return _why_not_secure(error)
        case aiohttp.ClientConnectorError():
            return f"cannot be reached ({_strerror(error)}): is it running, and is the port right?"
        case aiohttp.ClientPayloadError():
            return "cut its answer off in the middle: try again"
        case aiohttp.ClientConnectionError() | ConnectionError():
            return "cut the connection off without an answer: try again"
        case aiohttp.ClientResponseError():
            return "does not answer as a web server does: check the address and the port"
        case ValueError():
            return "cannot be asked with this request: is there a line break in a secret or header?"
        case _:
            return f"cannot be asked ({type(error).__name__})"


def _why_not_secure(error: Exception) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"shows a certificate that is not to be trusted ({cause.verify_message}): check the host name; "
            "for a certificate of your own company, give its authority as ca_file"
        )
    return "does not speak TLS as it should: is it an https address, and is the port right?"


def _strerror(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else type(error).__name__
