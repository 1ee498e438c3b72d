"""`bubbled note`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import harmless, json_line
from bubbled.control.client import Client, quoted, understood

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject


@click.command(
    epilog="""\b
Examples:
  bubbled note "Wants to be called back on Monday"
  bubbled note "Ordered 20 more" 1700000000.42"""
)
@click.argument("text")
@click.argument("call", required=False)
@as_json
@click.pass_obj
def note(client: Client, text: str, call: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Add a note to my call, or to CALL, for the CRM in which it is logged.

    During a call, and after it for as long as the call is not written yet: a minute, unless the settings say
    otherwise. Several notes stand one below the other.
    """
    answer = client.post(f"/v1/calls/{quoted(call) if call else 'latest'}/note", {"text": text})
    click.echo(json_line(answer) if as_json else harmless(understood(_told, answer)))


def _told(answer: JsonObject) -> str:
    if answer["directory"] is None:
        return "Noted, for the case that the caller turns out to be in a CRM in which calls are logged."
    return f"Noted; it is written into {answer['directory']} with the call."
