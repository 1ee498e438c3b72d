from __future__ import annotations

import asyncio
import base64
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
import structlog
from aiohttp import web

from bubbled.directory.http.authorization import AuthorizedTransport
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.grant import ClientCredentials, RefreshToken
from bubbled.directory.http.oauth import Client, ClientAuthentication, OAuth2
from bubbled.directory.http.port import Request
from bubbled.directory.http.token_file import TokenFile
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError
from tests.directory.http.secret import Kept
from tests.directory.http.server import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.directory.http.grant import Grant


@dataclass
class Login:
    """A server that gives tokens at `/token`, rotates refresh tokens, and answers all else who shows one."""

    url: str = ""
    refresh: str = "r0"
    given: int = 0
    forms: list[dict[str, str]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: web.Response | None = None
    revoked: set[str] = field(default_factory=set)

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/token":
            return await self.token(request)
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        is_good = shown == f"t{self.given}" and shown not in self.revoked
        return web.Response(status=200 if is_good else 401)

    async def token(self, request: web.Request) -> web.Response:
        form = dict(parse_qsl(await request.text()))
        self.forms.append(form)
        self.authorizations.append(request.headers.get("Authorization"))
        self.is_asked.set()
        await self.may_answer.wait()
        if self.trouble is not None:
            return self.trouble
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh:
            return web.json_response({"error": "invalid_grant", "error_description": "Jan"}, status=400)
        self.given += 1
        self.refresh = f"r{self.given}"
        answer = {"access_token": f"t{self.given}", "expires_in": 600, "refresh_token": self.refresh}
        return web.json_response({**answer, "api_domain": "https://www.zohoapis.eu"})


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """A source with an account, as a directory has it."""

    login: Login
    transport: AuthorizedTransport
    oauth: OAuth2
    clock: Clock

    async def ask(self) -> int:
        return (await self.transport.send(Request("GET", f"{self.login.url}/contacts"))).status


@asynccontextmanager
async def logins() -> AsyncIterator[Login]:
    login = Login()
    login.may_answer.set()
    async with served(login.answer) as site:
        login.url = site.url
        yield login


@asynccontextmanager
async def account(
    login: Login, grant: Grant | None = None, client: Client | None = None
) -> AsyncIterator[Desk]:
    clock, http = Clock(), HttpTransport()
    client = client or Client(f"{login.url}/token", "me", Kept("s3cret"))
    oauth = OAuth2(http, client, grant or ClientCredentials(), clock=clock)
    transport = AuthorizedTransport(http, oauth)
    try:
        yield Desk(login, transport, oauth, clock)
    finally:
        await transport.aclose()


async def test_the_client_shows_its_secret_in_the_body_with_the_extra_fields() -> None:
    async with logins() as login:
        client = Client(
            f"{login.url}/token", "me", Kept("s3&cret"), extra={"scope": "a b", "resource": "https://x"}
        )
        async with account(login, client=client) as desk:
            assert await desk.ask() == 200
        assert login.forms == [
            {
                "scope": "a b",
                "resource": "https://x",
                "grant_type": "client_credentials",
                "client_id": "me",
                "client_secret": "s3&cret",
            }
        ]
        assert login.authorizations == [None]


async def test_the_client_shows_its_secret_in_a_header() -> None:
    async with logins() as login:
        basic = ClientAuthentication.BASIC
        client = Client(f"{login.url}/token", "my id", Kept("s3:cret"), authentication=basic)
        async with account(login, client=client) as desk:
            assert await desk.ask() == 200
        assert login.forms == [{"grant_type": "client_credentials"}]
        shown = (login.authorizations[0] or "").removeprefix("Basic ")
        assert base64.b64decode(shown) == b"my+id:s3%3Acret"


async def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    async with logins() as login, account(login) as desk:
        await desk.ask()
        desk.clock.now = 579
        await desk.ask()
        assert login.given == 1
        desk.clock.now = 581
        assert await desk.ask() == 200
        assert login.given == 2


async def test_many_at_a_time_renew_once() -> None:
    async with logins() as login, account(login) as desk:
        assert await asyncio.gather(*(desk.ask() for _ in range(10))) == [200] * 10
        login.revoked.add("t1")
        assert await asyncio.gather(*(desk.ask() for _ in range(10))) == [200] * 10
        assert login.given == 2


async def test_a_token_that_is_refused_is_renewed_once_and_no_more() -> None:
    async with logins() as login, account(login) as desk:
        await desk.ask()
        login.revoked |= {"t1", "t2"}
        with pytest.raises(CredentialsError, match="does not accept our account"):
            await desk.ask()
        assert login.given == 2


async def test_who_gives_up_does_not_lose_a_token_that_is_good_for_one_use(tmp_path: Path) -> None:
    grant = RefreshToken(Kept("r0"), TokenFile(tmp_path / "token.json"))
    async with logins() as login, account(login, grant) as desk:
        login.may_answer.clear()
        question = asyncio.create_task(desk.ask())
        await login.is_asked.wait()
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question
        login.may_answer.set()
        await desk.transport.aclose()
        assert login.refresh == "r1"
        assert TokenFile(tmp_path / "token.json").read("r0") == "r1"


async def test_refresh_tokens_that_change_at_every_use_are_kept_over_a_restart(tmp_path: Path) -> None:
    async with logins() as login:
        for _ in range(3):
            grant = RefreshToken(Kept("r0"), TokenFile(tmp_path / "token.json"))
            async with account(login, grant) as desk:
                assert await desk.ask() == 200
        assert [form["refresh_token"] for form in login.forms] == ["r0", "r1", "r2"]


async def test_another_process_may_use_the_same_account(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "token.json")
    async with logins() as login, account(login, RefreshToken(Kept("r0"), file)) as daemon:
        assert await daemon.ask() == 200
        async with account(login, RefreshToken(Kept("r0"), file)) as command:
            assert await command.ask() == 200
        assert await daemon.ask() == 200


async def test_a_token_that_another_process_used_up_meanwhile_is_followed_by_its_successor(
    tmp_path: Path,
) -> None:
    file = TokenFile(tmp_path / "token.json")
    async with logins() as login, account(login, RefreshToken(Kept("r0"), file)) as desk:
        login.may_answer.clear()
        question = asyncio.create_task(desk.ask())
        await login.is_asked.wait()
        login.refresh = "r9"
        file.write("r0", "r9")
        login.may_answer.set()
        assert await question == 200


async def test_a_new_refresh_token_in_the_settings_is_used_at_once(tmp_path: Path) -> None:
    secret = Kept("r0")
    async with logins() as login, account(login, RefreshToken(secret, TokenFile(tmp_path / "t"))) as desk:
        await desk.ask()
        login.revoked.add("t1")
        login.refresh = "fresh"
        with pytest.raises(CredentialsError, match="the permission has ended"):
            await desk.ask()
        secret.text = "fresh"
        assert await desk.ask() == 200


async def test_a_refresh_token_that_cannot_be_kept_serves_while_the_program_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    grant = RefreshToken(Kept("r0"), TokenFile(tmp_path / "file" / "token.json"))
    async with logins() as login, account(login, grant) as desk:
        with structlog.testing.capture_logs() as logs:
            await desk.ask()
        assert "cannot be kept" in logs[0]["event"]
        assert "r1" not in str(logs)
        login.revoked.add("t1")
        assert await desk.ask() == 200


# What can go wrong


async def test_a_permission_that_has_ended_is_told_plainly(tmp_path: Path) -> None:
    grant = RefreshToken(Kept("old"), TokenFile(tmp_path / "token.json"))
    async with logins() as login, account(login, grant) as desk:
        with pytest.raises(CredentialsError) as error:
            await desk.ask()
        assert str(error.value) == (
            f"{login.url.removeprefix('http://')} gives no token (invalid_grant): the permission has ended "
            "or was withdrawn; allow bubbled anew, and put the new refresh token into the settings"
        )


@pytest.mark.parametrize(
    ("trouble", "kind", "says"),
    [
        (
            web.json_response({"error": "invalid_client"}, status=401),
            CredentialsError,
            "client secret is wrong",
        ),
        (web.json_response({"error": "invalid_scope"}, status=400), CredentialsError, r"\(invalid_scope\)"),
        (web.Response(status=403), CredentialsError, "403"),
        (web.Response(status=404), DirectoryError, "404: there is nothing at that address"),
        (web.Response(status=500), DirectoryError, "500: it has trouble of its own"),
        (web.Response(status=429, headers={"Retry-After": "7"}), BusyError, "429: it is asked too much"),
        (web.Response(text="<html>", content_type="text/html"), DirectoryError, "with a web page"),
        (web.json_response({}), DirectoryError, "without a token"),
    ],
)
async def test_a_token_server_in_trouble_is_told(
    trouble: web.Response, kind: type[Exception], says: str
) -> None:
    async with logins() as login, account(login) as desk:
        login.trouble = trouble
        with pytest.raises(kind, match=says) as error:
            await desk.ask()
        assert "s3cret" not in str(error.value)


async def test_a_client_secret_that_is_not_there_is_told() -> None:
    async with logins() as login:
        client = Client(f"{login.url}/token", "me", Kept(None))
        async with account(login, client=client) as desk:
            with pytest.raises(CredentialsError, match="which is not set"):
                await desk.ask()
            assert login.forms == []
