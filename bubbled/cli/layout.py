"""`bubbled layout`: what popups can show, how that looks, and layouts that go from user to user."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.lazy import OrderedGroup
from bubbled.cli.option import as_json, local_now
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.control.client import PATIENT_S, Client, NotRunningError, understood
from bubbled.error import ConfigError
from bubbled.popup import country
from bubbled.popup.example import SCENES, everything
from bubbled.popup.language import catalogue
from bubbled.popup.layout import Layout
from bubbled.popup.legend import Legend, legend_from_json, legend_json
from bubbled.popup.legend import legend as legend_of
from bubbled.popup.variable import Values
from bubbled.popup.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.popup.legend import Entry
    from bubbled.settings.schema import Settings

_VARIABLES: Final = ("Variable", "What it is", "Example")
_FILTERS: Final = ("Filter", "What it does", "Example")
_SCREENS: Final = ("native", "window", "terminal", "auto")
_EXAMPLE_S: Final = 60
_KEPT_AS: Final = ".before-import"

_config = click.option(
    "--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one."
)


@click.group(cls=OrderedGroup)
def layout() -> None:
    """See what popups can show, try it, and share it with others."""


@layout.command(
    short_help="List all that a popup can show.",
    epilog="""\b
Examples:
  bubbled layout legend
  bubbled layout legend | grep last_contact
  bubbled layout legend --json | jq -r '.variables[].word'""",
)
@as_json
@click.pass_obj
def legend(client: Client, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List the variables and filters of templates, each with what it gives.

    The examples are of your latest call where bubbled runs, columns of your address book included; else of a
    call that is made up. docs/layout.md explains how templates are written.
    """
    found = _legend(client)
    if as_json:
        click.echo(json_line(legend_json(found)))
        return
    if for_a_person():
        click.echo(_whose(found))
    write_table(_VARIABLES, _rows([*found.variables, *found.columns]))
    write_table(_FILTERS, _rows(found.filters))


def _legend(client: Client) -> Legend:
    try:
        return understood(legend_from_json, client.get("/v1/layout/legend"))
    except NotRunningError:
        now, spoken = local_now(), catalogue(os.environ)
        named = partial(country.name, language=spoken.info().get("language", "en"))
        usual = Layout(region="NL", wording=Wording(spoken), country=named)
        return legend_of(Values(*everything(usual, now), now))


def _whose(found: Legend) -> str:
    return f"Of the call {harmless(found.call)}:" if found.call else "Of a call that is made up:"


def _rows(entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.word, entry.meaning, entry.example) for entry in entries]


@layout.command(
    short_help="Show a popup of an invented call.",
    epilog="""\b
Examples:
  bubbled layout example
  bubbled layout example missed
  bubbled layout example talking --screen window""",
)
@click.argument("scene", type=click.Choice(list(SCENES)), default="ringing", metavar="[SCENE]")
@click.option(
    "--screen", type=click.Choice(_SCREENS), help="Show it there, from this command, also without a daemon."
)
@_config
@click.pass_obj
def example(client: Client, scene: str, screen: str | None, config: Path | None) -> None:
    """Show how the popup of a call looks with your layout and buttons.

    SCENE is ringing (which is the usual one), talking, missed, outbound, several (who have the number) or
    unknown. Its buttons tell what they would do, and do nothing. It goes after a minute, or when you close
    it.
    """
    if screen is None:
        answer = client.post("/v1/layout/example", {"scene": scene})
        where = understood(lambda it: str(it["screen"]), answer)
        click.echo(harmless(f"It is on the screen ({where}) for a minute, or until you close it."))
        return
    from bubbled.daemon import journal  # noqa: PLC0415 - the daemon's rooms, only for this
    from bubbled.daemon.example import show_example  # noqa: PLC0415 - the same
    from bubbled.settings.schema import Log, LogLevel  # noqa: PLC0415 - the same

    journal.configure(Log(level=LogLevel.ERROR))  # what goes wrong is told by the command
    asyncio.run(show_example(_settings(config), screen, scene, _EXAMPLE_S, _say))


def _say(text: str) -> None:
    click.echo(harmless(text))


