"""`bubbled press`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import harmless, json_line, write_table
from bubbled.control.client import Client, quoted, understood
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.control.status import JsonObject

_HEADINGS: Final = ("", "Button", "Asks")


@click.command(
    epilog="""\b
Examples:
  bubbled press
  bubbled press 1
  bubbled press "call back"
  bubbled press note --text "Wants to be called back on Monday"
  bubbled press 1 --call 1700000000.42"""
)
@click.argument("button", required=False)
@click.option("--call", metavar="ID", help="The call whose popup is meant, as `bubbled calls` lists it.")
@click.option("--text", help="What to type where the button asks for a text.")
@as_json
@click.pass_obj
def press(client: Client, button: str | None, call: str | None, text: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """List the buttons of the latest popup that is up, or press BUTTON.

    BUTTON is a number of the list, or how its label begins. For desktops that show no buttons, for keys of
    one's own and for scripts.

    Without a terminal, each line holds, tab-separated: number, label, what the button asks for.
    """
    of = f"/v1/calls/{quoted(call) if call else 'latest'}"
    answer = client.get(f"{of}/buttons")
    if button is None:
        _list(answer, as_json=as_json)
        return
    wanted = understood(lambda it: _wanted(it["buttons"], button), answer)
    # The popup that was looked at, not one that has come since.
    of = understood(lambda it: f"/v1/calls/{quoted(it['popup'])}", answer)
    pressed = client.post(f"{of}/press", {"button": wanted["id"], "text": _typed(wanted, text)})
    said = f"Pressed: {wanted['label']}" if not as_json else json_line(pressed)
    click.echo(said if as_json else harmless(said))


def _list(answer: JsonObject, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line(answer))
        return
    rows = understood(lambda it: [_row(each) for each in it["buttons"]], answer)
    write_table(_HEADINGS, rows)


def _row(button: JsonObject) -> tuple[str, ...]:
    return str(button["number"]), str(button["label"]), str(button["asks"])


def _wanted(buttons: Sequence[JsonObject], named: str) -> JsonObject:
    """The button by its number, its label, or a beginning that only one label has."""
    name = " ".join(named.split()).casefold()
    exact = [each for each in buttons if name in {str(each["number"]), each["label"].casefold(), each["id"]}]
    alike = exact or [each for each in buttons if each["label"].casefold().startswith(name)]
    if len(alike) != 1 or not name:
        many = "several buttons" if alike else "no button"
        raise ControlError(f"There is {many} of that name on the popup; `bubbled press` lists them.")
    return alike[0]


def _typed(button: JsonObject, text: str | None) -> str:
    if text is not None or not button["asks"]:
        return text or ""
    if not sys.stdin.isatty():
        raise ControlError("That button asks for a text; give it with --text.")
    return str(click.prompt(harmless(button["asks"])))
