"""Holds what `bubbled replay --json` says against the hand-written truth of a recording.

A user's calls must be the true ones, in order: none missing, none too many; each begins and ends once, at the
true moment, with the true party, and for the true reason.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.lab.truth import Popup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Change: TypeAlias = "Mapping[str, Any]"
"""One line of `bubbled replay --json`."""

SLACK_S = 0.35
"""Between what a phone saw and what AMI says, on a busy machine."""

_DIRECTIONS = {"incoming": "inbound", "outgoing": "outbound", "pickup": "inbound"}
_OUTCOMES = {
    # AMI cannot tell a rejecting phone from a broken one, nor an unreachable one from either
    "own_phone_rejected": {"own_phone_rejected", "failed"},
    "own_phone_unreachable": {"own_phone_rejected", "own_phone_no_answer", "failed"},
    "own_phone_not_answered": {"own_phone_no_answer"},
}
_NAME_BYTES = 79  # a longer name is cut by the PBX, perhaps in the middle of a character


@dataclass(frozen=True, slots=True)
class Timeline:
    """What one user should see of one recording.

    Attributes:
        stream: the recorded AMI text.
        devices: the user's, as `--device` wants them.
        popups: the true calls, in order.
    """

    stream: Path
    devices: tuple[str, ...]
    popups: tuple[Popup, ...]

    def __str__(self) -> str:
        """Name it in a test report: `in-ringgroup 101`."""
        return f"{self.stream.parent.name} {'+'.join(device.rpartition('/')[2] for device in self.devices)}"


def timelines(folder: Path) -> list[Timeline]:
    """Return all users' timelines of all recordings in a folder."""
    return [timeline for path in sorted(folder.glob("*/truth.json")) for timeline in _timelines(path)]


def _timelines(path: Path) -> Iterator[Timeline]:
    for user, entries in json.loads(path.read_text())["users"].items():
        devices = (user,) if "/" in user else tuple(f"PJSIP/{extension}" for extension in user.split("+"))
        yield Timeline(path.parent / "call.ami", devices, tuple(map(Popup.load, entries)))


def faults(truths: Sequence[Popup], changes: Iterable[Change]) -> list[str]:
    """Return what is wrong, a few words each; nothing when all is right.

    Args:
        truths: the true calls of a user, in order.
        changes: what replay said, in order.
    """
    calls: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        calls[change["call"]["id"]].append(change)
    readings = [_compare(chosen, list(calls.values())) for chosen in _choices(truths, len(calls))]
    return min(readings, key=len, default=[f"{len(calls)} calls, not {len(truths)}"])


def _choices(truths: Sequence[Popup], count: int) -> Iterator[tuple[Popup, ...]]:
    """Leave out optional calls until as many are left as were seen."""
    for chosen in combinations(truths, min(count, len(truths) + 1)):
        if all(truth.optional or truth in chosen for truth in truths):
            yield chosen


def _compare(truths: Sequence[Popup], calls: Sequence[list[Change]]) -> list[str]:
    return [
        fault for truth, seen in zip(truths, calls, strict=True) for fault in _faults_of_call(truth, seen)
    ]


def _faults_of_call(truth: Popup, seen: list[Change]) -> Iterator[str]:
    yield from _faults_of_order(truth, [change["change"] for change in seen])
    yield from _faults_of_party(truth, seen)
    yield from _faults_of_end(truth, seen[-1]["call"])
    yield from _faults_of_time(truth, seen)


def _faults_of_order(truth: Popup, kinds: list[str]) -> Iterator[str]:
    if kinds[0] != "started" or kinds.count("started") != 1:
        yield "does not start once, first"
    if kinds[-1] != "ended" or kinds.count("ended") != 1:
        yield "does not end once, last"
    if kinds.count("answered") != (truth.answered_at is not None):
        yield f"answered {kinds.count('answered')} times"


def _faults_of_party(truth: Popup, seen: list[Change]) -> Iterator[str]:
    numbers = [change["call"].get("number") for change in seen]
    if truth.not_in_ami != "remote_number":
        if not any(_same(number, truth.remote_number) for number in numbers):
            yield f"number {numbers[0]}, not {truth.remote_number}"
        for update in truth.updates:
            if not _same(numbers[-1], str(update["remote_number"])):
                yield f"after {update['reason']}: {numbers[-1]}, not {update['remote_number']}"
        if truth.e164 and truth.e164 not in [change["call"].get("e164") for change in seen]:
            yield f"e164 {seen[-1]['call'].get('e164')}, not {truth.e164}"
    if truth.remote_name and truth.popup == "incoming" and not truth.not_in_ami:
        names = [change["call"].get("name") for change in seen]
        if not any(_is_named(name, truth.remote_name) for name in names):
            yield f"name {names[0]!r}, not {truth.remote_name!r}"


def _faults_of_end(truth: Popup, call: Mapping[str, Any]) -> Iterator[str]:
    if call["direction"] != _DIRECTIONS[truth.popup]:
        yield f"direction {call['direction']}"
    if call.get("outcome") not in _OUTCOMES.get(truth.outcome, {truth.outcome}) | set(truth.also_right):
        yield f"outcome {call.get('outcome')}, not {truth.outcome}"
    for key, true in (("transferred_from", truth.transferred_from), ("transferred_to", truth.transferred_to)):
        if true and call.get(key) != true:
            yield f"{key} {call.get(key)}, not {true}"
    for update in truth.updates:
        if (sender := update.get("transferred_from")) and call.get("transferred_from") != sender:
            yield f"after {update['reason']}: transferred_from {call.get('transferred_from')}, not {sender}"
    if truth.via and (call.get("via") or {}).get("kind") != truth.via:
        yield f"via {call.get('via')}, not {truth.via}"


def _faults_of_time(truth: Popup, seen: list[Change]) -> Iterator[str]:
    answered = next((change for change in seen if change["change"] == "answered"), None)
    yield from _late("shown", seen[0], truth.shown_at)
    yield from _late("answered", answered, truth.answered_at)
    yield from _late("closed", seen[-1], truth.closed_at, truth.closed_at_latest)
    if truth.held and "held" not in [change["call"]["state"] for change in seen]:
        yield "never held"


def _late(what: str, change: Change | None, true: float | None, latest: float | None = None) -> Iterator[str]:
    at = change.get("at") if change else None
    if at is None or true is None:
        return
    if not true - SLACK_S <= at <= (latest or true) + SLACK_S:
        yield f"{what} at {at}, not {true}"


def _same(number: str | None, other: str | None) -> bool:
    """Whether two notations are one number: equal digits, or nine equal digits at the end."""
    one, two = re.sub(r"\D", "", number or ""), re.sub(r"\D", "", other or "")
    return one == two or (len(one) > 8 < len(two) and one[-9:] == two[-9:])


def _is_named(name: str | None, true: str) -> bool:
    if len(true.encode()) <= _NAME_BYTES:
        return name == true
    kept = (name or "").rstrip("\ufffd")
    return true.startswith(kept) and len(kept.encode()) > _NAME_BYTES - 4  # the longest character has 4 bytes
