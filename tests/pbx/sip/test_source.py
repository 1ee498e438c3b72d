"""A source against a PBX of the test, over real sockets: what strangers send, and what networks do."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from structlog.testing import capture_logs

from bubbled.pbx.sip.access import SipAccess, Transport
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.framing import Framer
from bubbled.pbx.state import Down, Refused, Up
from tests.pbx.sip.notifier import CHALLENGE, IDLE, Notifier, early
from tests.pbx.sip.peer import Follower, UdpPbx, follower, name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


async def test_packets_from_another_address_are_ignored(pbx: UdpPbx) -> None:
    async with follower(pbx.port) as it:
        await it.becomes(Up)
        assert pbx.peer is not None
        forged, own = pbx.notifier.notify(early("666")), pbx.notifier.notify(early("0612345678"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.2", 0))
            stranger.sendto(forged, pbx.peer)
        pbx.sends(own)
        assert await it.told.get() == "started 0612345678"
        assert forged not in it.heard


async def test_a_pbx_may_answer_from_another_port(pbx: UdpPbx) -> None:
    async with follower(pbx.port) as it:
        await it.becomes(Up)
        assert pbx.peer is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            other.settimeout(10)
            other.sendto(pbx.notifier.notify(early("0612345678")), pbx.peer)
            assert await it.told.get() == "started 0612345678"
            answer = await asyncio.to_thread(other.recv, 4096)
            assert answer.startswith(b"SIP/2.0 200 "), "answered where it was asked"


@pytest.mark.parametrize("elsewhere", ["127.0.0.2", "2001:db8::1"])
async def test_of_a_host_with_several_addresses_the_one_that_answers_is_used_and_no_other_believed(
    pbx: UdpPbx, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    name(monkeypatch, "pbx.example", elsewhere, "127.0.0.1")
    async with follower(pbx.port, host="pbx.example", answer_s=0.1) as it:
        await it.becomes(Up)
        assert pbx.peer is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.2", pbx.port))
            other.sendto(pbx.notifier.notify(early("666")), pbx.peer)
        pbx.sends(pbx.notifier.notify(early("0612345678")))
        assert await it.told.get() == "started 0612345678"


async def test_a_server_that_goes_down_is_given_up_for_another_of_the_same_host(
    pbx: UdpPbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport, other = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpPbx(Notifier(CHALLENGE)), local_addr=("127.0.0.2", pbx.port)
    )
    name(monkeypatch, "pbx.example", "127.0.0.2", "127.0.0.1")
    async with follower(pbx.port, host="pbx.example", answer_s=0.1) as it:
        await it.becomes(Up)
        assert pbx.notifier.asked == []
        other.notifier.refusal = (503, "Going Down")
        other.sends(other.notifier.notify(IDLE, subscription_state="terminated;reason=noresource"))
        await it.becomes(Up)
        assert len(pbx.notifier.asked) == 1
    transport.close()


async def test_rubbish_from_the_pbx_disturbs_nothing(pbx: UdpPbx) -> None:
    async with follower(pbx.port) as it:
        await it.becomes(Up)
        for data in (
            b"",
            b"\0" * 60_000,
            b"\r\n\r\n",
            b"SIP/2.0",
            b"NOTIFY x SIP/2.0\r\n\r\n",
            b"\xff" * 999,
        ):
            pbx.sends(data)
        pbx.sends(pbx.notifier.notify(early("0612345678")))
        assert await it.told.get() == "started 0612345678"


async def test_when_it_ends_the_pbx_is_told(pbx: UdpPbx) -> None:
    async with follower(pbx.port) as it:
        await it.becomes(Up)
    async with asyncio.timeout(10):
        while b"Expires: 0\r\n" not in await pbx.taken.get():
            pass


async def test_the_way_is_kept_open_with_empty_lines(pbx: UdpPbx) -> None:
    async with follower(pbx.port, keep_alive_s=0.01) as it:
        await it.becomes(Up)
        async with asyncio.timeout(10):
            while await pbx.taken.get() != b"\r\n\r\n":
                pass


async def test_a_silent_pbx_is_told_and_tried_again_and_the_log_says_it_once() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent, capture_logs() as logs:
        silent.bind(("127.0.0.1", 0))
        async with follower(silent.getsockname()[1], answer_s=0.05) as it:
            for _ in range(3):
                assert "does not answer" in str((await it.becomes(Down)).reason)
    levels = [entry["log_level"] for entry in logs if entry["event"] == "not following calls by SIP"]
    assert levels[0] == "warning"
    assert set(levels[1:]) == {"debug"}


async def test_a_refused_account_is_told(pbx: UdpPbx) -> None:
    pbx.notifier.believes = False
    async with follower(pbx.port) as it:
        assert "refuses the password" in str((await it.becomes(Refused)).reason)


async def test_a_pbx_to_which_every_proof_comes_too_late_is_told_from_a_wrong_password(pbx: UdpPbx) -> None:
    pbx.notifier.challenges, pbx.notifier.believes = (f"{CHALLENGE}, stale=true",), False
    async with follower(pbx.port) as it:
        reason = str((await it.becomes(Refused)).reason)
    assert "comes too late" in reason
    assert "refuses the password" not in reason


async def test_a_pbx_may_ask_to_be_left_alone(pbx: UdpPbx) -> None:
    pbx.notifier.refusal, pbx.notifier.refusal_headers = (503, "Busy"), (("retry-after", "77"),)
    async with follower(pbx.port) as it:
        assert (await it.becomes(Down)).retry_in_s == 77


async def test_a_host_that_is_not_known_is_told() -> None:
    it = Follower(
        SipAccess(
            host="nowhere.invalid",
            port=5060,
            transport=Transport.TCP,
            domain="x",
            account=Account("1", "2", "1"),
            extension="1",
        )
    )
    running = asyncio.create_task(it.source.run())
    assert "name that is not known" in str((await it.becomes(Down)).reason)
    running.cancel()
    await asyncio.wait([running])


# TCP.


@asynccontextmanager
async def tcp_pbx(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any],
) -> AsyncIterator[int]:
    writers = []

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await serve(reader, writer)

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in writers:
        writer.transport.abort()


async def test_over_tcp_a_connection_that_is_lost_is_made_anew() -> None:
    notifier = Notifier(CHALLENGE)
    connections: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        framer = Framer()
        while data := await reader.read(4096):
            for message in framer.feed(data):
                writer.writelines(notifier.take(message))

    async with tcp_pbx(serve) as port, follower(port, Transport.TCP) as it:
        await it.becomes(Up)
        whole = notifier.notify(early("0612345678"))
        connections[-1].write(whole[:100])
        connections[-1].write(whole[100:] + notifier.notify(IDLE)[:50])
        assert await it.told.get() == "started 0612345678"
        connections[-1].transport.abort()
        assert "is back" in str((await it.becomes(Down)).reason)
        await it.becomes(Up)
        assert await it.told.get() == "ended 0612345678"


async def test_over_tcp_a_pbx_that_drops_what_comes_while_it_starts_is_asked_again_soon() -> None:
    notifier = Notifier(CHALLENGE)
    connections: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        framer = Framer()
        while data := await reader.read(4096):
            for message in framer.feed(data):
                if len(connections) > 1:
                    writer.writelines(notifier.take(message))

    async with tcp_pbx(serve) as port, follower(port, Transport.TCP, stream_answer_s=0.1) as it:
        assert "does not answer" in str((await it.becomes(Down)).reason)
        await it.becomes(Up)


@pytest.mark.parametrize(
    "rubbish", [b"x" * 20_000, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 9999999\r\n\r\n"]
)
async def test_over_tcp_something_that_is_no_sip_is_left(rubbish: bytes) -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(rubbish)

    async with tcp_pbx(serve) as port, follower(port, Transport.TCP) as it:
        assert "is of no use" in str((await it.becomes(Down)).reason)


async def test_over_tcp_nobody_there_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with follower(closed.getsockname()[1], Transport.TCP) as it:
            assert "refuses connections" in str((await it.becomes(Down)).reason)


async def test_a_certificate_of_another_host_gets_nothing_to_read() -> None:
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("other.example").configure_cert(theirs)
    authority.configure_trust(ours)
    met: list[asyncio.StreamReader] = []
    server = await asyncio.start_server(lambda reader, _: met.append(reader), "127.0.0.1", 0, ssl=theirs)
    async with follower(server.sockets[0].getsockname()[1], Transport.TLS, ours) as it:
        assert "not to be trusted" in str((await it.becomes(Down)).reason)
    server.close()
    assert met == []
