"""`bubbled directory`: try one directory of the settings, and list the presets for CRM packages."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.lazy import OrderedGroup
from bubbled.cli.option import as_json
from bubbled.cli.output import Colour, coloured, for_a_person, harmless, json_line, write_table
from bubbled.cli.person import contact_name
from bubbled.error import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bubbled.control.status import JsonObject
    from bubbled.daemon.trial import Trial
    from bubbled.directory.order.answer import Question
    from bubbled.directory.port import State
    from bubbled.model import Contact
    from bubbled.settings.directory import DirectorySettings
    from bubbled.settings.schema import Settings

_ANSWERED: Final = ("hit", "miss")
_PRESETS: Final = ("Preset", "What it asks")
_FIELDS: Final = ("Field", "Value")
_SWITCHED_OFF: Final = (
    "This directory is switched off: no call asks it until its settings say enabled = true."
)


@click.group(cls=OrderedGroup)
def directory() -> None:
    """Try one directory, or see which CRM packages bubbled knows."""


@directory.command(
    short_help="Ask one directory about a number.",
    epilog="""\b
Examples:
  bubbled directory test Customers 0612345678
  bubbled directory test HubSpot "+31 20 100 0101" --json
  bubbled directory test Colleagues 102
  bubbled directory test HubSpot 0612345678 --record exchange.jsonl""",
)
@click.argument("name")
@click.argument("number")
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write down what is said, with made-up numbers and names, to show to others (rest only).",
)
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@as_json
@click.pass_context
def test(  # noqa: PLR0913, PLR0917 - click passes each option by its name
    context: click.Context,
    name: str,
    number: str,
    record: Path | None,
    config: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes flags so
) -> None:
    """Ask the directory NAME of the settings about NUMBER, and tell all that comes of it.

    Which host is told what, how long it takes, and every field of the contacts that really have the number.
    bubbled need not run for it. Exit status 1 when the directory could not answer.
    """
    settings = _settings(config)
    chosen, question = _named(name, settings), _question(number, settings.me.region)
    if record is None:
        asking = _ask(chosen, settings.me.region, question, shown=for_a_person() and not as_json)
    else:
        asking = _record(chosen, settings.me.region, question, record)
    if not chosen.enabled:
        click.echo(_SWITCHED_OFF, err=True)
    _conclude(context, asyncio.run(asking), as_json=as_json)


def _conclude(context: click.Context, trial: Trial, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line(_trial_json(trial)))
    else:
        _tell(trial)
    if trial.asked.outcome.value not in _ANSWERED:
        context.exit(1)


def _settings(config: Path | None) -> Settings:
    from bubbled.settings.loading import default_path, load  # noqa: PLC0415 - not for those who only ask for help

    _be_quiet()
    return load(config or default_path()).settings


def _be_quiet() -> None:
    """Keep the log out of the answer: what went wrong is told once, by us."""
    from bubbled.daemon import journal  # noqa: PLC0415 - as above
    from bubbled.settings.schema import Log, LogLevel  # noqa: PLC0415 - as above

    journal.configure(Log(level=LogLevel.ERROR))


def _named(name: str, settings: Settings) -> DirectorySettings:
    from bubbled.settings.suggestion import nearest  # noqa: PLC0415 - as above

    by_name = {each.name: each for each in settings.directories}
    if name in by_name:
        return by_name[name]
    meant = nearest(name, by_name)
    hint = f'did you mean "{meant}"?' if meant else f"there are: {', '.join(by_name) or 'none'}."
    raise ConfigError(f'The settings have no directory "{name}"; {hint}')


def _question(number: str, region: str) -> Question:
    from bubbled.directory.order.answer import Question  # noqa: PLC0415 - as above
    from bubbled.model import Extension  # noqa: PLC0415 - as above
    from bubbled.number import to_e164  # noqa: PLC0415 - as above

    e164 = to_e164(number, region)
    if e164 is not None:
        return Question(e164)
    if not number.isascii() or not number.isdecimal():
        raise click.UsageError(f"{number} is no possible phone number, and no extension.")
    return Question(Extension(number), is_internal=True)


async def _ask(chosen: DirectorySettings, region: str, question: Question, *, shown: bool) -> Trial:
    from bubbled.daemon.trial import ask  # noqa: PLC0415 - as above

    with _bar(chosen.name) if shown else _no_bar() as tell:
        return await ask(chosen, region, question, tell)


async def _record(chosen: DirectorySettings, region: str, question: Question, file: Path) -> Trial:
    from bubbled.daemon.trial import record  # noqa: PLC0415 - as above
    from bubbled.settings.directory import RestSettings  # noqa: PLC0415 - as above

    if not isinstance(chosen, RestSettings) or question.is_internal:
        raise click.UsageError(
            'Only questions about phone numbers to directories of kind "rest" are recorded.'
        )
    return await record(chosen, region, question, file)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[State], None]]:
    from rich import progress  # noqa: PLC0415 - 60 ms that only a terminal is worth

    columns = (
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, transient=True) as bar:
        task = bar.add_task(f"Asking {harmless(name)}", total=None)
        yield lambda state: bar.update(task, completed=state.done, total=state.total)


@contextmanager
def _no_bar() -> Iterator[Callable[[State], None]]:
    yield lambda _state: None


def _tell(trial: Trial) -> None:
    for told in trial.disclosures:
        sent = f"Asks: {told.host}, about {', '.join(told.sent)}"
        click.echo(harmless(sent if told.sent else f"Copies from: {told.host}, which is told no number"))
    asked = trial.asked
    is_answered = asked.outcome.value in _ANSWERED
    if is_answered and not trial.disclosures:
        click.echo("Asks nobody: what this directory knows is on this computer.")
    outcome = coloured(asked.outcome.value, Colour.GOOD if is_answered else Colour.BAD)
    click.echo(f"Answer: {outcome}, after {asked.ms:.1f} ms")
    if asked.remark:
        click.echo(harmless(f"None has the number: {asked.remark}."))
    if trial.asked.error or not is_answered:
        click.echo(harmless(asked.error or trial.state.reason or str(trial.state)))
    for number, contact in enumerate(asked.matches, 1):
        _tell_contact(number, len(asked.matches), contact)


def _tell_contact(number: int, count: int, contact: Contact) -> None:
    from bubbled.wire import contact_json  # noqa: PLC0415 - as above

    named = contact_name(contact_json(contact))
    click.echo()
    click.echo(harmless(f"{number}/{count}  {named}" if count > 1 else named))
    page = (("page", contact.url),) if contact.url else ()
    if rows := (*contact.fields, *page):
        write_table(_FIELDS, rows)


def _trial_json(trial: Trial) -> JsonObject:
    from bubbled.wire import contact_json  # noqa: PLC0415 - as above

    asked = trial.asked
    return {
        "directory": asked.directory,
        "hosts": [{"host": told.host, "sent": list(told.sent)} for told in trial.disclosures],
        "outcome": asked.outcome.value,
        "ms": round(asked.ms, 3),
        "error": asked.error,
        "remark": asked.remark,
        "state": str(trial.state),
        "matches": [contact_json(contact) for contact in asked.matches],
    }


@directory.command(
    short_help="List the CRM packages, or print a preset.",
    epilog="""\b
