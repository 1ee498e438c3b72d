"""`bubbled forget`."""

from __future__ import annotations

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import harmless, json_line
from bubbled.control.client import PATIENT_S, Client, understood


@click.command()
@click.argument("number")
@as_json
@click.pass_obj
def forget(client: Client, number: str, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Erase NUMBER and all calls with it from the history, for good.

    Address books are not touched.

    \b
    Example:
      bubbled forget +31612345678
    """  # noqa: D301  # \b keeps click from filling the examples
    answer = client.delete("/v1/history", {"number": number}, timeout_s=PATIENT_S)
    if as_json:
        click.echo(json_line(answer))
        return
    erased = understood(lambda it: int(it["erased"]), answer)
    calls = {0: "No call", 1: "1 call"}.get(erased, f"{erased} calls")
    click.echo(harmless(f"{calls} with {number} erased from the history."))
