from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import structlog
from aiohttp import ClientPayloadError, ClientSession, CookieJar, FormData

from bubbled.error import ControlError
from bubbled.web.access.rule import HEADERS
from bubbled.web.access.session import INVITED_S, RESTED_S
from bubbled.web.server import BODY_LIMIT_BYTES
from tests.web import stranger
from tests.web.house import SECRET, Guest, House, housing, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CRLF = "\r\n"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with housing() as house:
        yield house


@pytest.fixture
async def guest(house: House) -> AsyncIterator[Guest]:
    async with visiting(house) as guest:
        yield guest


def request(
    house: House, *lines: str, first: str = "GET / HTTP/1.1", host: str | None = None, body: str = ""
) -> str:
    """A request, written out."""
    named = f"Host: {house.address if host is None else host}"
    return CRLF.join((first, named, "Connection: close", *lines, "", body))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def browser() -> ClientSession:
    """Something that keeps cookies, also of addresses without a name."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


# Coming in.


async def test_an_invitation_leads_to_its_page_and_leaves_no_token_there(house: House) -> None:
    async with browser() as http, http.get(house.door.invite("/?a=%2B31")) as answer:
        assert str(answer.url) == f"http://{house.address}/?a=%2B31"
        assert SECRET in await answer.text()


async def test_the_cookie_is_for_our_own_pages_alone_and_no_script_reads_it(house: House) -> None:
    async with browser() as http, http.get(house.door.invite(), allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"bubbled-{house.address.partition(':')[2]}=")
    assert cookie.endswith("; HttpOnly; Path=/; SameSite=Strict")


async def test_an_address_is_good_for_one_browser(house: House) -> None:
    address = house.door.invite()
    async with browser() as first, first.get(address) as answer:
        assert answer.status == 200
    async with browser() as second, second.get(address) as answer:
        assert answer.status == 403
        text = await answer.text()
        assert "good for once" in text
        assert SECRET not in text
        assert not second.cookie_jar.filter_cookies(answer.url)


def later(house: House, by_s: float) -> None:
    """Let time go by."""
    house.door.gate._clock = lambda: time.monotonic() + by_s


async def test_an_address_that_is_opened_too_late_is_refused(house: House) -> None:
    address = house.door.invite()
    later(house, INVITED_S + 1)
    async with browser() as http, http.get(address) as answer:
        assert answer.status == 403
        assert "only for a minute" in await answer.text()


async def test_a_browser_that_was_not_used_for_twelve_hours_is_out(house: House, guest: Guest) -> None:
    later(house, RESTED_S - 60)
    assert status(await house.ask(request(house, f"Cookie: {guest.cookie}"))) == 200
    later(house, 2 * RESTED_S)
    assert status(await house.ask(request(house, f"Cookie: {guest.cookie}"))) == 403


async def test_a_page_that_follows_events_is_in_use(house: House, guest: Guest) -> None:
    async with guest.http.get(f"{guest.url}/events"):
        await house.until_read_by(1)
        later(house, 2 * RESTED_S)
        assert status(await house.ask(request(house, f"Cookie: {guest.cookie}"))) == 200


@pytest.mark.parametrize("token", ["", "x", "%00", "%ff", "x" * 5000, "a&token=b"])
async def test_a_guessed_token_is_refused(house: House, token: str) -> None:
    answer = await house.ask(request(house, first=f"GET /enter?token={token} HTTP/1.1"))
    assert status(answer) == 403
    assert b"Set-Cookie" not in answer


async def test_a_browser_that_is_invited_again_keeps_its_session(house: House, guest: Guest) -> None:
    async with guest.http.get(house.door.invite()) as answer:
        assert guest.csrf in await answer.text()  # so the forms of its other tabs are still good


async def test_a_browser_that_is_in_may_come_back_to_its_address(house: House) -> None:
    address = house.door.invite()
    async with browser() as http:
        for _ in range(2):
            async with http.get(address) as answer:
                assert SECRET in await answer.text()


async def test_looking_whether_an_address_is_there_does_not_use_it_up(house: House) -> None:
    address = house.door.invite()
    async with browser() as http:
        async with http.head(address) as answer:
            assert answer.status == 403
        async with http.get(address) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http://evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: a=b",
        "/%0d%0aSet-Cookie:a=b",
        "/a b",
        "/\t/evil.example",
        "history",
        "",
        "/" + "é",
    ],
)
async def test_an_invitation_leads_nowhere_else(house: House, to: str) -> None:
    async with browser() as http, http.get(house.door.invite(to), allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/"
        assert len(answer.headers.getall("Set-Cookie")) == 1


# Who has no session, or that of somebody else.


@pytest.mark.parametrize("path", ["/", "/events", "/nowhere", "/enterprise", "/enter/", "/staticky"])
async def test_without_a_session_there_is_nothing_to_see(house: House, path: str) -> None:
    answer = await house.ask(request(house, first=f"GET {path} HTTP/1.1"))
    assert status(answer) == 403
    assert b"This browser is not let in" in answer
    assert SECRET.encode() not in answer


async def test_the_cookie_of_another_port_opens_nothing(house: House, guest: Guest) -> None:
    async with housing() as other:
        value = guest.cookie.partition("=")[2]
        port = other.address.partition(":")[2]
        for cookie in (guest.cookie, f"bubbled-{port}={value}"):
            assert status(await other.ask(request(other, f"Cookie: {cookie}"))) == 403
    assert status(await house.ask(request(house, f"Cookie: {guest.cookie}"))) == 200


@pytest.mark.root
async def test_another_user_gets_nothing_with_a_stolen_cookie_or_token(house: House, guest: Guest) -> None:
    port = int(house.address.partition(":")[2])
    token = house.token
    thefts = (
        request(house),
        request(house, f"Cookie: {guest.cookie}"),
        request(house, first=f"GET /enter?token={token} HTTP/1.1"),
    )
    assert [await stranger.ask(port, each.encode()) for each in thefts] == [b"", b"", b""]
    await stranger.hit(port, thefts[2].encode(), 10)
    post = f"csrf={guest.csrf}&text=stolen"
    form = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(post)}")
    ours = (f"Origin: {guest.url}", f"Cookie: {guest.cookie}")
    posting = request(house, *form, *ours, first="POST /note HTTP/1.1", body=post)
    await stranger.hit(port, posting.encode(), 10)
    # What he tried has changed nothing: the same from us is as good as ever.
    assert status(await house.ask(thefts[2])) == 303
    assert house.notes == []
    assert status(await house.ask(posting)) == 303
    assert house.notes == ["stolen"]


# Forms.


async def test_a_form_of_our_page_is_taken(house: House, guest: Guest) -> None:
    sent = {"csrf": guest.csrf, "text": "kept"}
    async with guest.http.post(f"{guest.url}/note", data=sent, headers={"Origin": guest.url}) as answer:
        assert answer.status == 200
    assert house.notes == ["kept"]


@pytest.mark.parametrize("csrf", [None, "", "wrong", "é"])
@pytest.mark.parametrize("by_header", [False, True])
async def test_a_form_without_its_proof_changes_nothing(
    house: House, guest: Guest, csrf: str | None, *, by_header: bool
) -> None:
    headers = {"Origin": guest.url}
    data = {"text": "x"}
    if csrf is not None:
        (headers if by_header else data)["X-CSRF-Token" if by_header else "csrf"] = csrf
    async with guest.http.post(f"{guest.url}/note", data=data, headers=headers) as answer:
        assert answer.status == 403
        assert "Reload it" in await answer.text()
    assert house.notes == []


async def test_the_proof_of_another_browser_is_none(house: House, guest: Guest) -> None:
    async with visiting(house) as other:
        headers = guest.ours | {"X-CSRF-Token": other.csrf}
        async with guest.http.post(f"{guest.url}/note", data={"text": "x"}, headers=headers) as answer:
            assert answer.status == 403
    assert house.notes == []


async def test_a_proof_that_is_a_file_is_none(house: House, guest: Guest) -> None:
    form = FormData({"text": "x"})
    form.add_field("csrf", guest.csrf, filename="csrf")
    async with guest.http.post(f"{guest.url}/note", data=form, headers={"Origin": guest.url}) as answer:
        assert answer.status == 403
    assert house.notes == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_another_method_changes_nothing(house: House, guest: Guest, method: str) -> None:
    asking = guest.http.request(method, f"{guest.url}/note", params={"text": "x"}, headers=guest.ours)
    async with asking as answer:
        assert answer.status == 405
    assert house.notes == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded; charset=nonsense", b"csrf=x&text=x"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"\xd8\x00"),
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"nothing of it"),
        ("text/plain", b"csrf=x"),
        ("application/json", b"{"),
        ("application/json; charset=nonsense", b"{}"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff"),
    ],
)
@pytest.mark.parametrize("path", ["/note", "/json"])
@pytest.mark.parametrize("has_proof", [False, True])
async def test_nonsense_is_called_so(
    guest: Guest, path: str, content_type: str, body: bytes, *, has_proof: bool
) -> None:
    headers = guest.ours | {"Content-Type": content_type}
    if not has_proof:
        del headers["X-CSRF-Token"]
    with structlog.testing.capture_logs() as log:
        async with guest.http.post(f"{guest.url}{path}", data=body, headers=headers) as answer:
            expected = {200, 400} if has_proof else {400, 403}
            assert answer.status in expected
    assert log == []


async def test_what_is_too_long_is_not_taken(house: House, guest: Guest) -> None:
    body = b"csrf=x&text=" + b"x" * 10 * BODY_LIMIT_BYTES
    headers = {"Origin": guest.url, "Content-Type": "application/x-www-form-urlencoded"}
    answers = []
    for more in ({}, {"X-CSRF-Token": guest.csrf}):
        sent = BytesIO(body)
        async with guest.http.post(f"{guest.url}/note", data=sent, headers=headers | more) as answer:
            answers.append(answer.status)
    assert answers == [413, 413]
    assert house.notes == []


# Requests that no browser makes.


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.1", "evil.example:{port}", ""]
)
async def test_another_host_is_refused(house: House, guest: Guest, host: str) -> None:
    named = host.format(port=house.address.partition(":")[2])
    answer = await house.ask(request(house, f"Cookie: {guest.cookie}", host=named))
    assert status(answer) in {400, 403}
    assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    "first",
    [
        "GET http://evil.example/ HTTP/1.1",
        "GET http://{address}/ HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET ?a HTTP/1.1",
    ],
)
async def test_we_are_no_proxy(house: House, guest: Guest, first: str) -> None:
    line = first.format(address=house.address)
    answer = await house.ask(request(house, f"Cookie: {guest.cookie}", first=line))
    assert status(answer) in {400, 403}
    assert SECRET.encode() not in answer


async def test_two_hosts_are_none(house: House, guest: Guest) -> None:
    for other in ("Host: evil.example", f"Host: {house.address}"):
        answer = await house.ask(request(house, f"Cookie: {guest.cookie}", other))
        assert status(answer) == 400
        assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    "nonsense",
    [
        "GET /\r\n\r\n",
        "GET / HTTP/0.9\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: {address}\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: {address}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {address}\r\nA : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {address}\r\n folded: b\r\n\r\n",
        "GET / HTTP/1.1\nHost: {address}\n\n",
        "GET /{long} HTTP/1.1\r\nHost: {address}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {address}\r\nA: {long}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {address}\r\n{many}\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_answered_shortly_and_not_logged(
    house: House, nonsense: str, caplog: pytest.LogCaptureFixture
) -> None:
    many = "\r\n".join(f"A{number}: b" for number in range(1000))
    sent = nonsense.format(address=house.address, long="x" * 100_000, many=many)
    with structlog.testing.capture_logs() as log:
        answer = await house.ask(sent.encode("latin-1"))
    assert not answer or status(answer) in {400, 403}
    assert SECRET.encode() not in answer
    assert len(answer) < 5000
    assert (log, caplog.records) == ([], [])


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Content-Length: +4",),
        ("Content-Length: 0x4",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding: xchunked",),
    ],
)
async def test_no_second_request_is_smuggled_in(house: House, guest: Guest, lines: tuple[str, ...]) -> None:
    smuggled = f"0{CRLF}{CRLF}" + request(house, f"Cookie: {guest.cookie}")
    sent = request(house, *lines, first="POST /note HTTP/1.1", body=smuggled).replace(
        "Connection: close", "Connection: keep-alive", 1
    )
    answer = await house.ask(sent)
    assert not answer or status(answer) in {400, 403}
    assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/..%5cserver.py",
        "/static/%252e%252e/server.py",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static/base.css%00.js",
        "/static/./../../web/server.py",
        "/static/",
        "/static",
        "/%73tatic/../",
        "/static/../",
        "/static/..",
    ],
)
async def test_no_file_but_ours_is_given(house: House, path: str) -> None:
    answer = await house.ask(request(house, first=f"GET {path} HTTP/1.1"))
    assert status(answer) in {400, 403, 404}
    assert b"Serve pages" not in answer
    assert b"root:" not in answer
    assert SECRET.encode() not in answer


# What goes with every answer.


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("GET / HTTP/1.1", 200),
        ("HEAD / HTTP/1.1", 200),
        ("GET /static/base.css HTTP/1.1", 200),
        ("GET /static/nothing.css HTTP/1.1", 404),
        ("GET /nowhere HTTP/1.1", 404),
        ("GET /refused HTTP/1.1", 409),
        ("GET /defect HTTP/1.1", 500),
        ("GET /enter HTTP/1.1", 303),
        ("POST / HTTP/1.1", 403),
        ("GET / HTTP/1.1\r\nHost: two", 400),
        ("NONSENSE", 400),
    ],
)
async def test_every_answer_is_protected(house: House, guest: Guest, first: str, expected: int) -> None:
    answer = await house.ask(request(house, f"Cookie: {guest.cookie}", first=first))
    assert status(answer) == expected
    head = answer.partition(b"\r\n\r\n")[0].decode().splitlines()[1:]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert headers["server"] == "bubbled"


async def test_a_failure_says_what_to_do_and_nothing_of_the_inside(guest: Guest) -> None:
    with structlog.testing.capture_logs():
        async with guest.http.get(f"{guest.url}/defect") as answer:
            text = await answer.text()
    assert "its log tells more" in text
    assert SECRET not in text
    async with guest.http.get(f"{guest.url}/refused") as answer:
        assert "The disk is &lt;b&gt;full&lt;/b&gt;." in await answer.text()
    async with guest.http.get(f"{guest.url}/refused", headers={"Accept": "application/json"}) as answer:
        assert await answer.json() == {"error": "The disk is <b>full</b>."}


async def test_who_asks_for_the_head_of_a_stream_gets_no_more(house: House, guest: Guest) -> None:
    answer = await house.ask(request(house, f"Cookie: {guest.cookie}", first="HEAD /half HTTP/1.1"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert (status(head), body) == (200, b"")


async def test_a_stream_that_fails_ends_and_nothing_is_written_behind_it(house: House, guest: Guest) -> None:
    answer = await house.ask(request(house, f"Cookie: {guest.cookie}", first="GET /half HTTP/1.1"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(head) == 200
    assert b"so far" in body
    assert b"HTTP/1.1" not in body
    assert b"disk" not in body


# Many at once, and slow ones.


async def test_a_thousand_at_once_are_not_too_many() -> None:
    # To ask the system a thousand times whose they are takes it seconds while other tests run.
    async with housing(owner=lambda _client, _server: os.getuid()) as house, visiting(house) as guest:
        await crowded(house, guest)


async def crowded(house: House, guest: Guest) -> None:
    host, port = house.address.split(":")
    crowd = [await asyncio.open_connection(host, int(port)) for _ in range(1000)]
    outside = [asyncio.ensure_future(reader.read()) for reader, _ in crowd]
    async with asyncio.timeout(30):
        while (shut := sum(each.done() for each in outside)) < 890:
            await asyncio.wait([each for each in outside if not each.done()], return_when="FIRST_COMPLETED")
    assert shut < 1000  # the others are let in, and may take their time
    for _, writer in crowd:
        writer.close()
    await asyncio.wait(outside)
    await until_let_in(house, guest)


async def until_let_in(house: House, guest: Guest) -> None:
    """Come again and again until there is room: how the last ones left is told to the pages in a moment."""
    async with asyncio.timeout(30):
        answer = b""
        while SECRET.encode() not in answer:
            answer = await house.ask(request(house, f"Cookie: {guest.cookie}"))


async def test_a_port_that_is_taken_is_said_to_be_so() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            ControlError, match=f"on port {port} .Address already in use.; give .pages. another"
        ):
            async with housing(tcp_port=port):
                raise AssertionError("it is not there")


async def test_a_port_that_was_just_ours_can_be_so_again_and_nobody_is_in_any_more() -> None:
    async with housing() as house, visiting(house) as guest:
        port = int(house.address.partition(":")[2])
    async with housing(tcp_port=port) as house:
        assert house.address == f"127.0.0.1:{port}"
        assert status(await house.ask(request(house, f"Cookie: {guest.cookie}"))) == 403


async def test_it_ends_while_pages_are_followed(caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as log:
        async with (
            housing() as house,
            visiting(house) as guest,
            guest.http.get(f"{guest.url}/events") as answer,
        ):
            assert await answer.content.readline() == b": following\n"
            await house.until_read_by(1)
            async with asyncio.timeout(10):
                await house.close()
            assert house.readers == 0
            with suppress(ClientPayloadError):  # it ended in the middle
                await asyncio.wait_for(answer.content.read(), 10)
    assert (log, caplog.records) == ([], [])
