from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import trustme
from structlog.testing import capture_logs

from bubbled.error import PbxError
from bubbled.pbx.ami.access import Access, Address, TimeLimits
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ConnectionFailedError, LoginRefusedError, NotConnectedError
from bubbled.pbx.ami.login import Credentials, LoginMethod
from bubbled.pbx.reconnect import Patience
from bubbled.pbx.state import Connecting, Down, Refused, State, Up
from bubbled.pbx.tls import tls_context
from tests.pbx.ami.scripted_pbx import ScriptedPbx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.pbx.ami.connection import Connection

AT_ONCE = Patience(first_s=0, longest_s=0, refused_s=0)


def access(  # noqa: PLR0913  # each test changes another one of these
    port: int,
    *,
    host: str = "127.0.0.1",
    method: LoginMethod = LoginMethod.AUTO,
    tls: ssl.SSLContext | None = None,
    limits: TimeLimits | None = None,
    patience: Patience = AT_ONCE,
) -> Access:
    return Access(
        address=Address(host, port),
        credentials=Credentials("bubbled", "s3cret", method),
        tls=tls,
        limits=limits or TimeLimits(),
        patience=patience,
    )


async def consume(connection: Connection) -> None:
    async for _ in connection.events():
        pass


@asynccontextmanager
async def running(client: AmiClient) -> AsyncIterator[None]:
    task = asyncio.create_task(client.run(consume))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task.exception()


async def test_the_secret_never_travels_when_the_pbx_gives_a_challenge(pbx: ScriptedPbx) -> None:
    login = asyncio.create_task(AmiClient(access(pbx.port)).connect())
    peer = await pbx.accept()
    peer.greet()
    challenge = await peer.asked("Challenge")
    assert challenge["AuthType"] == "MD5"
    peer.answer(challenge, Challenge="128461")
    asked = await peer.asked("Login")
    assert asked["Username"] == "bubbled"
    assert asked["Key"] == hashlib.md5(b"128461s3cret").hexdigest()  # noqa: S324  # the digest AMI asks for
    assert "Secret" not in asked
    peer.answer(asked)
    connection = await login
    connection.abort(ConnectionFailedError("the test is over"))
    await connection.ended()


async def test_without_a_challenge_the_secret_goes_only_where_nobody_listens(pbx: ScriptedPbx) -> None:
    login = asyncio.create_task(AmiClient(access(pbx.port)).connect())
    peer = await pbx.accept()
    peer.greet()
    peer.answer(await peer.asked("Challenge"), Response="Error", Message="Must specify AuthType")
    asked = await peer.asked("Login")
    assert asked["Secret"] == "s3cret"
    peer.answer(asked, Response="Error", Message="Authentication failed")
    with pytest.raises(LoginRefusedError, match="'bubbled' \\(Authentication failed\\)") as refused:
        await login
    assert "s3cret" not in str(refused.value)


async def test_md5_login_never_falls_back_to_plain(pbx: ScriptedPbx) -> None:
    login = asyncio.create_task(AmiClient(access(pbx.port, method=LoginMethod.MD5)).connect())
    peer = await pbx.accept()
    peer.greet()
    peer.answer(await peer.asked("Challenge"), Response="Error", Message="no")
    with pytest.raises(LoginRefusedError, match="in the open"):
        await login
    assert await peer.silence() == b""


async def test_plain_login_sends_the_secret_at_once(pbx: ScriptedPbx) -> None:
    login = asyncio.create_task(AmiClient(access(pbx.port, method=LoginMethod.PLAIN)).connect())
    peer = await pbx.accept()
    peer.greet()
    assert (await peer.asked("Login"))["Secret"] == "s3cret"
    await peer.hang_up()
    with pytest.raises(ConnectionFailedError, match="closed by the PBX"):
        await login


async def test_a_pbx_that_says_nothing_is_given_up(pbx: ScriptedPbx) -> None:
    with pytest.raises(ConnectionFailedError, match="does not answer"):
        await AmiClient(access(pbx.port, limits=TimeLimits(connect_s=0.05))).connect()


