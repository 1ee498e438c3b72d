"""`bubbled demo`: the real daemon, fed by a small PBX that plays recorded calls."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bubbled.cli.output import Colour, coloured, for_a_person

if TYPE_CHECKING:
    from bubbled.pbx.demo import DemoPbx


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast the demo goes, in seconds.

    Attributes:
        read_s: before a scene, for the lines that explain it.
        step_s: from one thing that happens in a call to the next.
        rest_s: after a scene.
    """

    read_s: float
    step_s: float
    rest_s: float


_FOR_A_PERSON = _Pace(read_s=2.5, step_s=3.0, rest_s=1.5)
_FOR_A_PROGRAM = _Pace(read_s=0.0, step_s=0.5, rest_s=0.5)


@click.command(
    epilog="""\b
Examples:
  bubbled demo
  bubbled demo --screen terminal --once
  bubbled demo | cat                         (as plain text)"""
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=100),
    default=1.0,
    show_default=True,
    help="How many times faster everything goes.",
)
@click.option("--once", is_flag=True, help="Play each call once, then end.")
@click.option(
    "--screen",
    type=click.Choice(["auto", "native", "window", "terminal"]),
    default="auto",
    show_default=True,
    help="Where popups appear: as notifications of the desktop (native), in windows, or in the terminal.",
)
def demo(speed: float, once: bool, screen: str) -> None:  # noqa: FBT001  # click passes flags so
    """Try bubbled without a PBX.

    A small PBX inside bubbled plays calls that were recorded from a real Asterisk, over and over until
    Ctrl-C. Popups appear on the desktop, or in the terminal where there is none. In a pipe, each call is
    played once and told as text. Your own settings, history and daemon are not touched.
    """
    # Ctrl-C while the daemon runs lets it end by itself; before and after that, it is no failure either.
    with suppress(KeyboardInterrupt), TemporaryDirectory(prefix="bubbled-demo-") as folder:
        asyncio.run(_demo(Path(folder), screen, speed, once=once or not for_a_person()))
    click.echo(_GOODBYE)


_GOODBYE = """
That was the demo. `bubbled setup` connects your own PBX; README.md tells how to install it."""


async def _demo(folder: Path, wish: str, speed: float, *, once: bool) -> None:
    from bubbled.daemon import demo as stage  # noqa: PLC0415  # only the daemon pays for the daemon

    screen = await _screen(wish)
    _welcome(screen, stage.control_path(folder), once=once)
    pace = _FOR_A_PERSON if for_a_person() else _FOR_A_PROGRAM

    async def show(pbx: DemoPbx) -> None:
        for _ in range(1) if once else count():
            await _play_all(pbx, pace, speed)

    await stage.run(folder, screen=screen, show=show)


async def _screen(wish: str) -> str:
    """Choose where popups appear; on the desktop only when somebody shows them there.

    Raises:
        ClickException: the user wants them on the desktop, and nobody does.
    """
    from bubbled.popup.screen import choose  # noqa: PLC0415  # not for those who only ask for help

    if wish == "auto":
        # What everybody sees who has installed nothing more.
        fitting = choose(wish, os.environ, on_terminal=True, has_windows=False)
        wish = fitting[0] if sys.stdout.isatty() else "terminal"
        if wish == "native" and (trouble := await _trouble_on_the_desktop()):
            click.echo(f"In the terminal, because the desktop shows none: {trouble}", err=True)
            return "terminal"
    elif wish == "native" and (trouble := await _trouble_on_the_desktop()):
        raise click.ClickException(trouble)
    return wish


async def _trouble_on_the_desktop() -> str | None:
    from bubbled.daemon import journal  # noqa: PLC0415  # not for those who only ask for help
    from bubbled.popup.screens.native import NativeScreen  # noqa: PLC0415  # the same
    from bubbled.settings.schema import Log, LogLevel  # noqa: PLC0415  # the same

    journal.configure(Log(level=LogLevel.ERROR))  # the trouble is told once, by us
    screen = NativeScreen(lambda *_: None, lambda *_: None)
    await screen.start()
    try:
        await screen.describe()
        return screen.trouble
    finally:
        await screen.aclose()


def _welcome(screen: str, socket: Path, *, once: bool) -> None:
    where = "here" if screen == "terminal" else "on your desktop"
    click.echo(
        "You are Alice, extension 101. A small PBX inside bubbled plays calls that were\n"
        f"recorded from a real Asterisk; the popups of the real daemon appear {where}."
    )
    if not once:
        program = "bubbled" if shutil.which("bubbled") else shlex.quote(sys.argv[0])
        command = f"{program} --socket {shlex.quote(str(socket))}"
        key = ", or select a number and press F7" if screen != "terminal" else ""
        click.echo(f"Ctrl-C ends it. Meanwhile you may ask it from another terminal{key}:")
        click.echo(f"  {command} calls\n  {command} dial 0612345678")


async def _play_all(pbx: DemoPbx, pace: _Pace, speed: float) -> None:
    from bubbled.pbx.demo import SCENES  # noqa: PLC0415  # not for those who only ask for help
    from bubbled.popup.timing import FAREWELL_S  # noqa: PLC0415  # the same

    for number, (name, scene) in enumerate(SCENES.items(), 1):
        title = coloured(f"{number}/{len(SCENES)}  {scene.title}", Colour.GOOD)
        # To what standard output is now: while the terminal screen draws cards, that goes above them.
        click.echo(f"\n{title}\n     {scene.look}", file=sys.stdout)
        await asyncio.sleep(pace.read_s / speed)
        await pbx.play(name, speed=speed, step_s=pace.step_s)
        await asyncio.sleep((FAREWELL_S if scene.farewell else 0.0) + pace.rest_s / speed)
