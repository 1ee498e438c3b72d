"""AMI bytes to changes of calls: bubbled against panoramisk with cacofonisk, side by side in one run.

Usage: scripts/bench/calls.py [--rounds N] [--repeat N]

Both read the same bytes (tests/recordings, of a real Asterisk 22, repeated) in chunks of 64 KiB from memory.
bubbled follows the calls of one phone and, in a second row, of every phone; cacofonisk reports those of all,
it knows no other way. The recording `number-crlf` is left out: panoramisk takes its forged headers for a list
and stops. Rounds are interleaved and the medians of CPU time compared. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from cacofonisk.handlers import EventHandler
from cacofonisk.reporters import BaseReporter
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from bubbled.model import ME, Device, Owner
from bubbled.pbx.ami.framing import Framer
from bubbled.pbx.ami.tracker import WANTED, Tracker

RECORDINGS = Path(__file__).parents[2] / "tests" / "recordings"
CHUNK = 65_536

Stream = list[bytes]
Run = Callable[[list[Stream]], int]


class CountingReporter(BaseReporter):  # type: ignore[misc]  # cacofonisk has no types
    """Counts what cacofonisk reports."""

    def __init__(self) -> None:
        super().__init__()
        self.reports = 0

    def _count(self, *_: object, **__: object) -> None:
        self.reports += 1

    on_b_dial = on_up = on_hangup = on_blind_transfer = on_warm_attended_transfer = _count
    on_cold_attended_transfer = on_queue_caller_abandon = _count


def ours(owner_of: Callable[[Device], Owner | None]) -> Run:
    """A round of the framer and the tracker."""

    def run(streams: list[Stream]) -> int:
        changes = 0
        for chunks in streams:
            framer, tracker = Framer(WANTED), Tracker(owner_of, "NL")
            changes += sum(len(tracker.apply(message)) for chunk in chunks for message in framer.feed(chunk))
        return changes

    return run


def theirs(streams: list[Stream]) -> int:
    """A round of panoramisk's protocol, with cacofonisk behind it as its own runner connects them."""
    reports = 0
    for chunks in streams:
        reporter, manager, protocol = CountingReporter(), Manager(), AMIProtocol()
        handler = EventHandler(reporter)
        for name in handler.event_handlers():
            manager.register_event(name, lambda _manager, event, handler=handler: handler.on_event(event))
        protocol.connection_made(None)
        protocol.factory, protocol.encoding = manager, "utf8"
        for chunk in chunks:
            protocol.data_received(chunk)
        reports += reporter.reports
    return reports


def main() -> None:
    """Race them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--repeat", type=int, default=10)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    paths = sorted(path for path in RECORDINGS.glob("*/call.ami") if path.parent.name != "number-crlf")
    recordings = [path.read_bytes() for path in paths]
    streams = [
        [raw[at : at + CHUNK] for at in range(0, len(raw), CHUNK)] for raw in recordings
    ] * given.repeat
    events = sum(raw.count(b"\r\nEvent: ") for raw in recordings) * given.repeat
    runners: dict[str, Run] = {
        "panoramisk + cacofonisk": theirs,
        "bubbled, one phone": ours(lambda device: ME if device == "PJSIP/101" else None),
        "bubbled, every phone": ours(lambda device: Owner(device) if device.startswith("PJSIP/10") else None),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    found = {}
    for _ in range(given.rounds):
        for name, run in runners.items():
            begin = process_time()
            found[name] = run(streams)
            seconds[name].append(process_time() - begin)
    rates = {name: events / median(times) for name, times in seconds.items()}
    reference = rates["panoramisk + cacofonisk"]
    result = {
        "events": events,
        "python": sys.version.split()[0],
        "changes_or_reports": found,
        "events_per_s": {name: round(rate) for name, rate in rates.items()},
        "ratio": {name: round(rate / reference, 2) for name, rate in rates.items()},
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
