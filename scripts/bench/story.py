"""Stories at their largest: what a call costs that is written down, and what a question about one costs.

Usage: scripts/bench/story.py [--days N]

A chronicle is told N days of 10,000 calls (default 2, which is more than is kept) with all that happens to
each, and of a PBX that comes and goes; then the history is asked for the story of a call and for what stood
around a moment. `told_us` is how long the loop is kept by one call, all of its steps; questions are in
milliseconds as the asking task sees them. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bubbled.daemon.chronicle import Chronicle
from bubbled.daemon.search import Search
from bubbled.directory.order.answer import Asked, Question, Reply
from bubbled.history.store import History
from bubbled.model import (
    E164,
    Call,
    CallChange,
    CallId,
    CallState,
    Card,
    ChangeKind,
    Contact,
    Device,
    Direction,
    Outcome,
    PopupId,
    Tone,
)
from bubbled.popup.command import ClosePopup, ShowPopup, UpdatePopup
from bubbled.popup.showing import Showing
from bubbled.popup.subject import Finding
from bubbled.story.circumstance import Connected, Disconnected
from bubbled.story.evidence import GROUPS
from scripts.bench.history import percentiles, timed

BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
CALLS_A_DAY = 10_000
JAN = Contact(directory="Customers", name="Jan Jansen", company="Bakkerij De Vries")
TRACE = (
    Asked("CRM", Reply.TIMEOUT, 2000.0, "no answer in time"),
    Asked("Customers", Reply.HIT, 0.21, matches=(JAN,)),
    Asked("Google Maps", Reply.NOT_ASKED, 0.0),
)


def a_call(index: int) -> Call:
    """Give the n-th made-up call."""
    number = E164(f"+316{10_000_000 + index}")
    return Call(
        id=CallId(f"1732093200.{index}"),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.RINGING,
        number=number,
        e164=number,
        name="JAN JANSEN",
    )


class Day:
    """Tells a chronicle what happens, at the pace of a clock of its own."""

    def __init__(self, history: History) -> None:
        self.time = BEGIN
        self.history = history
        self.chronicle = Chronicle(history.annals, lambda: self.time)

    def call(self, index: int) -> float:
        """A call from the ring to the end; gives how long telling it took, in seconds."""
        ringing, popup = a_call(index), PopupId(a_call(index).id)
        talking = replace(ringing, state=CallState.TALKING)
        over = replace(ringing, state=CallState.ENDED, outcome=Outcome.ANSWERED)
        card = Card("JAN JANSEN", (), "Calling you", Tone.RINGING)
        chronicle, began = self.chronicle, perf_counter()
        chronicle.put(ShowPopup(popup, card))
        chronicle.call_changed(CallChange(ChangeKind.STARTED, ringing), self.time)
        chronicle.decided(ringing.id, "shown", "")
        chronicle.shown(popup, Showing(screen="native", server="dunst 1.9.2", answer="notification 42"))
        chronicle.put(UpdatePopup(popup, replace(card, headline="Jan Jansen")))
        search = Search(Question(E164(ringing.e164 or "")), TRACE, is_provisional=False)
        chronicle.answered(ringing.id, search, Finding(contact=JAN))
        chronicle.call_changed(CallChange(ChangeKind.ANSWERED, talking), self.time)
        chronicle.put(ClosePopup(popup))
        chronicle.call_changed(CallChange(ChangeKind.ENDED, over), self.time)
        took = perf_counter() - began
        self.time += timedelta(days=1) / CALLS_A_DAY
        return took

    def flap(self) -> None:
        """The connection goes and comes."""
        self.chronicle.happened(Disconnected("pbx.example.com", "The PBX has gone silent.", self.time))
        self.chronicle.happened(Connected("pbx.example.com"))


async def measure(path: Path, days: int) -> dict[str, object]:
    """Tell, then ask."""
    history = await History.open(path, now=lambda: BEGIN)
    day, told, began = Day(history), 0.0, perf_counter()
    count = days * CALLS_A_DAY
    for index in range(count):
        told += day.call(index)
        for _ in range(4):
            day.flap()
        if index % 500 == 499:  # noqa: PLR2004 - well below what may wait
            await history.settled()
    await history.settled()
    result: dict[str, object] = {
        "calls": count,
        "told_us": round(told / count * 1e6, 1),
        "saved_calls_per_s": round(count / (perf_counter() - began)),
        "file_mb": round(sum(each.stat().st_size for each in path.parent.iterdir()) / 1e6, 1),
        "steps_of_the_last": len(await history.annals.story(a_call(count - 1).id)),
    }
    annals, middle = history.annals, day.time - timedelta(hours=6)
    half = timedelta(minutes=10)
    recent = [a_call(index).id for index in range(count - 2000, count)]
    result["story"] = percentiles([await timed(lambda each=each: annals.story(each)) for each in recent])  # type: ignore[misc]  # mypy has no types for defaults of lambdas
    result["state_before"] = percentiles(
        [await timed(lambda: annals.before(GROUPS, middle)) for _ in range(200)]
    )
    result["state_after"] = percentiles(
        [await timed(lambda: annals.after(GROUPS, middle)) for _ in range(200)]
    )
    result["events_of_20_minutes"] = percentiles(
        [await timed(lambda: annals.events(middle - half, middle + half, 500)) for _ in range(200)]
    )
    began = perf_counter()
    await history.forget(str(a_call(count - 1).number))
    result["forget_s"] = round(perf_counter() - began, 2)
    began = perf_counter()
    result["pruned_steps"] = await history.prune_stories(day.time - timedelta(hours=12))
    result["prune_s"] = round(perf_counter() - began, 2)
    await history.aclose()
    return result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        print(json.dumps(asyncio.run(measure(Path(folder) / "history.sqlite", arguments.days)), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
