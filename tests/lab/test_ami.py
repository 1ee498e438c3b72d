from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.lab.ami import Tape, packets

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_of_repeated_headers_counts() -> None:
    data = b"Event: Newchannel\r\nUniqueid: 1\r\nEvent: Hangup\r\n\r\nResponse: Success\r\n\r\n"
    assert packets(data) == [{"Event": "Newchannel", "Uniqueid": "1"}, {"Response": "Success"}]


def test_a_tape_is_saved_as_replay_reads_it(tmp_path: Path) -> None:
    tape = Tape()
    tape.take(b"Event: A\r\n", 0.5)
    tape.take(b"\r\n", 0.75)
    tape.save(tmp_path / "call.ami")
    assert (tmp_path / "call.ami").read_bytes() == b"Event: A\r\n\r\n"
    lines = (tmp_path / "call.timing.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [{"offset": 0, "t": 0.5}, {"offset": 10, "t": 0.75}]
