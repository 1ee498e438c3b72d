"""`bubbled mute` and `bubbled unmute`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bubbled.cli.moment import UnreadableMomentError, mute_end
from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import json_line
from bubbled.cli.overview import muted

if TYPE_CHECKING:
    from bubbled.control.client import Client


@click.command()
@click.argument("duration", nargs=-1)
@as_json
@click.pass_obj
def mute(client: Client, duration: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Show no popups for DURATION, or until unmuted.

    Calls are still followed and remembered.

    \b
    Examples:
      bubbled mute
      bubbled mute 30m
      bubbled mute 1h30m
      bubbled mute until 14:00
      bubbled mute tomorrow       (until midnight)
    """  # noqa: D301  # \b keeps click from filling the examples
    now = local_now()
    try:
        until = mute_end(" ".join(duration), now).isoformat() if duration else None
    except UnreadableMomentError as error:
        raise click.UsageError(str(error)) from error
    answer = client.post("/v1/mute", {"until": until})
    click.echo(json_line(answer) if as_json else f"Popups are {muted({'until': until}, now)}.")


@click.command()
@as_json
@click.pass_obj
def unmute(client: Client, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Show popups again."""
    answer = client.delete("/v1/mute")
    click.echo(json_line(answer) if as_json else "Popups are shown again.")
