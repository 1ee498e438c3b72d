"""`bubbled setup`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import json_line
from bubbled.error import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.cli.setup.run import Options
    from bubbled.control.client import Client

_OPTIONS: Final = {
    "host": "pbx.host",
    "username": "pbx.username",
    "extension": "me.extension",
    "device": "me.devices",
    "region": "me.region",
    "directory": "directory.path",
    "trust": "try.certificate",
    "number": "try.number",
}


@click.command(
    epilog="""\b
Examples:
  bubbled setup
  bubbled setup --host pbx.example.com --extension 101
  bubbled setup --browser
  bubbled setup --dry-run
  bubbled setup --yes --answers office.toml --extension 101 --secret-file -"""
)
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@click.option("--host", help="The PBX; its port after a colon, if not the usual one.")
@click.option("--username", help="The account on the PBX.")
@click.option(
    "--secret-file", help="A file whose first line is the secret of the account; -: standard input."
)
@click.option("--extension", help="My extension.")
@click.option("--device", help="My phone, as the PBX calls it: PJSIP/101.")
@click.option("--region", help="My country: NL.")
@click.option("--directory", help="A file with contacts.")
@click.option("--number", help="A number to look up in it.")
@click.option("--no-tls", is_flag=True, help="Go without encryption where the PBX offers none.")
@click.option("--trust", metavar="FINGERPRINT", help="Trust the PBX's certificate if it has this SHA-256.")
@click.option("--answers", type=click.Path(path_type=Path), help="A file with answers, written as settings.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the answers given, and defaults for the rest.")
@click.option("--keep", is_flag=True, help="With --yes: write also what did not work when it was tried.")
@click.option("--no-service", is_flag=True, help="Do not install and start the service.")
@click.option("--no-links", is_flag=True, help="Leave telephone links to whom they open with now.")
@click.option("--no-test", is_flag=True, help="Show no example popup, and ring no phone.")
@click.option("--browser", is_flag=True, help="Ask on a page in the browser instead.")
@click.option("--dry-run", is_flag=True, help="Ask and try, then show what would be written.")
@as_json
@click.pass_obj
def setup(client: Client, /, config: Path | None, as_json: bool, **options: Any) -> None:  # noqa: FBT001 - click passes flags so
    """Set bubbled up: asks a few questions, tries each answer at once, and writes the settings.

    It logs in at the PBX, finds your phone, reads your contacts, then writes the settings file, starts the
    service and lets bubbled open telephone links. Run it again to change an answer: what is set already is
    kept, with your comments, and a file that it does not understand is left alone.
    """
    if options["browser"]:
        _in_browser(client, config, options, as_json=as_json)
        return
    if not options["yes"] and not sys.stdin.isatty():
        raise ConfigError(
            "Setup asks questions, but there is no terminal; give --yes, and the answers as options"
        )
    from bubbled.cli.setup.run import Run  # noqa: PLC0415 - 300 ms, not for those who only ask for help

    run = Run(client, _options(config, options, as_json=as_json))
    try:
        run.whole()
    except KeyboardInterrupt:
        run.look.end(run.parting)
        raise
    if as_json:
        click.echo(json_line(run.result()))
    if run.has_failed:
        click.get_current_context().exit(1)


def _in_browser(client: Client, config: Path | None, options: Mapping[str, Any], *, as_json: bool) -> None:
    others = ("yes", "keep", "no_service", "no_links", "no_test", "dry_run")
    if as_json or any(options[name] for name in others):
        raise click.UsageError("The page asks and shows all by itself; --browser goes with answers alone.")
    from bubbled.cli.setup.browser import set_up  # noqa: PLC0415 - as above

    told = _options(config, options, as_json=as_json)
    set_up(client, told.path, told.given)


def _options(config: Path | None, options: Mapping[str, Any], *, as_json: bool) -> Options:
    from bubbled.cli.setup.finish import Wishes  # noqa: PLC0415 - as above
    from bubbled.cli.setup.run import Options  # noqa: PLC0415 - as above
    from bubbled.settings.loading import default_path  # noqa: PLC0415 - as above
    from bubbled.setup.answer import given  # noqa: PLC0415 - as above

    before = given(_document(options["answers"]))
    before.answers |= _answers(options)
    _consent(before.answers)
    if options["yes"]:
        before.answers.setdefault("directory.kind", "none")
    return Options(
        path=(config or default_path()).expanduser().absolute(),
        given=before,
        wishes=Wishes(
            service=not options["no_service"], links=not options["no_links"], tests=not options["no_test"]
        ),
        unattended=options["yes"],
        keeps_what_fails=options["keep"],
        dry=options["dry_run"],
        as_json=as_json,
    )


def _document(answers: Path | None) -> dict[str, Any]:
    if answers is None:
        return {}
    try:
        return tomllib.loads(answers.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"The answers in {answers} cannot be read ({error}); mend that file") from None


def _answers(options: Mapping[str, Any]) -> dict[str, str]:
    given = {key: options[name] for name, key in _OPTIONS.items() if options[name] is not None}
    if options["directory"] is not None:
        given["directory.kind"] = "file"
    if options["secret_file"] is not None:
        given["pbx.secret"] = _secret(options["secret_file"])
    if options["no_tls"]:
        given["pbx.tls"] = "no"
    return given


def _consent(answers: dict[str, str]) -> None:
    """Whoever says beforehand that there is no TLS has chosen to go without."""
    if answers.get("pbx.tls") == "no":
        answers.setdefault("try.privacy", "plain")
        answers.setdefault("try.certificate", "plain")


def _secret(file: str) -> str:
    try:
        text = sys.stdin.readline() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The secret cannot be read from {file}; name a file of yours with it") from None
    line = text.partition("\n")[0].removesuffix("\r")
    if not line:
        raise ConfigError(f"The first line of {'standard input' if file == '-' else file} holds no secret")
    return line
