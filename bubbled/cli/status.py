"""`bubbled status`."""

from __future__ import annotations

import click

from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import harmless, json_line
from bubbled.cli.overview import overview
from bubbled.cli.person import change_line
from bubbled.control.client import Client, understood


@click.command()
@as_json
@click.option("--follow", is_flag=True, help="Go on to tell each change of a call, until Ctrl-C.")
@click.pass_obj
def status(client: Client, as_json: bool, follow: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Tell how the daemon is: PBX, mute, calls now, directories.

    \b
    Examples:
      bubbled status
      bubbled status --json | jq .pbx.state
      bubbled status --follow
    """  # noqa: D301  # \b keeps click from filling the examples
    answer = client.get("/v1/status")
    if as_json:
        click.echo(json_line(answer))
    else:
        for line in understood(lambda it: overview(it, local_now()), answer):
            click.echo(line)
    if follow:
        _follow(client, as_json=as_json)


def _follow(client: Client, *, as_json: bool) -> None:
    for change in client.changes():
        click.echo(json_line(change) if as_json else harmless(understood(change_line, change)))
