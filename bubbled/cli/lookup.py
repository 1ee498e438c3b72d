"""`bubbled lookup`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, json_line, write_table
from bubbled.cli.person import contact_name
from bubbled.control.client import PATIENT_S, Client, understood
from bubbled.error import ControlError

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject

_HEADINGS = ("Directory", "Answer", "ms", "Contact")
_HOSTS = ("Directory", "Asks", "Sends")


@click.command()
@click.argument("number")
@click.option("--explain", is_flag=True, help="Ask nobody; tell which host would be told what.")
@as_json
@click.pass_obj
def lookup(client: Client, number: str, explain: bool, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Ask every directory about NUMBER and tell each answer and its time.

    In a call, the first directory with a match wins; the order is that of the settings. An extension is asked
    of the internal directories.

    \b
    Examples:
      bubbled lookup 0612345678
      bubbled lookup "+31 20 100 0101" --json
      bubbled lookup 0612345678 --explain
    """  # noqa: D301  # \b keeps click from filling the examples
    page = "/v1/lookup/explain" if explain else "/v1/lookup"
    answer = client.get(page, {"number": number}, timeout_s=PATIENT_S)
    if as_json:
        click.echo(json_line(answer))
        return
    rows = understood(_hosts if explain else _answers, answer)
    if not rows and understood(lambda it: it["e164"], answer) is None:
        raise ControlError(f"{number} is no possible phone number, so no one was asked; check the digits.")
    if not rows and for_a_person():
        click.echo("There is no directory to ask; add a [[directory]] to the settings.")
        return
    write_table(_HOSTS if explain else _HEADINGS, rows)


def _answers(answer: JsonObject) -> list[tuple[str, ...]]:
    return [
        (asked["directory"], reply(asked), f"{asked['ms']:.1f}", found)
        for asked in answer["asked"]
        for found in _found(asked)
    ]


def _found(asked: JsonObject) -> list[str]:
    """Name each contact that a directory found; where it could not answer, say why."""
    return [contact_name(match) for match in asked["matches"]] or [remark(asked)]


def remark(asked: JsonObject) -> str:
    """Say why a directory could not answer, or what is to say although it did; empty: nothing."""
    return str(asked.get("error") or asked.get("remark") or "")


def reply(asked: JsonObject) -> str:
    """Say what became of the question to a directory."""
    return f"{asked['outcome']}, cached" if asked.get("cached") else str(asked["outcome"])


def _hosts(answer: JsonObject) -> list[tuple[str, ...]]:
    nobody = "nobody: it is on this computer" if for_a_person() else ""
    return [
        (told["directory"], host, sent)
        for told in answer["tells"]
        for host, sent in _tells(told["hosts"]) or [(nobody, "")]
    ]


def _tells(hosts: list[JsonObject]) -> list[tuple[str, str]]:
    nothing = "nothing: it only copies contacts from there" if for_a_person() else ""
    return [(each["host"], ", ".join(each["sent"]) or nothing) for each in hosts]
