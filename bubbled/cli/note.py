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
  bubbled note Wants to be called back on Monday
  bubbled note --call 1700000000.42 "Ordered 20 more; what's the price?\""""
)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("--call", metavar="ID", help="The call, as `bubbled calls` lists it in its last column.")
@as_json
@click.pass_obj
def note(client: Client, words: tuple[str, ...], call: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Add a note to a call: to that in which I talk, else to that in which I talked last.

    It is kept with the call, and shown when the number calls again. Several notes stand one below the other.
    Where calls are logged in a CRM it is written there too, until the call itself is: a minute after its end,
    unless the settings say otherwise.
    """
    text = " ".join(words)
    answer = client.post(f"/v1/calls/{quoted(call) if call else 'latest'}/note", {"text": text})
    click.echo(json_line(answer) if as_json else harmless(understood(_told, answer)))


def _told(answer: JsonObject) -> str:
    directory, remark = answer["directory"], answer.get("remark")
    noted = f"Noted; it is written into {directory} with the call." if directory else "Noted."
    return f"{noted} {remark}" if remark else noted
