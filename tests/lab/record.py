"""Play scenarios on a real Asterisk and keep what it sent, with the truth.

python -m tests.lab.record --list
python -m tests.lab.record in-ringgroup name-utf8 --into /tmp/recordings
python -m tests.lab.record --all --into /tmp/recordings --asterisk 16
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.ami import CTI, CTI_FILTER, CTI_SYNC, FULL, User
from tests.lab.catalogue import SCENARIOS
from tests.lab.installation import Installation
from tests.lab.pbx import Asterisk
from tests.lab.stage import Stage
from tests.lab.truth import Truth

if TYPE_CHECKING:
    from tests.lab.scenario import Scenario

RECORDINGS = Path(__file__).parents[1] / "recordings"
_ACCOUNTS = {user.name: user for user in (CTI, CTI_SYNC, CTI_FILTER, FULL)}
_PLAY_S = 60


async def record(scenario: Scenario, pbx: Asterisk, folder: Path, user: User = CTI) -> None:
    """Play one scenario; write `call.ami`, its timing and `truth.json` into a folder.

    For click-to-call also what the desk sent (`daemon.sent.jsonl`) and got (`daemon.ami`).

    Raises:
        TimeoutError: something that had to happen did not.
    """
    truth = Truth(scenario.name, scenario.description)
    async with Stage(pbx) as stage:
        try:
            await _play(scenario, stage, truth, user)
        except (TimeoutError, AssertionError, ConnectionError) as error:
            error.add_note(stage.trace)
            raise
        _save(stage, truth, folder)


async def _play(scenario: Scenario, stage: Stage, truth: Truth, user: User) -> None:
    async with asyncio.timeout(_PLAY_S):
        if not scenario.records_itself:
            await stage.record(user)
        await scenario.play(stage, truth)
        await stage.idle()
        await stage.heard()


def _save(stage: Stage, truth: Truth, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stage.tape.save(folder / "call.ami")
    truth.save(folder / "truth.json")
    if stage.desk.sent:
        _save_desk(stage, folder)


def _save_desk(stage: Stage, folder: Path) -> None:
    (folder / "daemon.ami").write_bytes(bytes(stage.desk.tape.data))
    (folder / "daemon.sent.jsonl").write_text("".join(json.dumps(sent) + "\n" for sent in stage.desk.sent))


async def record_all(names: list[str], into: Path, major: int, user: User) -> list[str]:
    """Record these scenarios one after the other on one PBX; return the names of those that failed."""
    failed = []
    async with Asterisk(Installation.default(major)) as pbx:
        for name in names:
            try:
                await record(SCENARIOS[name], pbx, into / name, user)
            except (TimeoutError, AssertionError, ConnectionError):
                failed.append(name)
                print(f"failed    {name}", file=sys.stderr)  # noqa: T201 (a command speaks by printing)
                traceback.print_exc()
            else:
                print(f"recorded  {name}")  # noqa: T201 (a command speaks by printing)
    return failed


def main() -> int:
    """Read the command line; 0: all recorded, 1: not all, 2: not understood, 3: this machine cannot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[*SCENARIOS, []], help="scenarios to record"
    )
    parser.add_argument("--all", action="store_true", help="record all scenarios")
    parser.add_argument("--list", action="store_true", help="list all scenarios")
    parser.add_argument("--into", type=Path, default=RECORDINGS, help="folder; default: tests/recordings")
    parser.add_argument("--asterisk", type=int, default=22, metavar="MAJOR", help="version; default: 22")
    parser.add_argument("--account", choices=_ACCOUNTS, default=CTI.name, help="AMI account; default: cti")
    chosen = parser.parse_args()
    if chosen.list:
        for scenario in SCENARIOS.values():
            print(f"{scenario.name:36} {scenario.description}")  # noqa: T201 (a command speaks by printing)
        return 0
    if reason := Installation.default(chosen.asterisk).missing():
        print(reason, file=sys.stderr)  # noqa: T201 (a command speaks by printing)
        return 3
    names = list(SCENARIOS) if chosen.all else chosen.names
    return 1 if asyncio.run(record_all(names, chosen.into, chosen.asterisk, _ACCOUNTS[chosen.account])) else 0


if __name__ == "__main__":
    sys.exit(main())
