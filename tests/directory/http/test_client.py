from __future__ import annotations

import asyncio
import gzip
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import trustme
from aiohttp import web

from bubbled.directory.http.body import LARGEST_BYTES
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Request
from bubbled.error import DirectoryError
from tests.directory.http.server import connected, sent, served, speaking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KEY = "Bearer s3cret"
ASKED = "/search?phone=0612345678"
OK = b"HTTP/1.1 200 OK\r\n"


def get(url: str) -> Request:
    return Request("GET", url, {"Authorization": KEY})


async def error(url: str, ca_file: Path | None = None) -> str:
    """What the user is told, who must not see what was asked with which key."""
    transport = HttpTransport(ca_file=ca_file)
    try:
        with pytest.raises(DirectoryError) as raised:
            await transport.send(get(url))
    finally:
        await transport.aclose()
    text = str(raised.value)
    assert "s3cret" not in text
    assert "12345678" not in text
    assert "search" not in text
    assert "\n" not in text
    return text


def ca(folder: Path) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return authority


def tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


async def hello(_: web.Request) -> web.Response:
    return web.json_response({"hello": "world"}, headers={"X-Limit": "5"})


async def test_a_request_goes_out_as_it_is_and_the_answer_comes_back_whole() -> None:
    async with served(hello) as site:
        response = await sent(Request("POST", f"{site.url}/a%2Fb?q=%2B31%206", {"X-Key": "k"}, b'{"a":1}'))
    (asked,) = site.asked
    assert (asked.method, asked.raw_path, asked.headers["X-Key"]) == ("POST", "/a%2Fb?q=%2B31%206", "k")
    assert site.bodies == ['{"a":1}']
    assert (response.status, response.body) == (200, b'{"hello": "world"}')
    assert response.headers["x-limit"] == "5"


async def test_an_answer_that_is_an_error_is_an_answer() -> None:
    async def broken(_: web.Request) -> web.Response:
        return web.Response(status=500, text="oops")

    async with served(broken) as site:
        assert (await sent(get(site.url))).status == 500


async def test_connections_are_kept_for_the_next_request() -> None:
    peers = set()

    async def noting(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return await hello(request)

    async with served(noting) as site:
        transport = HttpTransport()
        for _ in range(3):
            await transport.send(get(site.url))
        await transport.aclose()
    assert len(peers) == 1


async def test_cookies_are_not_kept() -> None:
    async def sticky(_: web.Request) -> web.Response:
        response = web.Response()
        response.set_cookie("who", "you")
        return response

    async with served(sticky) as site:
        transport = HttpTransport()
        await transport.send(get(site.url))
        await transport.send(get(site.url))
        await transport.aclose()
    assert [asked.cookies for asked in site.asked] == [{}, {}]


async def test_proxies_and_netrc_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login jan password p\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with served(hello) as site:
        assert (await sent(Request("GET", site.url))).status == 200
    assert "Authorization" not in site.asked[0].headers


async def test_a_packed_answer_is_unpacked() -> None:
    async def packed(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})

    async with served(packed) as site:
        assert (await sent(get(site.url))).body == b'{"a": 1}'
    assert site.asked[0].headers["Accept-Encoding"] == "gzip"


# Where a request may go


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://crm.example.com/search?phone=0612345678", "crm.example.com is to be asked over http, which"),
        (
            "https://jan:s3cret@crm.example.com/",
            "the address of crm.example.com holds a user name or password",
        ),
        ("crm.example.com/search", "is no web address"),
        ("file:///etc/passwd", "is no web address"),
        ("https:///search", "is no web address"),
        ("https://crm.example.com:99999/", "is no web address"),
        ("https://crm.example.com/a b", "is no web address"),
        ("https://crm.example.com/\r\nX-Evil: 1", "is no web address"),
        ("https://[::1/", "is no web address"),
    ],
)
async def test_an_address_that_cannot_be_used_is_told(url: str, says: str) -> None:
    assert says in await error(url)


async def test_a_host_that_does_not_exist_is_told() -> None:
    assert (await error("https://crm.invalid/search?phone=0612345678")).startswith(
        "crm.invalid cannot be found by its name: "
    )


async def test_a_server_that_does_not_run_is_told() -> None:
    async with speaking(b"") as url:
        pass
    assert (await error(url + ASKED)).startswith(f"{url[7:]} cannot be reached (Connection refused): ")


async def test_redirects_within_the_host_are_followed_with_method_body_and_credentials() -> None:
    async def moved(request: web.Request) -> web.Response:
        if request.path == "/new":
            return await hello(request)
        return web.Response(status=307, headers={"Location": "/new?q=1"})

    async with served(moved) as site:
        response = await sent(Request("POST", f"{site.url}/old", {"Authorization": KEY}, b"{}"))
    assert response.status == 200
    assert [(asked.method, asked.path_qs) for asked in site.asked] == [("POST", "/old"), ("POST", "/new?q=1")]
    assert site.bodies == ["{}", "{}"]
    assert site.asked[1].headers["Authorization"] == KEY