Examples:
  bubbled directory presets
  bubbled directory presets hubspot
  bubbled directory presets generic > ~/.config/bubbled/my-crm.toml""",
)
@click.argument("name", required=False)
@as_json
def presets(name: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List the CRM packages that bubbled has presets for, or print the preset NAME.

    A preset says which variables, secrets and rights it needs. It may be copied to a file, changed, and named
    by its path in the settings.
    """
    from bubbled.directory.kinds.rest import loading  # noqa: PLC0415 - not for those who only ask for help

    if name is not None:
        path = loading.find(name)
        text = path.read_text(encoding="utf-8")
        click.echo(json_line({"preset": name, "text": text}) if as_json else text, nl=as_json)
        return
    found = [(each, loading.load(each).about) for each in loading.names()]
    if as_json:
        listed = [{"preset": each} | about.model_dump(mode="json") for each, about in found]
        click.echo(json_line({"presets": listed}))
        return
    write_table(_PRESETS, [(each, f"{about.title}: {about.description}") for each, about in found])


@directory.command(
    short_help="Try a preset with a recording.",
    epilog="""\b
Examples:
  bubbled directory replay hubspot exchange.jsonl
  bubbled directory replay ~/.config/bubbled/my-crm.toml exchange.jsonl --json""",
)
@click.argument("preset")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@click.pass_context
def replay(context: click.Context, preset: str, file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Let the recording FILE answer PRESET, as the CRM package did when it was recorded.

    No settings are needed, and nobody is asked. Exit status 1 when the preset cannot read the answers.
    """
    from bubbled.daemon import trial  # noqa: PLC0415 - not for those who only ask for help

    _be_quiet()
    _conclude(context, asyncio.run(trial.replay(preset, file)), as_json=as_json)
