from __future__ import annotations

import asyncio

import pytest

from bubbled.directory.http.port import Request, Response, UnsentError
from bubbled.directory.kinds.rest.departure import WatchedRequest, WatchedTransport
from bubbled.error import DirectoryError
from tests.directory.kinds.rest.carrier import ADDRESS, Carrier


def watched() -> WatchedRequest:
    return WatchedRequest("POST", ADDRESS)


@pytest.mark.parametrize("answer", [Response(200), Response(500), UnsentError("no such host")])
async def test_a_request_that_was_answered_or_never_left_is_settled(answer: object) -> None:
    transport, request = WatchedTransport(Carrier(lambda _: answer)), watched()
    try:
        await transport.send(request)
    except UnsentError:
        assert isinstance(answer, UnsentError)
    assert not request.fate.is_open


async def test_a_request_without_an_answer_is_open() -> None:
    transport, request = WatchedTransport(Carrier(lambda _: DirectoryError("cut off"))), watched()
    with pytest.raises(DirectoryError):
        await transport.send(request)
    assert request.fate.is_open


async def test_a_request_for_which_nobody_waits_any_more_is_open() -> None:
    class Hanging(Carrier):
        async def send(self, request: Request) -> Response:
            await asyncio.Event().wait()
            return await super().send(request)

    request = watched()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await WatchedTransport(Hanging(lambda _: {})).send(request)
    assert request.fate.is_open


async def test_other_requests_pass_and_it_closes_what_it_sends_through() -> None:
    carrier = Carrier(lambda _: {"a": 1})
    transport = WatchedTransport(carrier)
    assert (await transport.send(Request("GET", ADDRESS))).body == b'{"a": 1}'
    await transport.aclose()
    assert carrier.is_closed
