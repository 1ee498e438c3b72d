"""`bubbled import`: read an address book now, and say what is in it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, harmless, json_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bubbled.directory.local.about import About
    from bubbled.directory.local.indexing import Order, Progress
    from bubbled.settings.directory import FileSettings
    from bubbled.settings.schema import Settings

_KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".ods": "excel",
    ".vcard": "vcard",
    ".vcf": "vcard",
    ".xls": "excel",
    ".xlsb": "excel",
    ".xlsm": "excel",
    ".xlsx": "excel",
}


@click.command(
    "import",
    epilog="""\b
Examples:
  bubbled import ~/customers.csv
  bubbled import contacts.xlsx --region BE""",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", help="Where its national numbers belong, as two letters; else as the settings say.")
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@as_json
def read(file: Path, region: str | None, config: Path | None, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Read an address book now: how many contacts it has, and which of its rows are none.

    If FILE is a directory of the settings, it is read as these say, and the daemon has it from then on; it
    would have read it by itself too. Any other file is only tried.
    """
    settings = _settings(config)
    known = _known(file, settings)
    with TemporaryDirectory(prefix="bubbled-") as trial:
        order = _order(file, region or (settings.me.region if settings else "NL"), known, Path(trial))
        about = asyncio.run(_read(order, shown=for_a_person() and not as_json))
    if as_json:
        click.echo(
            json_line(
                {
                    "file": str(file),
                    "contacts": about.contacts,
                    "numbers": about.numbers,
                    "rejected": about.rejected,
                    "kept": known is not None,
                }
            )
        )
        return
    told = f"{about.contacts:,} contacts with {about.numbers:,} numbers"
    click.echo(harmless(f"{file}: {told}" + (f"; {about.remark}" if about.remark else "")))


def _settings(config: Path | None) -> Settings | None:
    """The user's settings; a file can be tried without any."""
    from bubbled.error import ConfigError  # noqa: PLC0415 - not for those who only ask for help
    from bubbled.settings.loading import default_path, load  # noqa: PLC0415 - the same

    path = config or default_path()
    try:
        return load(path).settings
    except ConfigError:
        if config is None and not path.exists():
            return None
        raise


def _known(file: Path, settings: Settings | None) -> FileSettings | None:
    from bubbled.settings.directory import FileSettings  # noqa: PLC0415 - as above

    if settings is None or not file.exists():
        return None
    files = (each for each in settings.directories if isinstance(each, FileSettings))
    return next((each for each in files if each.path.exists() and each.path.samefile(file)), None)


def _order(file: Path, region: str, known: FileSettings | None, trial: Path) -> Order:
    from bubbled.daemon import directory_kind  # noqa: PLC0415 - as above
    from bubbled.directory.factory import order  # noqa: PLC0415 - as above

    if known is not None:
        return directory_kind.order(known, region)
    kind = _KINDS.get(file.suffix.lower())
    if kind is None:
        raise click.UsageError(f"{file.name} is no address book by its name; {', '.join(_KINDS)} are read.")
    return order(kind=kind, name=file.name, path=file.absolute(), region=region.upper(), cache_dir=trial)


async def _read(order: Order, *, shown: bool) -> About:
    from bubbled.directory.local.index import Index  # noqa: PLC0415 - as above
    from bubbled.directory.local.indexing import build_index_elsewhere  # noqa: PLC0415 - as above

    with _bar(Path(order.path).name) if shown else _no_bar() as tell:
        async for step in build_index_elsewhere(order):
            tell(step)
    index = Index(Path(order.index), order.path)
    try:
        return index.about
    finally:
        index.close()


@contextmanager
def _bar(name: str) -> Iterator[Callable[[Progress], None]]:
    from rich import progress  # noqa: PLC0415 - 60 ms that only a terminal is worth

    columns = (
        progress.TextColumn("Reading {task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, transient=True) as bar:
        task = bar.add_task(harmless(name), total=None)
        yield lambda step: bar.update(task, completed=step.done, total=step.total)


@contextmanager
def _no_bar() -> Iterator[Callable[[Progress], None]]:
    yield lambda _step: None
