"""`bubbled record`: write down what the PBX says."""

from __future__ import annotations

import asyncio
import re
import shlex
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bubbled.cli.moment import length
from bubbled.cli.output import for_a_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from bubbled.daemon.recording import Recording
    from bubbled.pbx.recording import Recorder
    from bubbled.settings.schema import Settings

_DURATION = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s)?", re.ASCII)


def _seconds(_context: click.Context, _parameter: click.Parameter, text: str | None) -> float | None:
    if text is None:
        return None
    parts = _DURATION.fullmatch(text.strip().lower())
    hours, minutes, seconds = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0)
    total = 3600 * hours + 60 * minutes + seconds
    if not total:
        raise click.BadParameter(f"{text!r} is no duration; write it as 90s, 5m or 1h30m.")
    return float(total)


@click.command(
    epilog="""\b
Examples:
  bubbled record bug.ami --anonymise
  bubbled record morning.ami --for 3h
  bubbled replay bug.ami --device PJSIP/101      (what bubbled makes of it)"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@click.option("--anonymise", is_flag=True, help="Blank all numbers and names; the calls stay what they were.")
@click.option(
    "--for",
    "for_s",
    metavar="DURATION",
    callback=_seconds,
    help="Stop after so long, such as 90s, 5m or 1h30m; else at Ctrl-C.",
)
def record(file: Path, config: Path | None, anonymise: bool, for_s: float | None) -> None:  # noqa: FBT001  # click passes flags so
    """Record what the PBX says, until Ctrl-C.

    FILE becomes a recording that `bubbled replay` understands, with the times beside it in a file whose name
    ends in .timing.jsonl. It holds every event that your account on the PBX gets, also about other people's
    calls; never your secret. A daemon that runs is not disturbed.
    """
    from bubbled.settings.loading import default_path, load  # noqa: PLC0415  # not for those who ask for help

    settings = load(config or default_path()).settings
    begun = time.monotonic()
    recording = asyncio.run(_record(file, settings, for_s, anonymise=anonymise))
    _tell(recording, time.monotonic() - begun, file)
    _tell_what_next(settings, file, anonymised=anonymise)


async def _record(file: Path, settings: Settings, for_s: float | None, *, anonymise: bool) -> Recording:
    from bubbled.daemon import journal  # noqa: PLC0415  # not for those who only ask for help
    from bubbled.pbx.recording import Recorder  # noqa: PLC0415  # the same
    from bubbled.settings.schema import Log, LogLevel, PbxKind  # noqa: PLC0415  # the same

    journal.configure(Log(level=LogLevel.ERROR))  # of lost connections we tell ourselves
    begin = _by_sip if settings.pbx.kind is PbxKind.SIP else _by_ami
    blank, recording_with = await begin(settings)
    with Recorder(file, blank=blank if anonymise else bytes) as recorder:
        console = _console()
        recording = recording_with(recorder, console.print)
        try:
            with _counter(recording, console):
                await _until_stopped(recording, for_s)
        finally:
            if not recording.has_begun:
                _remove(file)
    if not recording.has_begun:
        raise click.Abort
    return recording


Blank = Callable[[bytes], bytes]
RecordingWith = Callable[["Recorder", Callable[[str], None]], "Recording"]


async def _by_ami(settings: Settings) -> tuple[Blank, RecordingWith]:
    from bubbled.daemon import assembly  # noqa: PLC0415  # not for those who only ask for help
    from bubbled.daemon.recording import AmiRecording  # noqa: PLC0415  # the same
    from bubbled.pbx.ami.tracker import Tracker  # noqa: PLC0415  # the same
    from bubbled.pbx.anonymity import Anonymiser  # noqa: PLC0415  # the same

    access, followed = await assembly.ami_access(settings.pbx), assembly.followed(settings)
    tracker = Tracker(followed.owner_of, followed.region, outside_prefix=followed.outside_prefix)
    return Anonymiser().feed, partial(AmiRecording, access, tracker)


async def _by_sip(settings: Settings) -> tuple[Blank, RecordingWith]:
    from bubbled.daemon import assembly  # noqa: PLC0415  # not for those who only ask for help
    from bubbled.daemon.recording import SipRecording  # noqa: PLC0415  # the same
    from bubbled.pbx.sip.anonymity import SipAnonymiser  # noqa: PLC0415  # the same
    from bubbled.pbx.sip.tracker import Tracker  # noqa: PLC0415  # the same

    access, followed = (await assembly.access(settings)).sip, assembly.followed(settings)
    if access is None:
        raise TypeError("only settings of kind sip come here")
    return SipAnonymiser().feed, partial(SipRecording, access, Tracker(followed.device, followed.region))


def _remove(file: Path) -> None:
    """Leave nothing that stands in the way of the next try."""
    from bubbled.pbx.recording import timing_path  # noqa: PLC0415  # not for those who only ask for help

    file.unlink()
    timing_path(file).unlink()


async def _until_stopped(recording: Recording, for_s: float | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, recording.stop)
    with suppress(TimeoutError):
        async with asyncio.timeout(for_s):
            await recording.run()


def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415  # not for those who only ask for help

    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def _counter(recording: Recording, console: Console) -> Iterator[None]:
    """Show on a terminal how the recording grows."""
    if not for_a_person():
        yield
        return
    from rich.live import Live  # noqa: PLC0415  # not for those who only ask for help

    begun = time.monotonic()

    def line() -> str:
        return f"{length(time.monotonic() - begun)}  {_counted(recording)}"

    with Live(get_renderable=line, console=console, refresh_per_second=4, transient=True):
        yield


def _counted(recording: Recording) -> str:
    return f"{_some(recording.calls, 'call')} of yours, {_some(recording.events, 'event')}"


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _tell(recording: Recording, seconds: float, file: Path) -> None:
    from bubbled.pbx.recording import timing_path  # noqa: PLC0415  # not for those who only ask for help

    times = timing_path(file).name
    click.echo(f"Recorded {_counted(recording)}, in {length(seconds)}: {file}, and the times in {times}.")


def _tell_what_next(settings: Settings, file: Path, *, anonymised: bool) -> None:
    me = settings.me
    phones = " ".join(f"--device {shlex.quote(device)}" for device in me.devices)
    click.echo(f"See the calls: bubbled replay {shlex.quote(str(file))} {phones} --region {me.region}")
    if anonymised:
        click.echo("Numbers and names are blanked: send both files with your bug report.")
    else:
        click.echo("It holds real numbers and names. For a bug report, record with --anonymise.")
