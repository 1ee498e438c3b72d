from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.blanking import Blanking, words_of
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Request, Response
from bubbled.directory.http.recording import RecordingTransport, ReplayTransport
from bubbled.directory.kinds.google_places import WORDS, GooglePlacesDirectory, GooglePlacesOptions
from bubbled.error import DirectoryError
from bubbled.model import E164
from tests.directory.fakes.base import Trouble
from tests.directory.fakes.google_places import GooglePlaces, bakery

if TYPE_CHECKING:
    from bubbled.directory.http.port import Transport

BAKERY = E164("+31201234567")
SEARCH = Request(
    "GET", "https://crm.example/search?phone=0201234567&key=s3cret", {"Authorization": "Bearer s3cret"}
)


class Saying:
    """A source that gives these answers, one after another."""

    def __init__(self, *responses: Response) -> None:
        self.responses = list(responses)

    async def send(self, _: Request) -> Response:
        return self.responses.pop(0)

    async def aclose(self) -> None:
        pass


def recording(transport: Transport, file: Path) -> RecordingTransport:
    return RecordingTransport(transport, file, Blanking(BAKERY, private={"key": "s3cret"}, known=WORDS))


def places(transport: Transport, url: str = "https://source.example") -> GooglePlacesDirectory:
    async def key() -> str:
        return "AIzaSy-1234"

    return GooglePlacesDirectory("Google", GooglePlacesOptions(key, "nl", "NL", url), 2.0, transport)


async def test_a_lookup_is_recorded_and_gives_the_same_again_blanked(tmp_path: Path) -> None:
    file = tmp_path / "google.jsonl"
    async with GooglePlaces(places=[bakery(), bakery(id="second")]).serve() as url:
        recorded = places(recording(HttpTransport(), file), url)
        original = await recorded.lookup(BAKERY)
        await recorded.refresh("ChIJbakery")
        await recorded.aclose()

    replay = ReplayTransport(file)
    replayed = places(replay)
    again = await replayed.lookup(replay.number)
    assert [contact.company for contact in again] == ["Xxxxxxxx Xxxx"] * len(original)
    assert dict(again[0].fields)["city"] == "Xxxxxxxxx"
    assert again[0].id is not None
    assert (await replayed.refresh(again[0].id)) == again[0]
    await replayed.aclose()

    text = file.read_text()
    for private in ("Bart", "Damrak", "Amsterdam", "AIzaSy", "1234567", "123 4567", "127.0.0.1", "ChIJ"):
        assert private not in text


async def test_texts_of_the_preset_stay_where_they_must_be_compared(tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    source = Saying(Response(200, {}, b'{"type": "work", "number": "Jan"}'))
    known = words_of("[mapping]\nnumbers = \"phones[?type == 'work'].number\"")
    transport = RecordingTransport(source, file, Blanking(BAKERY, known=known))
    await transport.send(SEARCH)
    answer = json.loads(file.read_text().splitlines()[1])["response"]["body"]["json"]
    assert answer == {"type": "work", "number": "Xxx"}


async def test_nothing_of_headers_stays_but_what_a_preset_needs(tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    headers = {"content-type": "application/json; charset=Jan", "set-cookie": "s3cret", "retry-after": "7"}
    await recording(Saying(Response(429, headers, b"{}")), file).send(SEARCH)
    line = json.loads(file.read_text().splitlines()[1])
    assert line == {
        "request": {
            "method": "GET",
            "url": "https://source.example/search?phone=0202345678&key=KEY",
            "body": None,
        },
        "response": {
            "status": 429,
            "headers": {"content-type": "application/json", "retry-after": "7"},
            "body": {"json": {}},
        },
    }


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"<html>Jan</html>", b"<html></html>"),
        (b"Jan 020-1234567", b"blanked"),
        (b"", b""),
        (b"[" * 100_000, b"blanked"),
    ],
)
async def test_what_is_no_json_is_not_kept(body: bytes, kept: bytes, tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    await recording(Saying(Response(200, {}, body)), file).send(SEARCH)
    request = Request("GET", "https://other.example/search?phone=0202345678&key=KEY")
    assert (await ReplayTransport(file).send(request)).body == kept


async def test_forms_and_odd_quoting_are_found_again(tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    transport = recording(Saying(Response(200), Response(204)), file)
    await transport.send(Request("POST", "https://crm.example/a%20b?q=a+b", body=b"phone=%30201234567"))
    replay = ReplayTransport(file)
    request = Request("POST", "https://x.example/a%20b?q=a%20b", body=b"phone=0202345678")
    assert (await replay.send(request)).status == 200
    with pytest.raises(DirectoryError, match="holds no such request"):
        await replay.send(Request("POST", "https://x.example/a%20b?q=a%20b", body=b"phone=0209999999"))


async def test_a_request_that_was_made_twice_is_answered_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    transport = recording(Saying(Response(503), Response(200)), file)
    await transport.send(SEARCH)
    await transport.send(SEARCH)
    replay = ReplayTransport(file)
    request = Request("GET", "https://x.example/search?phone=0202345678&key=KEY")
    assert [(await replay.send(request)).status for _ in range(3)] == [503, 200, 200]


async def test_what_fails_is_not_recorded(tmp_path: Path) -> None:
    file = tmp_path / "google.jsonl"
    fake = GooglePlaces(trouble=Trouble.CUT)
    async with fake.serve() as url:
        directory = places(recording(HttpTransport(), file), url)
        with pytest.raises(DirectoryError):
            await directory.lookup(BAKERY)
        await directory.aclose()
    assert len(file.read_text().splitlines()) == 1


# The file


def test_a_recording_is_nobody_elses_and_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    recording(Saying(), file)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DirectoryError, match=r"cannot be written \(File exists\): give another file"):
        recording(Saying(), file)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[]", "null", "Jan", '{"number": "+31623456789"}\n{"request": 5}'),
        *('{"number": 5, "variables": {}}', '{"number": ["+31623456789"], "variables": {}}'),
        *('{"number": "+3\\u001b[31m", "variables": {}}', "[" * 100_000),
    ],
)
def test_what_is_no_recording_is_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "crm.jsonl"
    file.write_text(text)
    with pytest.raises(DirectoryError, match="is no recording of a directory"):
        ReplayTransport(file)


def test_what_never_ends_is_no_recording(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(DirectoryError, match="cannot be read: it is not an ordinary file"):
            ReplayTransport(file)


def test_a_recording_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="cannot be read: No such file"):
        ReplayTransport(tmp_path / "crm.jsonl")
