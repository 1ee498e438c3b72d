"""`bubbled choose`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.control.choice import MOST_MATCHES
from bubbled.control.client import Client, quoted, understood

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject

_HEADINGS: Final = ("", "", "Who")


class _Listed(click.IntRange):
    name = "number from the list of `bubbled choose`"


@click.command(
    epilog="""\b
Examples:
  bubbled choose
  bubbled choose 2
  bubbled choose 2 --call 1700000000.42
  bubbled choose --json | jq -r '.matches[] | select(.chosen) | .contact.name'"""
)
@click.argument("match", required=False, type=_Listed(1, MOST_MATCHES))
@click.option("--call", metavar="CALL", help="Which call, as `bubbled calls` lists it in its last column.")
@as_json
@click.pass_obj
def choose(client: Client, match: int | None, call: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """List who has the number of my call, or say that it is MATCH.

    Without --call it is the latest call whose number several contacts have. Whom I choose is in the popup and
    the history at once, and comes first when the number calls again.

    Without a terminal, each line holds, tab-separated: number, "chosen" or nothing, who.
    """
    of = f"/v1/calls/{quoted(call) if call else 'latest'}"
    asked = client.get(f"{of}/matches") if match is None else client.post(f"{of}/choose", {"match": match})
    if as_json:
        click.echo(json_line(asked))
        return
    if match is not None:
        click.echo(harmless(f"It is {understood(_chosen, asked)}; that is remembered for the number."))
        return
    rows = understood(lambda it: [_row(each) for each in it["matches"]], asked)
    if not rows and for_a_person():
        click.echo("No contact is known for the number of that call.")
        return
    write_table(_HEADINGS, rows)


def _chosen(answer: JsonObject) -> str:
    return next(str(each["line"]) for each in answer["matches"] if each["chosen"])


def _row(match: JsonObject) -> tuple[str, ...]:
    mark = "→" if for_a_person() else "chosen"
    return str(match["match"]), mark if match["chosen"] else "", str(match["line"])
