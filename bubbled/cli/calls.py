"""`bubbled calls` and `bubbled show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bubbled.cli.moment import clock_time, day, length, moment
from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.cli.person import outcome, talked_s, who
from bubbled.control.client import PATIENT_S, Client, quoted, understood
from bubbled.control.search import ME, Search, found_from_json, search_query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as date_type
    from datetime import datetime

    from bubbled.control.status import JsonObject

_HEADINGS = ("When", "", "Who", "Number", "How it went", "Talked", "Call")


@click.command()
@click.option(
    "-n",
    "count",
    type=click.IntRange(1, 1000),
    help="How many; else as many as the settings say: 10; of a search, 50.",
)
@click.option(
    "--on", "date", metavar="DATE", help="Only the calls of a day: 2026-11-20, 20 Nov, yesterday, Monday."
)
@click.option("--find", "text", metavar="TEXT", help="Only calls with these words or this number.")
@click.option("--whose", metavar="WHOSE", help="Calls of a colleague, by extension, or of `all`.")
@click.option("--since", metavar="DATE", help="Only calls of that day or later.")
@click.option("--until", metavar="DATE", help="Only calls of that day or earlier.")
@click.option("--missed", is_flag=True, help="Only missed calls.")
@click.option("--csv", "as_csv", is_flag=True, help="Write all that are found as a table, for a spreadsheet.")
@as_json
@click.pass_obj
def calls(
    client: Client,
    /,
    *,
    count: int | None,
    date: str | None,
    as_csv: bool,
    as_json: bool,
    **criteria: Any,
) -> None:
    """List my latest calls, or those that are searched for, newest last.

    Every word of TEXT must occur, as the beginning of one, in the name, company
    or note. A number may be written in any way, and is found by its first
    digits or its last four.

    Without a terminal, each line holds, tab-separated: start, direction, name,
    number, outcome, seconds talked, id and, with --whose, whose call it was.

    \b
    Examples:
      bubbled calls
      bubbled calls --on yesterday
      bubbled calls --find "jansen invoice" --since 2026-01-01
      bubbled calls --find 06-1234 --whose all
      bubbled calls --missed --csv > missed.csv
      bubbled calls --json | jq -r 'select(.outcome == "missed") | .number'
    """  # noqa: D301  # \b keeps click from filling the examples
    now = local_now()
    wanted = _search(now.date(), count, date, **criteria)
    if as_csv:
        _write_all(client, wanted, count)
        return
    is_search = any(value not in (None, False) for value in criteria.values())
    found = _found(client, wanted) if is_search else _listed(client, wanted, count)
    if as_json:
        for call in found:
            click.echo(json_line(call))
        return
    if not found and for_a_person():
        click.echo("No such call was found." if is_search else _none_of_mine(date))
        return
    with_owner = criteria["whose"] is not None
    headings = (*_HEADINGS, "Whose") if with_owner else _HEADINGS
    rows = understood(lambda calls: [_row(call, now, with_owner=with_owner) for call in calls], found)
    write_table(headings, rows)


def _search(  # noqa: PLR0913  # one for each option
    today: date_type,
    count: int | None,
    on: str | None,
    *,
    text: str | None,
    whose: str | None,
    since: str | None,
    until: str | None,
    missed: bool,
) -> Search:
    if on is not None and (since is not None or until is not None):
        raise click.UsageError("--on is one day, --since and --until are several; leave either out.")
    first, last = (on, on) if on is not None else (since, until)
    return Search(
        text=text or "",
        whose=whose or ME,
        since=None if first is None else day(first, today),
        until=None if last is None else day(last, today),
        missed=missed,
        limit=count or Search().limit,
    )


def _listed(client: Client, wanted: Search, count: int | None) -> Sequence[JsonObject]:
    query = {"limit": str(count)} if count else {}
    query |= {"on": wanted.since.isoformat()} if wanted.since else {}
    return understood(lambda answer: answer["calls"], client.get("/v1/calls", query))


def _found(client: Client, wanted: Search) -> Sequence[JsonObject]:
    """Search; tell on stderr of calls that are not among the found ones because they cannot be."""
    found = understood(found_from_json, client.get("/v1/history", search_query(wanted), timeout_s=PATIENT_S))
    if found.gap:
        click.echo(harmless(found.gap), err=True)
    if found.older and for_a_person():
        click.echo(f"The latest {len(found.calls)}; there are more: see -n, --until and --csv.", err=True)
    return found.calls[::-1]


def _write_all(client: Client, wanted: Search, count: int | None) -> None:
    if count is not None:
        raise click.UsageError("--csv writes all calls that are found; leave -n out.")
    with client.taking("/v1/history.csv", search_query(wanted)) as pieces:
        for piece in pieces:
            click.echo(piece, nl=False)


def _none_of_mine(on: str | None) -> str:
    return "The history has no call of yours" + (" on that day." if on else ".")


def _row(call: JsonObject, now: datetime, *, with_owner: bool) -> tuple[str, ...]:
    whose = (str(call.get("colleague") or ME),) if with_owner else ()
    started, talked = moment(call.get("started_at")), talked_s(call)
    number, call_id = str(call.get("number") or ""), str(call.get("id") or "")
    direction = str(call.get("direction") or "")
    if not for_a_person():
        start = started.isoformat() if started else ""
        seconds = "" if talked is None else f"{talked:.0f}"
        return start, direction, who(call), number, outcome(call), seconds, call_id, *whose
    when = clock_time(started.astimezone(now.tzinfo), now) if started else ""
    way = "to" if direction == "outbound" else "from"
    lasted = "" if talked is None else length(talked)
    return when, way, who(call), number, outcome(call), lasted, call_id, *whose


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
