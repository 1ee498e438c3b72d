"""`bubbled setup --browser`: the same questions on a page, for as long as it is looked at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

import click

from bubbled.cli.open import show
from bubbled.cli.option import local_now
from bubbled.daemon import journal
from bubbled.error import ControlError
from bubbled.settings.schema import Log, LogLevel
from bubbled.setup.desk import SetupDesk
from bubbled.thread import FreeThreads
from bubbled.web.server import serving
from bubbled.web.settings.setup import PATH, alone

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.control.client import Client
    from bubbled.setup.answer import Given

_PARTING_S: Final = 2.0
"""The last page is still to be drawn."""


def set_up(client: Client, path: Path, given: Given) -> None:
    """Serve the page until it is left, and open it in the browser; says at the end how things are.

    Raises:
        KeyboardInterrupt: Ctrl-C.
    """
    journal.configure(Log(level=LogLevel.ERROR))
    desk = SetupDesk(path, client, given, opener=show)
    try:
        asyncio.run(_serve(desk))
    finally:
        click.echo(f"The settings are in {desk.path}." if desk.is_written else "Nothing was changed.")


async def _serve(desk: SetupDesk) -> None:
    # Else Ctrl-C would wait for a name server that hangs.
    asyncio.get_running_loop().set_default_executor(FreeThreads())
    nobody = cast("Any", None)  # no page of a set-up asks a daemon
    async with serving(nobody, lambda site: alone(site, desk), now=local_now) as door:
        url = door.invite(PATH)
        click.echo(f"Set bubbled up in your browser: {url}")
        click.echo("The address is good for one minute; Ctrl-C ends the set-up.")
        try:
            await asyncio.to_thread(show, url)
        except ControlError:
            click.echo("Nothing here opened it: copy it into your browser.", err=True)
        await desk.left.wait()
        await asyncio.sleep(_PARTING_S)
