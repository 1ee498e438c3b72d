"""AMI bytes to events: bubbled's framer against panoramisk's protocol, side by side in one run.

Usage: scripts/bench/events.py [--rounds N] [--repeat N]

Both read the same bytes (tests/recordings, of a real Asterisk 22, repeated) in chunks of 64 KiB from memory
and hand each event on. The recording `number-crlf` is left out: panoramisk takes its forged headers
for a list and stops. Rounds are interleaved and the medians of CPU time compared. Prints one JSON object;
events/s counts all events that were sent, also those that a screen pop does not need and the framer skips.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from statistics import median
from time import process_time

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from bubbled.pbx.ami.framing import Framer

RECORDINGS = Path(__file__).parents[2] / "tests" / "recordings"
CHUNK = 65_536
UNWANTED = {
    "DeviceStateChange",
    "DialState",
    "ExtensionStatus",
    "HangupRequest",
    "BridgeCreate",
    "BridgeDestroy",
    "SoftHangupRequest",
}
"""What says nothing about who talks to whom; a quarter of the bytes, nearly half of the events."""

Run = Callable[[list[bytes]], int]


def wire(repeat: int) -> bytes:
    """The recordings one after the other, without their banners."""
    paths = sorted(path for path in RECORDINGS.glob("*/call.ami") if path.parent.name != "number-crlf")
    return b"".join(path.read_bytes().split(b"\r\n", 1)[1] for path in paths) * repeat


def ours(wanted: set[str] | None) -> Run:
    """A round of the framer."""

    def run(chunks: list[bytes]) -> int:
        framer = Framer(wanted)
        return sum(1 for message in chain.from_iterable(map(framer.feed, chunks)) if "Event" in message)

    return run


def panoramisk(chunks: list[bytes]) -> int:
    """A round of panoramisk, with one callback for all events."""
    manager = Manager()
    events = []
    manager.register_event("*", lambda _manager, event: events.append(event))
    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.factory = manager
    protocol.encoding = "utf8"
    for chunk in chunks:
        protocol.data_received(chunk)
    return len(events)


def main() -> None:
    """Race them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--repeat", type=int, default=20)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    data = wire(given.repeat)
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    names = {message["Event"] for message in Framer().feed(data) if "Event" in message}
    runners: dict[str, Run] = {
        "panoramisk": panoramisk,
        "bubbled, every event": ours(None),
        "bubbled, what a screen pop needs": ours(names - UNWANTED),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    delivered = {}
    for _ in range(given.rounds):
        for name, run in runners.items():
            begin = process_time()
            delivered[name] = run(chunks)
            seconds[name].append(process_time() - begin)
    events = delivered["panoramisk"]
    rates = {name: events / median(times) for name, times in seconds.items()}
    result = {
        "events": events,
        "bytes": len(data),
        "python": sys.version.split()[0],
        "delivered": delivered,
        "events_per_s": {name: round(rate) for name, rate in rates.items()},
        "ratio_to_panoramisk": {name: round(rate / rates["panoramisk"], 2) for name, rate in rates.items()},
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