def _settings(config: Path | None) -> Settings:
    from bubbled.settings.loading import default_path, load  # noqa: PLC0415 - the same

    return load(config or default_path()).settings


@layout.command(
    short_help="Write my layout into a file for others.",
    epilog="""\b
Examples:
  bubbled layout export layout.toml
  bubbled layout export - | ssh bob@desk2 'cat > layout.toml'""",
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False))
@_config
def export(file: Path, config: Path | None) -> None:
    """Write the sections [popup] and [[button]] of the settings into FILE, or to standard output with "-".

    Nothing else of the settings is in it, no password and no address book. What you wrote into the addresses
    and programs of your buttons is: look through it first. FILE must not exist yet.
    """
    from bubbled.settings.layout_file import exported  # noqa: PLC0415 - the same
    from bubbled.settings.loading import default_path, load, read_document  # noqa: PLC0415 - the same

    path = config or default_path()
    load(path)
    text = exported(read_document(path)[0])
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        raise ConfigError(f"{file} exists already and stays as it is; name another file") from None
    click.echo(f"Your layout is in {harmless(file)}.")


@layout.command(
    "import",
    short_help="Take over a layout from a file.",
    epilog="""\b
Examples:
  bubbled layout import layout.toml --dry-run
  bubbled layout import layout.toml""",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Tell what it would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Take it over without a question, with the programs that it runs.")
@_config
@click.pass_obj
def take_over(client: Client, file: Path, *, dry_run: bool, yes: bool, config: Path | None) -> None:
    """Put the layout in FILE into your settings, in the place of your own, and apply it.

    It is checked as your settings are, and all that it changes is told. Programs that its buttons would start
    are listed with all their arguments, and taken over only when you say so. The rest of your settings stays
    as it is, comments too; the old file is kept beside the new one as config.toml.before-import.
    """
    from bubbled.settings.layout_file import SECTIONS, changes, check, programs  # noqa: PLC0415 - the same
    from bubbled.settings.loading import default_path, load, read_document  # noqa: PLC0415 - the same
    from bubbled.settings.rewriting import rewrite  # noqa: PLC0415 - the same
    from bubbled.settings.splice import spliced  # noqa: PLC0415 - the same

    wished, written = read_document(file)
    check(file, wished, written)
    path = config or default_path()
    load(path)
    document, text = read_document(path)
    differences = list(changes(document, wished))
    for line in differences:
        click.echo(harmless(line))
    if not differences:
        click.echo("Your layout is the same already.")
    if not differences or dry_run:
        return
    _must_be_wanted(programs(wished), is_wanted=yes)
    backup = rewrite(path, spliced(text, SECTIONS, wished), kept_as=_KEPT_AS)
    click.echo(harmless(f"It is in your settings now; what they were before is in {backup}."))
    _apply(client, path)


def _must_be_wanted(found: Sequence[str], *, is_wanted: bool) -> None:
    """Have the user agree to the programs that buttons would start."""
    if not found:
        return
    click.echo("Buttons of this layout start programs on your computer:", err=True)
    for program in found:
        click.echo(harmless(f"  {program}"), err=True)
    if is_wanted:
        return
    if not sys.stdin.isatty():
        raise ConfigError(
            "Nothing is changed: a layout that starts programs is taken over only with --yes, "
            "when you know what they do."
        )
    if not click.confirm("Take it over with these programs?", err=True):
        raise ConfigError("Nothing is changed.")


def _apply(client: Client, path: Path) -> None:
    """Have a daemon that runs with these settings use them at once."""
    try:
        used = understood(lambda it: Path(it["settings_path"]), client.get("/v1/status"))
        if used.resolve() != path.resolve():
            click.echo(harmless(f"The daemon that runs is not told: its settings are in {used}."))
            return
        answer = client.post("/v1/reload", timeout_s=PATIENT_S)
    except NotRunningError:
        click.echo("It counts from the next start of bubbled on.")
        return
    for warning in understood(lambda it: list(it["warnings"]), answer):
        click.echo(harmless(f"Warning: {warning}"), err=True)
    click.echo("It is applied.")
