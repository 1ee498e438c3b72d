"""`bubbled why`: the story of a call, or of a moment at which no popup came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bubbled.cli.lookup import remark, reply
from bubbled.cli.moment import clock_time, moment, past_moment
from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.cli.person import who
from bubbled.control.client import Client, quoted, understood

if TYPE_CHECKING:
    from datetime import datetime

    from bubbled.control.status import JsonObject

_STEPS = ("Time", "What happened")
_TRACE = ("Directory", "Answer", "ms", "")
_CALLS = ("When", "", "Who", "Number", "Popup", "Call")


@click.command()
@click.argument("call", required=False)
@click.option("--at", "at", metavar="TIME", help="Why no popup came then: 14:03, or yesterday 14:03.")
@as_json
@click.pass_obj
def why(client: Client, call: str | None, at: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Tell why CALL had a popup or none: what happened, from the PBX to the screen.

    Without CALL, of the latest call. CALL is what `bubbled calls` lists in its last column. With --at, why
    no popup came at a time: what the PBX said, and what was in the way.

    Without a terminal, the lines hold no tab, but for those at the end: who was asked (directory, answer,
    milliseconds, remark), or with --at, calls (id, start, name, number, popup) and what happened
    (time, kind, text).

    \b
    Examples:
      bubbled why
      bubbled why 1700000000.42 --json
      bubbled why --at 14:03
      bubbled why --at "2026-11-25 14:03"
    """  # noqa: D301  # \b keeps click from filling the examples
    if at is not None:
        if call is not None:
            raise click.UsageError("--at goes without a CALL: it asks about a time.")
        _tell_moment(client, at, as_json=as_json)
        return
    answer = client.get(f"/v1/calls/{quoted(call) if call else 'latest'}/why")
    if as_json:
        click.echo(json_line(answer))
        return
    for line in understood(_summary, answer):
        click.echo(harmless(line))
    _write_story(understood(_steps, answer))
    trace = understood(_trace, answer)
    if trace or not for_a_person():
        write_table(_TRACE, trace)


def _summary(answer: JsonObject) -> list[str]:
    """Say what the tables cannot: whose call it was, whether there was a popup, why nobody was asked."""
    call = answer["call"]
    named = " ".join(part for part in (who(call), call.get("number")) if part)
    popup = _popup(call.get("popup"), answer.get("screen"))
    lines = [f"{named}: {popup}." if popup else named]
    directory = (call.get("contact") or {}).get("directory")
    if directory:
        lines.append(f"The contact is from {directory}.")
    if answer["reason"]:
        lines.append(answer["reason"])
    if answer["provisional"]:
        lines.append("Some are still being asked.")
    return lines


def _popup(verdict: str | None, screen: str | None) -> str:
    """Say where the popup was shown, or why there was none; empty where nobody knows."""
    if verdict == "shown":
        return f"the popup was shown ({screen})" if screen else "the popup was shown"
    return f"no popup: {verdict}" if verdict else ""


def _steps(answer: JsonObject) -> list[tuple[str, str]]:
    """Each step but those that the table of directories tells; a daemon of before tells none."""
    return [
        (f"{_local(step['at']):%H:%M:%S}", step["text"])
        for step in answer.get("story", [])
        if step["kind"] != "asked"
    ]


def _write_story(steps: list[tuple[str, str]]) -> None:
    if for_a_person():
        if steps:
            write_table(_STEPS, steps)
        return
    for time, text in steps:
        click.echo(harmless(f"{time} {text}"))


def _trace(answer: JsonObject) -> list[tuple[str, ...]]:
    return [
        (asked["directory"], reply(asked), f"{asked['ms']:.1f}", remark(asked)) for asked in answer["asked"]
    ]


# A moment.


def _tell_moment(client: Client, at: str, *, as_json: bool) -> None:
    now = local_now()
    answer = client.get("/v1/why", {"at": past_moment(at, now).isoformat(timespec="minutes")})
    if as_json:
        click.echo(json_line(answer))
        return
    for reason in understood(lambda it: [each["text"] for each in it["reasons"]], answer):
        click.echo(harmless(reason))
    calls, events = understood(_calls, answer), understood(_events, answer)
    if not for_a_person():
        write_table(_CALLS, calls)
        write_table(_STEPS, events)
        return
    if calls:
        write_table(_CALLS, calls)
    if events:
        write_table(_STEPS, events)


def _calls(answer: JsonObject) -> list[tuple[str, ...]]:
    return [_call_row(call) for call in answer["calls"]]


def _call_row(call: JsonObject) -> tuple[str, ...]:
    number, call_id, popup = (str(call.get(key) or "") for key in ("number", "id", "popup"))
    started = moment(call.get("started_at"))
    if not for_a_person():
        return call_id, started.isoformat() if started else "", who(call), number, popup
    when = f"{started.astimezone():%H:%M:%S}" if started else ""
    way = "to" if call.get("direction") == "outbound" else "from"
    return when, way, who(call), number, popup, call_id


def _events(answer: JsonObject) -> list[tuple[str, ...]]:
    """What happened; a person is spared the minutes in which nothing did."""
    if not for_a_person():
        return [(step["at"], step["kind"], step["text"]) for step in answer["events"]]
    at = _local(answer["at"])
    return [
        (clock_time(_local(step["at"]), at), step["text"]) for step in answer["events"] if not _is_idle(step)
    ]


def _is_idle(step: JsonObject) -> bool:
    told = (step.get(key) for key in ("rang", "unreached", "others", "callers"))
    return step["kind"] == "heard" and not any(told)


def _local(text: str) -> datetime:
    at = moment(text)
    if at is None:
        raise ValueError("a step has no time")
    return at.astimezone()
