"""`bubbled doctor`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bubbled.cli.checkup import check_settings, run_checks
from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.control.check import Check, Verdict, check_from_json, check_json
from bubbled.control.client import PATIENT_S, Client, NotRunningError, understood
from bubbled.daemon.pbx_account import stanza
from bubbled.error import ControlError
from bubbled.settings.loading import default_path

if TYPE_CHECKING:
    from bubbled.control.check import Stanza
    from bubbled.settings.schema import Settings

_HEADINGS = ("Check", "Verdict", "Found")


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@as_json
@click.pass_context
def doctor(context: click.Context, config: Path | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Check all that popups need: settings, PBX and rights, screen, directories.

    A running daemon is asked; without one, or about other settings than it has, the checks are made here. At
    the end stands what the administrator of the PBX has to add. Exit status 1 when a check failed.

    \b
    Examples:
      bubbled doctor
      bubbled doctor --config ./trial.toml
      bubbled doctor --json | jq '.checks[] | select(.verdict == "failed")'
    """  # noqa: D301  # \b keeps click from filling the examples
    settings, checks = check_settings(config or default_path())
    if config is not None and settings is not None and _is_of_nobody(config, context.obj):
        checks += run_checks(settings)
    else:
        checks += _further_checks(context.obj, settings)
    account = asyncio.run(stanza(settings))
    if as_json:
        click.echo(json_line({"checks": [check_json(check) for check in checks], "stanza": account.text}))
    else:
        _tell(checks, account)
    if any(check.verdict is Verdict.FAILED for check in checks):
        context.exit(1)


def _is_of_nobody(config: Path, client: Client) -> bool:
    """Whether a daemon runs, but with another settings file, so that it can say nothing of this one."""
    try:
        path = understood(lambda status: str(status["settings_path"]), client.get("/v1/status"))
    except ControlError:
        return False
    return Path(path).resolve() != config.resolve()


def _further_checks(client: Client, settings: Settings | None) -> list[Check]:
    try:
        answer = client.get("/v1/doctor", timeout_s=PATIENT_S)
        return understood(lambda it: [check_from_json(check) for check in it["checks"]], answer)
    except NotRunningError:
        advice = "Start it with `systemctl --user start bubbled` or `bubbled run`."
        stopped = Check("Daemon", Verdict.WARNING, "not running", advice)
        return [stopped, *(run_checks(settings) if settings else ())]
    except ControlError as error:
        return [Check("Daemon", Verdict.FAILED, str(error))]


def _tell(checks: list[Check], account: Stanza) -> None:
    write_table(_HEADINGS, [(check.name, check.verdict, check.text) for check in checks])
    advices = dict.fromkeys(f"{check.name}: {check.advice}" for check in checks if check.advice)
    if advices and not for_a_person():
        click.echo()
    for advice in advices:
        click.echo(harmless(advice))
    click.echo(f"\nFor the administrator of the PBX, to add to {account.place}:\n")
    click.echo(account.text)
