"""Recordings of a real Asterisk 22, as `bubbled record` writes them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bubbled.model import ME, CallChange
from bubbled.pbx.replay import replay
from bubbled.pbx.sip.anonymity import SipAnonymiser
from bubbled.pbx.sip.framing import Framer
from bubbled.pbx.sip.recorded import changes_in, is_sip

FOLDER = Path(__file__).parents[2] / "recordings-sip"
RECORDINGS = sorted(FOLDER.glob("*/call.sip"))
TOLD = {
    "answered": [
        "started +31612345678 Café Müller 東京 -",
        "answered +31612345678 Café Müller 東京 -",
        "ended +31612345678 Café Müller 東京 answered",
    ],
    "missed-withheld": ["started - - -", "ended - - missed"],
    "second-call": [
        "started +31612345678 - -",
        "answered +31612345678 - -",
        "started +31687654321 - -",
        "ended +31687654321 - missed",
        "ended +31612345678 - answered",
    ],
}
EVERY = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)


def owner_of(device: str) -> str | None:
    return ME if device == "PJSIP/101" else None


def words(change: CallChange) -> str:
    call = change.call
    return " ".join(str(fact or "-") for fact in (change.kind, call.number, call.name, call.outcome))


def told(data: bytes, *cuts: int) -> list[str]:
    places = [0, *cuts, len(data)]
    pieces = [(None, data[a:b]) for a, b in pairwise(places)]
    return [words(change) for _, change in changes_in(pieces, owner_of, "NL")]  # type: ignore[arg-type]


@EVERY
def test_a_recording_tells_what_the_daemon_would_have_told_and_when(recording: Path) -> None:
    changes = list(replay(recording, owner_of, "NL"))  # type: ignore[arg-type]
    assert [words(change) for _, change in changes] == TOLD[recording.parent.name]
    times = [at for at, _ in changes if at is not None]
    assert len(times) == len(changes)
    assert times == sorted(times)


@EVERY
def test_however_the_file_is_cut_it_tells_the_same(recording: Path) -> None:
    data = recording.read_bytes()
    for cut in range(0, len(data), 7):
        assert told(data, cut) == TOLD[recording.parent.name]


@EVERY
def test_a_message_that_is_missing_breaks_nothing(recording: Path) -> None:
    messages = list(Framer().feed(recording.read_bytes()))
    for missing in range(len(messages)):
        changes = told(b"".join(messages[:missing] + messages[missing + 1 :]))
        assert sum(line.startswith("started") for line in changes) >= sum(
            line.startswith("ended") for line in changes
        )


@EVERY
def test_what_was_sent_twice_is_told_once(recording: Path) -> None:
    messages = list(Framer().feed(recording.read_bytes()))
    assert told(b"".join(message * 2 for message in messages)) == TOLD[recording.parent.name]


def test_calls_of_others_are_not_told() -> None:
    data = (FOLDER / "answered" / "call.sip").read_bytes()
    assert list(changes_in([(None, data)], lambda _device: None, "NL")) == []


def test_what_is_no_sip_behind_sip_ends_it() -> None:
    data = (FOLDER / "answered" / "call.sip").read_bytes()
    assert told(data + b"x" * 100_000) == TOLD["answered"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"NOTIFY sip:101@h SIP/2.0\r\n", True),
        (b"\r\nSIP/2.0 401 Unauthorized\r\n", True),
        (b"Asterisk Call Manager/11.0.0\r\n", False),
        (b"Event: Newchannel\r\n", False),
        (b"", False),
        (b"A" * 100_000, False),
    ],
)
def test_sip_is_told_from_ami(start: bytes, *, expected: bool) -> None:
    assert is_sip(start) is expected


@EVERY
def test_an_anonymous_recording_tells_nobody_and_replays_the_same(recording: Path) -> None:
    data = recording.read_bytes()
    anonymiser = SipAnonymiser(b"a key")
    out = b"".join(anonymiser.feed(data[at : at + 50]) for at in range(0, len(data), 50))
    assert len(out) == len(data)
    for private in (b"12345678", b"87654321", "Café".encode(), "東京".encode(), b"Alice"):
        assert private not in out
    assert [line.split()[0] for line in told(out)] == [
        line.split()[0] for line in TOLD[recording.parent.name]
    ]
    assert [line.split()[-1] for line in told(out)] == [
        line.split()[-1] for line in TOLD[recording.parent.name]
    ]


@pytest.mark.parametrize(
    ("line", "kept", "gone"),
    [
        (b'<identity display="A &amp; B">sip:0612345678@h</identity>\n', b"&amp;", b"0612345678"),
        (b'From: "Jan Jansen" <sip:101@pbx>;tag=1\n', b"<sip:101@pbx>;tag=1", b"Jan"),
        (b"To: Jan <sip:101@pbx>\n", b"<sip:101@pbx>", b"Jan "),
        (b'<identity display="Anonymous">sip:anonymous@x</identity>\n', b"Anonymous", b"0612"),
        (b"User-Agent: Asterisk PBX 22.10.1\n", b"Asterisk PBX 22.10.1", b"0612"),
    ],
)
def test_names_and_numbers_are_blanked_and_the_rest_stays(line: bytes, kept: bytes, gone: bytes) -> None:
    out = SipAnonymiser(b"a key").feed(line)
    assert kept in out
    assert gone not in out
    assert len(out) == len(line)