async def test_a_303_is_followed_with_a_get() -> None:
    async def see_other(request: web.Request) -> web.Response:
        if request.method == "GET":
            return await hello(request)
        return web.Response(status=303, headers={"Location": "/result"})

    async with served(see_other) as site:
        assert (await sent(Request("POST", f"{site.url}/job", body=b"{}"))).status == 200
    assert (site.asked[1].path, site.bodies[1]) == ("/result", "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_is_not_followed(status: int) -> None:
    async with served(hello) as thief:

        async def moved(_: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": f"{thief.url}/search?phone=0612345678"})

        async with served(moved) as site:
            assert "has moved to another host, which is not asked" in await error(site.url + ASKED)
        assert thief.asked == []


@pytest.mark.parametrize("location", ["//evil.example/", "https://127.0.0.1/", "http://[::1", "ftp://x/"])
async def test_hostile_redirects_are_not_followed(location: str) -> None:
    async def moved(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": location})

    async with served(moved) as site:
        await error(site.url + ASKED)
    assert len(site.asked) == 1


async def test_redirects_without_end_are_given_up() -> None:
    async def moved(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/again"})

    async with served(moved) as site:
        assert "sends us on and on (3 times are followed)" in await error(site.url + ASKED)
    assert len(site.asked) == 4


# Who answers


async def test_a_certificate_of_an_authority_of_our_own_is_trusted(tmp_path: Path) -> None:
    async with served(hello, tls(ca(tmp_path), "localhost")) as site:
        transport = HttpTransport(ca_file=tmp_path / "ca.pem")
        assert (await transport.send(get(site.url))).status == 200
        await transport.aclose()


async def test_a_certificate_of_a_stranger_is_not_trusted(tmp_path: Path) -> None:
    async with served(hello, tls(ca(tmp_path), "localhost")) as site:
        assert "shows a certificate that is not to be trusted" in await error(site.url + ASKED)
    assert site.asked == []


async def test_a_certificate_for_another_host_is_not_trusted(tmp_path: Path) -> None:
    async with served(hello, tls(ca(tmp_path), "crm.example.com")) as site:
        said = await error(site.url + ASKED, tmp_path / "ca.pem")
    assert "Hostname mismatch" in said
    assert site.asked == []


async def test_a_server_without_tls_is_told() -> None:
    async with served(hello) as site:
        assert "does not speak TLS as it should" in await error(site.url.replace("http", "https") + ASKED)


@pytest.mark.parametrize(("content", "why"), [("no certificate", "it holds none"), (None, "No such file")])
async def test_authorities_that_cannot_be_read_are_told(
    tmp_path: Path, content: str | None, why: str
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    said = await error("https://127.0.0.1:1/", path)
    assert str(path) in said
    assert why in said


# Answers that are none


async def test_an_answer_that_says_it_is_huge_is_not_read() -> None:
    async with speaking(OK + b"Content-Length: 100000000\r\n\r\n") as url:
        assert "answers with more than 2 MB, which is not read" in await error(url + ASKED)


async def test_an_endless_answer_is_given_up() -> None:
    chunk = b"10000\r\n" + 65536 * b"x" + b"\r\n"
    async with speaking(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunk, again=True) as url:
        assert "answers with more than 2 MB" in await error(url + ASKED)


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_given_up() -> None:
    bomb = gzip.compress(bytes(100 * LARGEST_BYTES))
    assert len(bomb) < LARGEST_BYTES
    head = b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    async with speaking(OK + head + bomb) as url:
        assert "answers with more than 2 MB" in await error(url + ASKED)


async def test_endless_headers_are_given_up() -> None:
    async with speaking(OK + b"X-Padding: " + 100_000 * b"x" + b"\r\n\r\n") as url:
        assert "does not answer as a web server does" in await error(url + ASKED)
    async with speaking(OK + 10_000 * b"X-More: 1\r\n" + b"\r\n") as url:
        assert "does not answer as a web server does" in await error(url + ASKED)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "cut the connection off without an answer"),
        (b"HTTP/1.1 200", "cut the connection off without an answer"),
        (OK + b"Content-Length: 100\r\n\r\nhalf", "cut its answer off in the middle"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf", "cut its answer off in the middle"),
        (b"Asterisk Call Manager/5.0.4\r\n", "does not answer as a web server does"),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf", "sent a damaged answer"),
        (OK + b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\nhalf", "packs its answer in a way"),
    ],
)
async def test_an_answer_that_cannot_be_used_is_told(data: bytes, says: str) -> None:
    async with speaking(data) as url:
        said = await error(url + ASKED)
    assert said.startswith(url.removeprefix("http://"))
    assert says in said


async def test_a_header_that_would_become_two_is_not_sent() -> None:
    async with served(hello) as site:
        transport = HttpTransport()
        with pytest.raises(DirectoryError, match="is there a line break in a secret or header"):
            await transport.send(Request("GET", site.url, {"Authorization": "Bearer x\r\nX-Evil: 1"}))
        await transport.aclose()
    assert site.asked == []


# Giving up


@asynccontextmanager
async def waiting() -> AsyncIterator[tuple[str, asyncio.Event, asyncio.Event]]:
    """A server that never answers: its address, when it was asked, when the other side hung up."""
    asked, left = asyncio.Event(), asyncio.Event()

    async def wait(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        left.set()

    async with connected(wait) as url:
        yield url, asked, left


async def test_a_request_that_is_given_up_ends_its_connection() -> None:
    async with waiting() as (url, asked, left):
        transport = HttpTransport()
        request = asyncio.create_task(transport.send(get(url)))
        await asked.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await left.wait()
        await transport.aclose()


async def test_closing_ends_requests_that_are_under_way_and_forbids_others() -> None:
    async with waiting() as (url, asked, _):
        transport = HttpTransport()
        request = asyncio.create_task(transport.send(get(url)))
        await asked.wait()
        await transport.aclose()
        await transport.aclose()
        with pytest.raises(DirectoryError):
            await request
        with pytest.raises(DirectoryError, match="closed"):
            await transport.send(get(url))
