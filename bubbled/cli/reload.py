"""`bubbled reload`."""

from __future__ import annotations

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import harmless, json_line
from bubbled.control.client import PATIENT_S, Client, understood


@click.command()
@as_json
@click.pass_obj
def reload(client: Client, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Apply the settings file as it is now; calls and popups go on.

    A file with mistakes is refused and the old settings stay; `bubbled doctor` tells every mistake with its
    line.
    """
    answer = client.post("/v1/reload", timeout_s=PATIENT_S)
    if as_json:
        click.echo(json_line(answer))
        return
    for warning in understood(lambda it: list(it["warnings"]), answer):
        click.echo(harmless(f"Warning: {warning}"), err=True)
    click.echo("The settings are applied.")
