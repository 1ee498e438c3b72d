"""`bubbled doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bubbled.cli.checkup import address_towards, check_settings, run_checks
from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.control.check import Check, Verdict, check_from_json, check_json
from bubbled.control.client import PATIENT_S, Client, NotRunningError, understood
from bubbled.error import ControlError
from bubbled.pbx.ami.stanza import stanza
from bubbled.pbx.ami.tracker import WANTED
from bubbled.pbx.sip.stanza import stanza as sip_stanza
from bubbled.settings.loading import default_path
from bubbled.settings.schema import PbxKind

if TYPE_CHECKING:
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
    account = _account(settings)
    if as_json:
        click.echo(json_line({"checks": [check_json(check) for check in checks], "stanza": account}))
    else:
        _tell(checks, account, _place_of(settings))
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


def _account(settings: Settings | None) -> str:
    if settings is None:
        return stanza("bubbled", WANTED, permit=None, asterisk=None)
    pbx = settings.pbx
    if pbx.kind is PbxKind.SIP:
        return sip_stanza(pbx.username, pbx.follow or settings.me.extension)
    permit, shares = address_towards(pbx.host, pbx.port), settings.team.share_notes
    return stanza(pbx.username, WANTED, permit=permit, asterisk=None, shares_notes=shares)


def _place_of(settings: Settings | None) -> str:
    is_sip = settings is not None and settings.pbx.kind is PbxKind.SIP
    return "/etc/asterisk" if is_sip else "/etc/asterisk/manager.conf"


def _tell(checks: list[Check], account: str, place: str) -> None:
    write_table(_HEADINGS, [(check.name, check.verdict, check.text) for check in checks])
    advices = dict.fromkeys(f"{check.name}: {check.advice}" for check in checks if check.advice)
    if advices and not for_a_person():
        click.echo()
    for advice in advices:
        click.echo(harmless(advice))
    click.echo(f"\nFor the administrator of the PBX, to add to {place}:\n")
    click.echo(account)
