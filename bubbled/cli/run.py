"""`bubbled run`: the daemon itself."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bubbled.web.settings.setup_port import SetupPort


@click.command(
    epilog="""\b
Examples:
  bubbled run
  bubbled run --config ./trial.toml
  systemctl --user start bubbled     (the same, in the background)"""
)
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@click.pass_context
def run(context: click.Context, config: Path | None) -> None:
    """Follow my calls and show popups, until stopped.

    SIGHUP and `bubbled reload` apply a changed settings file; Ctrl-C or SIGTERM stops.
    """
    _import_structlog_alone()
    from bubbled.daemon import journal  # noqa: PLC0415 - only the daemon pays for the daemon
    from bubbled.daemon.daemon import Daemon  # noqa: PLC0415 - the same
    from bubbled.settings.loading import default_path, load  # noqa: PLC0415 - the same

    path = config or default_path()
    loaded = load(path)
    journal.configure(loaded.settings.log)
    for warning in loaded.warnings:
        click.echo(f"bubbled: {warning}", err=True)
    control = context.find_root().params.get("socket")
    setup = partial(_setup, path, control)
    asyncio.run(Daemon(path, loaded.settings, control_path=control, setup=setup).run())


def _setup(path: Path, control: Path | None) -> SetupPort:
    """Who carries a set-up out in the pages; half of what that needs is not in the daemon before."""
    from bubbled.control.client import Client  # noqa: PLC0415 - only who sets bubbled up pays for it
    from bubbled.setup.desk import SetupDesk  # noqa: PLC0415 - the same

    return SetupDesk(path.expanduser().absolute(), Client(control))


def _import_structlog_alone() -> None:
    """Import structlog without rich, which it loads where it can, for tracebacks that we do not use.

    That would be 3 MB and 50 ms of every start.
    """
    if "structlog" in sys.modules or "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment]  # this is how Python is told that a module is missing
    try:
        import structlog  # noqa: F401, PLC0415 - imported for its own sake, here and now
    finally:
        del sys.modules["rich"]
