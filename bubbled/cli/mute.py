"""`bubbled mute` and `bubbled unmute`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.moment import UnreadableMomentError, mute_end
from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import json_line
from bubbled.cli.overview import muted

if TYPE_CHECKING:
    from bubbled.control.client import Client

SHOWN_AGAIN: Final = "Popups are shown again."


@click.command()
@click.argument("duration", nargs=-1)
@click.option(
    "--toggle", is_flag=True, help="Mute, or show popups again, and say so on the screen: for keys."
)
@as_json
@click.pass_obj
def mute(client: Client, duration: tuple[str, ...], toggle: bool, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Show no popups for DURATION, or until unmuted.

    Calls are still followed and remembered. When it ends, a popup lists whose
    popups did not come.

    \b
    Examples:
      bubbled mute
      bubbled mute 30m
      bubbled mute 1h30m
      bubbled mute until 14:00
      bubbled mute tomorrow       (until midnight)
      bubbled mute --toggle
    """  # noqa: D301  # \b keeps click from filling the examples
    if toggle:
        if duration:
            raise click.UsageError("--toggle goes without a DURATION: it mutes until unmuted.")
        _toggle(client, as_json=as_json)
        return
    now = local_now()
    try:
        until = mute_end(" ".join(duration), now).isoformat() if duration else None
    except UnreadableMomentError as error:
        raise click.UsageError(str(error)) from error
    answer = client.post("/v1/mute", {"until": until})
    click.echo(json_line(answer) if as_json else f"Popups are {muted({'until': until}, now)}.")


def _toggle(client: Client, *, as_json: bool) -> None:
    answer = client.post("/v1/mute/toggle", {})
    if as_json:
        click.echo(json_line(answer))
        return
    mute = answer.get("mute")
    click.echo(SHOWN_AGAIN if mute is None else f"Popups are {muted(mute, local_now())}.")


@click.command()
@as_json
@click.pass_obj
def unmute(client: Client, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Show popups again."""
    answer = client.delete("/v1/mute")
    click.echo(json_line(answer) if as_json else SHOWN_AGAIN)
