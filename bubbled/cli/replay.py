"""`bubbled replay`: tell the calls in a recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import json_line, write_table
from bubbled.model import ME, Device

if TYPE_CHECKING:
    from bubbled.model import CallChange


@click.command(
    epilog="""\b
Examples:
  bubbled replay bug.ami --device PJSIP/101
  bubbled replay bug.ami --device PJSIP/101 --device PJSIP/201 --json"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--device",
    "devices",
    multiple=True,
    required=True,
    metavar="NAME",
    help="A phone whose calls to tell, such as PJSIP/101; may be given several times for one user's phones.",
)
@click.option(
    "--region", default="NL", show_default=True, help="Where national numbers belong, as two letters."
)
@as_json
def replay(file: Path, devices: tuple[str, ...], region: str, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Tell the calls in a recording of a PBX, as the daemon would have seen them.

    FILE holds what the PBX said, as `bubbled record` writes it. Times are taken from the file beside it whose
    name ends in .timing.jsonl. Needs no settings and no PBX.
    """
    from bubbled.pbx.replay import replay as changes_in  # noqa: PLC0415  # not for those who only ask for help
    from bubbled.wire import change_json  # noqa: PLC0415  # the same

    mine = {Device(device) for device in devices}
    changes = changes_in(file, lambda device: ME if device in mine else None, _known(region))
    if as_json:
        for at, change in changes:
            click.echo(json_line(change_json(change, at)))
        return
    write_table(_HEADINGS, [_row(at, change) for at, change in changes])


_HEADINGS = ("Seconds", "Change", "Direction", "State", "Number", "Name", "Via", "Outcome")


def _row(at: float | None, change: CallChange) -> tuple[str, ...]:
    call = change.call
    return (
        "" if at is None else f"{at:.3f}",
        change.kind.value,
        call.direction.value,
        call.state.value,
        call.number or "",
        call.name or "",
        "" if call.via is None else " ".join(filter(None, (call.via.kind.value, call.via.name))),
        "" if call.outcome is None else call.outcome.value,
    )


def _known(region: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415  # 20 ms

    if region.upper() not in SUPPORTED_REGIONS:
        raise click.BadParameter(
            f"{region} is no region; give two letters such as NL.", param_hint="--region"
        )
    return region.upper()
