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
    click.echo(harmless(_told(erased, number)))


def _told(erased: int, number: str) -> str:
    if not erased:
        return f"The history has no call with {number}."
    return f"{'1 call' if erased == 1 else f'{erased} calls'} with {number} erased from the history."
