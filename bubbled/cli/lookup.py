"""`bubbled lookup`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import json_line, write_table
from bubbled.cli.person import contact_name
from bubbled.control.client import PATIENT_S, Client, understood
from bubbled.error import ControlError

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject

_HEADINGS = ("Directory", "Answer", "ms", "Contact")


@click.command()
@click.argument("number")
@as_json
@click.pass_obj
def lookup(client: Client, number: str, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Ask every directory about NUMBER and tell each answer and its time.

    In a call, the first directory with a match wins; the order is that of the settings.

    \b
    Examples:
      bubbled lookup 0612345678
      bubbled lookup "+31 20 100 0101" --json
    """  # noqa: D301  # \b keeps click from filling the examples
    answer = client.get("/v1/lookup", {"number": number}, timeout_s=PATIENT_S)
    if as_json:
        click.echo(json_line(answer))
        return
    if understood(lambda it: it["e164"], answer) is None:
        raise ControlError(f"{number} is no possible phone number, so no one was asked; check the digits.")
    write_table(_HEADINGS, understood(_rows, answer))


def _rows(answer: JsonObject) -> list[tuple[str, ...]]:
    return [
        (asked["directory"], asked["outcome"], f"{asked['ms']:.1f}", found)
        for asked in answer["asked"]
        for found in _found(asked)
    ]


def _found(asked: JsonObject) -> list[str]:
    """Name each contact that a directory found; where it could not answer, say why."""
    return [contact_name(match) for match in asked["matches"]] or [asked.get("error") or ""]
