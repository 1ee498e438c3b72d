"""`bubbled device`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, json_line, write_table
from bubbled.control.client import PATIENT_S, Client, understood

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject

_HEADINGS: Final = ("", "Phone", "Device", "State")


@click.command(
    epilog="""\b
Examples:
  bubbled device
  bubbled device "Desk phone"
  bubbled device PJSIP/101
  bubbled device --json | jq -r '.devices[] | select(.default) | .device'"""
)
@click.argument("name", required=False)
@as_json
@click.pass_obj
def device(client: Client, name: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """List the phones from which I can call, or let NAME ring from now on.

    The one with the arrow rings when a number is called. NAME is a device, or what the settings call it in
    [dial.names]. The choice outlives bubbled; the settings file is left alone.

    Without a terminal, each line holds, tab-separated: "default" or nothing, name, device, state.
    """
    if name is None:
        answer = client.get("/v1/devices", timeout_s=PATIENT_S)
    else:
        answer = client.post("/v1/devices/default", {"device": name}, timeout_s=PATIENT_S)
    if as_json:
        click.echo(json_line(answer))
        return
    write_table(_HEADINGS, understood(lambda it: [_row(each) for each in it["devices"]], answer))


def _row(phone: JsonObject) -> tuple[str, ...]:
    mark = "→" if for_a_person() else "default"
    return mark if phone["default"] else "", str(phone["name"]), str(phone["device"]), str(phone["state"])
