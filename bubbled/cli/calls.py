"""`bubbled calls` and `bubbled show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bubbled.cli.moment import clock_time, day, length, moment
from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.cli.person import outcome, talked_s, who
from bubbled.control.client import Client, quoted, understood

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.control.status import JsonObject

_HEADINGS = ("When", "", "Who", "Number", "How it went", "Talked", "Call")


@click.command()
@click.option(
    "-n", "count", type=click.IntRange(1, 1000), help="How many; else as many as the settings say: 10."
)
@click.option(
    "--on", "date", metavar="DATE", help="Only the calls of a day: 2026-11-20, 20 Nov, yesterday, Monday."
)
@as_json
@click.pass_obj
def calls(client: Client, count: int | None, date: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """List my latest calls, or those of a day, newest last.

    Without a terminal, each line holds, tab-separated: start, direction, name, number, outcome, seconds
    talked, id.

    \b
    Examples:
      bubbled calls
      bubbled calls -n 50
      bubbled calls --on yesterday
      bubbled calls --json | jq -r 'select(.outcome == "missed") | .number'
    """  # noqa: D301  # \b keeps click from filling the examples
    now = local_now()
    query = {"limit": str(count)} if count else {}
    query |= {"on": day(date, now.date()).isoformat()} if date else {}
    found = understood(lambda answer: answer["calls"], client.get("/v1/calls", query))
    if as_json:
        for call in found:
            click.echo(json_line(call))
        return
    if not found and for_a_person():
        click.echo("The history has no call of yours" + (" on that day." if date else "."))
        return
    write_table(_HEADINGS, understood(lambda calls: [_row(call, now) for call in calls], found))


def _row(call: JsonObject, now: datetime) -> tuple[str, ...]:
    started, talked = moment(call.get("started_at")), talked_s(call)
    number, call_id = str(call.get("number") or ""), str(call.get("id") or "")
    direction = str(call.get("direction") or "")
    if not for_a_person():
        start = started.isoformat() if started else ""
        seconds = "" if talked is None else f"{talked:.0f}"
        return start, direction, who(call), number, outcome(call), seconds, call_id
    when = clock_time(started.astimezone(now.tzinfo), now) if started else ""
    way = "to" if direction == "outbound" else "from"
    return when, way, who(call), number, outcome(call), "" if talked is None else length(talked), call_id


@click.command()
@click.argument("call", required=False)
@as_json
@click.pass_obj
def show(client: Client, call: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Show the popup of CALL again; without it, of the latest call.

    CALL is what `bubbled calls` lists in its last column; it may be of any day.

    \b
    Examples:
      bubbled show
      bubbled show 1700000000.42
    """  # noqa: D301  # \b keeps click from filling the examples
    answer = client.post(f"/v1/calls/{quoted(call) if call else 'latest'}/show")
    if as_json:
        click.echo(json_line(answer))
        return
    named = understood(lambda found: who(found) or found["number"], answer)
    click.echo(harmless(f"The popup of the call with {named} is shown again."))
