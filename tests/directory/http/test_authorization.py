from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bubbled.directory.http.authorization import ApiKey, AuthorizedTransport, Basic, NoCredentials
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Request
from bubbled.directory.port import CredentialsError
from tests.directory.http.secret import Kept
from tests.directory.http.server import Site, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bubbled.directory.http.authorization import Credentials


@asynccontextmanager
async def authorized(credentials: Credentials) -> AsyncIterator[AuthorizedTransport]:
    transport = AuthorizedTransport(HttpTransport(), credentials)
    try:
        yield transport
    finally:
        await transport.aclose()
        await transport.aclose()


@asynccontextmanager
async def locked(*keys: str) -> AsyncIterator[Site]:
    """A server that answers only whoever shows one of the keys."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=200 if request.headers.get("Authorization") in keys else 401)

    async with served(answer) as site:
        yield site


@pytest.mark.parametrize(
    ("credentials", "headers"),
    [
        (NoCredentials(), {}),
        (ApiKey(Kept("k")), {"Authorization": "Bearer k"}),
        (ApiKey(Kept("k"), header="X-Api-Key", template="{}"), {"X-Api-Key": "k"}),
        (ApiKey(Kept("k"), template="Zoho-oauthtoken {}"), {"Authorization": "Zoho-oauthtoken k"}),
        (
            ApiKey(Kept("<t>ë</t>"), template="AfasToken {base64}"),
            {"Authorization": "AfasToken PHQ+w6s8L3Q+"},
        ),
        (ApiKey(Kept("{base64}{}")), {"Authorization": "Bearer {base64}{}"}),
        (Basic("Aladdin", Kept("open sesame")), {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}),
    ],
)
async def test_each_account_is_shown_as_its_source_wants_it(
    credentials: Credentials, headers: dict[str, str]
) -> None:
    assert await credentials.headers() == headers
    await credentials.aclose()


async def test_a_request_keeps_its_own_headers() -> None:
    async with locked("Bearer k") as site, authorized(ApiKey(Kept("k"))) as transport:
        assert (await transport.send(Request("GET", site.url, {"X-Own": "1"}))).status == 200
        assert site.asked[0].headers["X-Own"] == "1"


async def test_a_key_is_fetched_once_also_for_many_at_a_time() -> None:
    secret = Kept("k")
    async with locked("Bearer k") as site, authorized(ApiKey(secret)) as transport:
        await asyncio.gather(*(transport.send(Request("GET", site.url)) for _ in range(5)))
    assert secret.asked == 1


async def test_a_key_that_was_mended_meanwhile_is_found() -> None:
    secret = Kept("old")
    async with locked("Bearer new") as site, authorized(ApiKey(secret)) as transport:
        with pytest.raises(CredentialsError):
            await transport.send(Request("GET", site.url))
        secret.text = "new"
        assert (await transport.send(Request("GET", site.url))).status == 200


async def test_a_refused_key_is_told_with_the_host_and_nothing_else() -> None:
    async with locked() as site, authorized(ApiKey(Kept("k3y"))) as transport:
        with pytest.raises(CredentialsError) as error:
            await transport.send(Request("GET", f"{site.url}/search?phone=0612345678"))
        assert str(error.value) == (
            f"{site.url.removeprefix('http://')} does not accept our account (401): "
            "check key, password or consent in the settings"
        )
        assert len(site.asked) == 1


async def test_a_secret_that_is_not_there_is_told_and_nothing_is_asked() -> None:
    async with locked() as site, authorized(ApiKey(Kept(None))) as transport:
        with pytest.raises(CredentialsError, match="in the environment variable KEY, which is not set"):
            await transport.send(Request("GET", site.url))
        assert site.asked == []


async def test_who_gives_up_does_not_interrupt_the_fetching_for_the_next() -> None:
    is_unlocked, asked = asyncio.Event(), asyncio.Event()
    prompts = 0

    async def keyring() -> str:
        nonlocal prompts
        prompts += 1
        asked.set()
        await is_unlocked.wait()
        return "k"

    async with locked("Bearer k") as site, authorized(ApiKey(keyring)) as transport:
        first = asyncio.create_task(transport.send(Request("GET", site.url)))
        await asked.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        is_unlocked.set()
        assert (await transport.send(Request("GET", site.url))).status == 200
    assert prompts == 1
