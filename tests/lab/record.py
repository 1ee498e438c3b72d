"""`python -m tests.lab.record NAME...`: play scenarios on a real Asterisk and keep what it sent."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tests.lab.ami import CTI, CTI_FILTER, CTI_SYNC, FULL, User
from tests.lab.catalogue import SCENARIOS
from tests.lab.installation import Installation
from tests.lab.pbx import Asterisk
from tests.lab.stage import Stage
from tests.lab.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable

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


async def record_all(names: Iterable[str], into: Path, major: int, user: User) -> bool:
    """Record these scenarios one after the other on one PBX; return whether all were."""
    failed = False
    async with Asterisk(Installation.default(major)) as pbx:
        for name in names:
            try:
                await record(SCENARIOS[name], pbx, into / name, user)
            except (TimeoutError, AssertionError, ConnectionError):
                failed = True
                click.echo(f"failed    {name}\n{traceback.format_exc()}", err=True)
            else:
                click.echo(f"recorded  {name}")
    return not failed


def _known(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in SCENARIOS:
            near = get_close_matches(name, SCENARIOS, 1)
            hint = f"did you mean {near[0]}?" if near else "see --list."
            raise click.BadParameter(f"there is no scenario {name}: {hint}")
    return names


def _list(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 (click's signature)
    if wanted:
        for scenario in SCENARIOS.values():
            click.echo(f"{scenario.name:36} {scenario.description}")
        context.exit()


@click.command
@click.argument("names", nargs=-1, metavar="NAME...", callback=_known)
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="List all scenarios."
)
@click.option("--all", "everything", is_flag=True, help="Record all scenarios.")
@click.option(
    "--into", type=click.Path(path_type=Path), default=RECORDINGS, help="Folder (tests/recordings)."
)
@click.option("--asterisk", "major", type=click.Choice([22, 16]), default=22, help="Version (22).")
@click.option("--account", type=click.Choice(list(_ACCOUNTS)), default=CTI.name, help="AMI account (cti).")
def main(*, names: tuple[str, ...], everything: bool, into: Path, major: int, account: str) -> None:
    """Play scenarios on a real Asterisk and keep what it sent, with the truth.

    Exit: 0 all recorded, 1 not all, 2 not understood, 3 this machine cannot.
    """
    names = tuple(SCENARIOS) if everything else names
    if not names:
        raise click.UsageError("name a scenario, or say --all; see --list")
    if reason := Installation.default(major).missing():
        click.echo(reason, err=True)
        sys.exit(3)
    sys.exit(0 if asyncio.run(record_all(names, into, major, _ACCOUNTS[account])) else 1)


if __name__ == "__main__":
    main(prog_name="python -m tests.lab.record")
