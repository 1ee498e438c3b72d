"""Requests over the network, with limits on what a server may do to us.

Certificates are always verified. Cookies are not kept. Neither the proxies of the environment nor `~/.netrc`
are used (`trust_env`): what is asked, and with which credentials, is decided by the settings and by nothing
else. There is no time limit here: whoever asks has the clock, and may cancel at any time.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final

from bubbled.directory.http.address import checked, place, redirected
from bubbled.directory.http.body import LARGEST_BYTES, plain, too_large
from bubbled.directory.http.failure import failure
from bubbled.directory.http.port import Response, UnsentError
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import ClientResponse, ClientSession
    from yarl import URL

    from bubbled.directory.http.port import Request

MOST_REDIRECTS: Final = 3

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SEE_OTHER = 303
_PIECE = 64 * 1024
_HEADERS = {"User-Agent": "bubbled", "Accept-Encoding": "gzip"}


class HttpTransport:
    """Carries requests over HTTP, on connections that are kept for the next one.

    `https` everywhere; plain `http` only to this computer, since anybody on the way could read the
    credentials and the numbers.
    """

    def __init__(self, *, ca_file: Path | None = None, most_bytes: int = LARGEST_BYTES) -> None:
        """Trust the authorities that the system trusts, and those in `ca_file` (PEM) where one is given.

        An answer may have `most_bytes`, packed and unpacked.
        """
        self._ca_file = ca_file
        self._most_bytes = most_bytes
        self._session: ClientSession | None = None
        self._is_closed = False

    async def send(self, request: Request) -> Response:
        """See `Transport.send`.

        A redirect to another scheme, host or port is an error, also one from `http` to `https`: no request,
        and so no credentials and no number, goes where the settings do not say. Methods stay what they are
        (RFC 9110 allows that for 301 and 302), except that 303 asks for a GET.
        """
        url = checked(request.url)
        method, body = request.method, request.body
        for hop in range(MOST_REDIRECTS + 1):
            try:
                response = await self._exchange(method, url, request, body)
            except UnsentError as error:
                if not hop:
                    raise
                # The server that sends us on may have done all that was asked.
                raise DirectoryError(str(error)) from None
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or location is None:
                return response
            url = redirected(url, location)
            if response.status == _SEE_OTHER:
                method, body = "GET", None
        raise DirectoryError(
            f"{place(url)} sends us on and on ({MOST_REDIRECTS} times are followed): check the address in "
            "the settings"
        )

    async def aclose(self) -> None:
        """See `Transport.aclose`; requests that are under way fail."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    async def _exchange(self, method: str, url: URL, request: Request, body: bytes | None) -> Response:
        session = self._opened()
        try:
            async with session.request(
                method, url, data=body, headers=dict(request.headers), allow_redirects=False
            ) as answer:
                packed = await _read(answer, url, self._most_bytes)
        except (OSError, ValueError, _client_error()) as error:
            raise failure(error, url) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        encoding = headers.get("content-encoding")
        return Response(answer.status, headers, plain(packed, encoding, place(url), self._most_bytes))

    def _opened(self) -> ClientSession:
        import aiohttp  # noqa: PLC0415 - who only describes a directory need not load it

        if self._is_closed:
            raise UnsentError("the directory is closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=self._tls(), resolver=aiohttp.ThreadedResolver()),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                headers=_HEADERS,
                # Unpacked by `plain`, which stops where it becomes too much.
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    def _tls(self) -> ssl.SSLContext | bool:
        """Whom to trust; True: the system's authorities, which aiohttp has read already."""
        if self._ca_file is None:
            return True
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(self._ca_file)
        except OSError as error:
            reason = "it holds none" if isinstance(error, ssl.SSLError) else error.strerror
            raise UnsentError(
                f"the certificates in {self._ca_file} cannot be used ({reason}): check ca_file"
            ) from None
        return context


async def _read(answer: ClientResponse, url: URL, most_bytes: int) -> bytes:
    """The body as it came, given up as soon as it is too large."""
    if (answer.content_length or 0) > most_bytes:
        answer.close()
        raise too_large(place(url), most_bytes)
    body = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > most_bytes:
            answer.close()
            raise too_large(place(url), most_bytes)
    return bytes(body)


def _client_error() -> type[Exception]:
    import aiohttp  # noqa: PLC0415 - as above

    return aiohttp.ClientError
