"""`bubbled open`."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import json_line
from bubbled.control.client import PATIENT_S, understood
from bubbled.error import ControlError

if TYPE_CHECKING:
    from bubbled.control.client import Client

PAGES: Final = {
    "now": "/",
    "calls": "/history",
    "diagnosis": "/diagnosis",
    "settings": "/settings",
    "layout": "/settings/layout",
    "buttons": "/settings/buttons",
    "directories": "/settings/directories",
    "phones": "/settings/phones",
    "setup": "/settings/setup",
    "about": "/about",
}

_OPENERS: Final = (("xdg-open",), ("gio", "open"))
_SOON_S: Final = 3.0
"""Whoever opens nothing says so before."""


@click.command(
    "open",
    short_help="Open bubbled's pages in the browser.",
    epilog="""\b
Examples:
  bubbled open
  bubbled open settings
  bubbled open --print""",
)
@click.argument("page", type=click.Choice(list(PAGES)), default="now", metavar="[PAGE]")
@click.option("--print", "is_printed", is_flag=True, help="Print the address instead, to open it yourself.")
@as_json
@click.pass_obj
def open_page(client: Client, page: str, *, is_printed: bool, as_json: bool) -> None:
    """Open PAGE in the browser: calls, history, settings and answers to look at and to click.

    PAGE is now (which is the usual one), calls, diagnosis, settings, layout, buttons, directories, phones,
    setup or about.

    The address lets one browser in, once and within a minute, and only of your own on this computer. The
    browser stays in until bubbled ends, or until it was not used for twelve hours.
    """
    answer = client.post("/v1/pages", {"page": PAGES[page]}, timeout_s=PATIENT_S)
    url = understood(lambda it: str(it["url"]), answer)
    if as_json:
        click.echo(json_line(answer))
    elif is_printed:
        click.echo(url)
    else:
        show(url)


def show(url: str) -> None:
    """Let the desktop open an address in the browser.

    Raises:
        ControlError: it does not.
    """
    opener = next((each for each in _OPENERS if shutil.which(each[0])), None)
    if opener is None:
        raise ControlError(
            "No program opens addresses here (xdg-open, of the package xdg-utils, does); "
            "`bubbled open --print` gives the address."
        )
    if _status([*opener, url]):
        raise ControlError(
            "The desktop opened no browser; `bubbled open --print` gives the address to open yourself."
        )


def _status(command: list[str]) -> int:
    """The exit status of a program; 0 where it goes on: without a desktop, it waits for the browser."""
    quiet = subprocess.DEVNULL
    # In a session of its own: a Ctrl-C that is for this command must not end the browser.
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603 - an address of the daemon
    try:
        return process.wait(_SOON_S)
    except subprocess.TimeoutExpired:
        return 0
