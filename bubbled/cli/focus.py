"""`bubbled focus`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import json_line
from bubbled.control.client import understood
from bubbled.error import ControlError

if TYPE_CHECKING:
    from bubbled.control.client import Client


_NONE: Final = "There is no popup that takes the keyboard: none is up, or it is no window on X11."


@click.command()
@as_json
@click.pass_obj
def focus(client: Client, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Give the keyboard to the newest popup, where popups are windows on X11.

    The arrows and Tab go from button to button, Enter presses, Esc closes; then the keyboard is back where it
    was. A popup never takes it by itself. The setting popup.focus_key has a key do the same.
    """
    answer = client.post("/v1/focus", {})
    if as_json:
        click.echo(json_line(answer))
    elif not understood(lambda it: bool(it["focused"]), answer):
        raise ControlError(_NONE)