async def test_a_login_without_an_answer_is_given_up(pbx: ScriptedPbx) -> None:
    login = asyncio.create_task(AmiClient(access(pbx.port, limits=TimeLimits(action_s=0.05))).connect())
    (await pbx.accept()).greet()
    with pytest.raises(ConnectionFailedError, match="does not answer"):
        await login


async def test_a_closed_port_says_what_to_check(unused_tcp_port: int) -> None:
    with pytest.raises(ConnectionFailedError, match=r"refuses connections.*manager\.conf.*tls = false"):
        await AmiClient(access(unused_tcp_port)).connect()


async def test_a_closed_port_of_a_host_with_two_addresses_says_the_same(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def both(_host: str, port: int, **_hints: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (f"127.0.0.{last}", port)) for last in (1, 2)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(ConnectionFailedError, match=r"pbx\.example:\d+ refuses connections"):
        await AmiClient(access(unused_tcp_port, host="pbx.example")).connect()


async def test_events_and_actions_flow_until_the_loss_and_again_after_it(pbx: ScriptedPbx) -> None:
    seen: list[State] = []
    got: asyncio.Queue[str] = asyncio.Queue()

    async def serve(connection: Connection) -> None:
        async for event in connection.events():
            got.put_nowait(event["Event"])

    client = AmiClient(access(pbx.port), on_state=seen.append)
    task = asyncio.create_task(client.run(serve))
    for name in ("One", "Two"):
        peer = await pbx.accept()
        await peer.let_in()
        peer.say({"Event": name})
        assert await got.get() == name
        ping = asyncio.create_task(client.action({"Action": "Ping"}))
        peer.answer(await peer.asked("Ping"), Ping="Pong")
        assert (await ping)["Ping"] == "Pong"
        await peer.hang_up()
    await pbx.accept()
    task.cancel()
    await asyncio.wait([task])
    assert [type(state) for state in seen] == [Connecting, Up, Down, Connecting, Up, Down, Connecting]
    with pytest.raises(NotConnectedError, match="was not done"):
        await client.action({"Action": "Ping"})


async def test_events_during_the_first_question_wait_behind_it(pbx: ScriptedPbx) -> None:
    order: asyncio.Queue[str] = asyncio.Queue()

    async def serve(connection: Connection) -> None:
        for item in await connection.list({"Action": "Status"}):
            order.put_nowait(item["Event"])
        async for event in connection.events():
            order.put_nowait(event["Event"])

    task = asyncio.create_task(AmiClient(access(pbx.port), wanted=["Newstate"]).run(serve))
    peer = await pbx.accept()
    await peer.let_in()
    peer.say({"Event": "Newstate"})
    action_id = {"ActionID": (await peer.asked("Status"))["ActionID"]}
    peer.say({"Response": "Success", "EventList": "start"} | action_id, {"Event": "Status"} | action_id)
    peer.say({"Event": "Newstate"}, {"Event": "StatusComplete", "EventList": "Complete"} | action_id)
    assert [await order.get() for _ in range(3)] == ["Status", "Newstate", "Newstate"]
    task.cancel()
    await asyncio.wait([task])


async def test_a_wrong_password_is_not_hammered(pbx: ScriptedPbx) -> None:
    told: asyncio.Queue[State] = asyncio.Queue()
    client = AmiClient(access(pbx.port, patience=Patience()), on_state=told.put_nowait, uniform=max)
    with capture_logs() as logs:
        async with running(client):
            peer = await pbx.accept()
            peer.greet()
            peer.answer(await peer.asked("Challenge"), Challenge="1")
            peer.answer(await peer.asked("Login"), Response="Error", Message="Authentication failed")
            await told.get()
            refused = await told.get()
    assert isinstance(refused, Refused)
    assert refused.retry_in_s == 300
    assert "s3cret" not in str(logs)


async def test_what_goes_on_is_told_once(pbx: ScriptedPbx) -> None:
    with capture_logs() as logs:
        async with running(AmiClient(access(pbx.port))):
            for _ in range(4):
                await (await pbx.accept()).hang_up()
    assert [entry["log_level"] for entry in logs][:3] == ["warning", "debug", "debug"]


async def test_a_half_open_connection_is_replaced(pbx: ScriptedPbx) -> None:
    limits = TimeLimits(idle_s=0.02, ping_s=0.02)
    async with running(AmiClient(access(pbx.port, limits=limits))):
        dead = await pbx.accept()
        await dead.let_in()
        fresh = await pbx.accept()
        await fresh.let_in()


async def test_a_session_that_its_owner_ends_is_replaced(pbx: ScriptedPbx) -> None:
    async def serve(connection: Connection) -> None:
        await connection.action({"Action": "Status"})

    task = asyncio.create_task(AmiClient(access(pbx.port)).run(serve))
    for _ in range(2):
        peer = await pbx.accept()
        await peer.let_in()
        peer.answer(await peer.asked("Status"), Response="Error", Message="Permission denied")
        assert await peer.silence() == b""
    task.cancel()
    await asyncio.wait([task])


async def test_a_fault_of_our_own_ends_the_run(pbx: ScriptedPbx) -> None:
    async def serve(_connection: Connection) -> None:
        raise ZeroDivisionError

    task = asyncio.create_task(AmiClient(access(pbx.port)).run(serve))
    peer = await pbx.accept()
    await peer.let_in()
    with pytest.raises(ZeroDivisionError):
        await task
    assert await peer.silence() == b""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_of_pbx(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def ca_file(authority: trustme.CA, folder: Path) -> Path:
    path = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


async def test_a_trusted_certificate_is_accepted(authority: trustme.CA, tmp_path: Path) -> None:
    context = tls_context(ca_file=ca_file(authority, tmp_path))
    async with ScriptedPbx.listening(tls=tls_of_pbx(authority, "127.0.0.1")) as pbx:
        client = AmiClient(access(pbx.port, tls=context))
        login = asyncio.create_task(client.connect())
        await (await pbx.accept()).let_in()
        connection = await login
        assert connection.is_private
        connection.abort(ConnectionFailedError("the test is over"))
        await connection.ended()


@pytest.mark.parametrize(("name", "trusted"), [("127.0.0.1", False), ("pbx.example.com", True)])
async def test_other_certificates_are_not(
    authority: trustme.CA, tmp_path: Path, name: str, *, trusted: bool
) -> None:
    context = tls_context(ca_file=ca_file(authority, tmp_path) if trusted else None)
    async with ScriptedPbx.listening(tls=tls_of_pbx(authority, name)) as pbx:
        with pytest.raises(ConnectionFailedError, match="not to be trusted"):
            await AmiClient(access(pbx.port, tls=context)).connect()


async def test_a_user_may_do_without_verification(authority: trustme.CA) -> None:
    async with ScriptedPbx.listening(tls=tls_of_pbx(authority, "pbx.example.com")) as pbx:
        login = asyncio.create_task(AmiClient(access(pbx.port, tls=tls_context(verify=False))).connect())
        await (await pbx.accept()).let_in()
        connection = await login
        connection.abort(ConnectionFailedError("the test is over"))
        await connection.ended()


async def test_a_port_without_tls_is_told_apart(pbx: ScriptedPbx) -> None:
    login = asyncio.create_task(AmiClient(access(pbx.port, tls=tls_context())).connect())
    (await pbx.accept()).greet()
    with pytest.raises(ConnectionFailedError, match="does not speak TLS"):
        await login


def test_an_unusable_ca_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PbxError, match=r"missing\.pem.*cannot be used"):
        tls_context(ca_file=tmp_path / "missing.pem")
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(PbxError, match="PEM"):
        tls_context(ca_file=tmp_path / "empty.pem")


def test_secrets_do_not_show() -> None:
    assert "s3cret" not in repr(access(1))


def test_an_ipv6_address_is_shown_with_brackets() -> None:
    assert str(Address("::1")) == "[::1]:5038"
