"""`bubbled hotkey`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import harmless, json_line
from bubbled.dialing.program import own_command
from bubbled.dialing.shortcut.choice import shortcut_on
from bubbled.dialing.shortcut.desktop import Desktop, Session, Way, desktop_in, session_in, way
from bubbled.dialing.shortcut.port import NO_CHANGE, KeyTakenError, ShortcutError
from bubbled.dialing.shortcut.situation import Situation, explain
from bubbled.keystroke import Keystroke, parse

if TYPE_CHECKING:
    from bubbled.dialing.shortcut.port import Binding, Change

_USUAL_KEY = "F7"
_NO_KEY = "none"
_PORTAL_MATTERS = (Desktop.KDE, Desktop.OTHER)


def _keystroke(_context: click.Context, _option: click.Parameter, value: str | None) -> Keystroke | None:
    try:
        return parse(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(f"{value!r} {error}.") from None


@click.command(
    epilog="""\b
Examples:
  bubbled hotkey
  bubbled hotkey install
  bubbled hotkey install --key Ctrl+Alt+D --yes
  bubbled hotkey remove""",
)
@click.argument("action", type=click.Choice(["status", "install", "remove"]), default="status")
@click.option(
    "--key",
    metavar="KEY",
    callback=_keystroke,
    help="Instead of that of the settings, such as F7 or Ctrl+Alt+D.",
)
@click.option("--yes", is_flag=True, help="Make the changes without asking.")
@click.option("--config", type=click.Path(path_type=Path), help="The settings file, if not the usual one.")
@as_json
def hotkey(action: str, key: Keystroke | None, yes: bool, config: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Have a key of the desktop dial what is selected.

    On X11 bubbled takes the key by itself while it runs, and where the desktop has a portal for shortcuts, it
    asks for it there. On other desktops a shortcut of the desktop's own runs `bubbled dial --selection`:
    `install` sets it up on GNOME, KDE Plasma, sway and Hyprland, and `remove` takes it out. What would be
    changed is shown first, and changed only with your consent.

    Without an action, tell how things are on this desktop.
    """
    desk = _Desk(key or (parse(_USUAL_KEY) if action == "remove" else _wanted(config)))
    if action == "install":
        _make(desk.to_install(), yes=yes, aside=as_json)
    elif action == "remove":
        _make(desk.to_remove(), yes=yes, aside=as_json)
    it = desk.situation()
    click.echo(json_line(desk.as_json(it)) if as_json else harmless(explain(it)))


def _wanted(config: Path | None) -> Keystroke:
    """The key of the settings, or the usual one where there are none."""
    from bubbled.settings.loading import default_path, load  # noqa: PLC0415 - only who names no key pays for it

    path = config or default_path()
    key = load(path).settings.dial.hotkey if config or path.exists() else _USUAL_KEY
    if key == _NO_KEY:
        raise ShortcutError('The settings want no key (hotkey = "none" in [dial]); name one with --key.')
    return parse(key)


class _Desk:
    """The desktop that this runs on, and the key that is wanted there."""

    def __init__(self, keystroke: Keystroke) -> None:
        self._keystroke = keystroke
        self._session, self._desktop = session_in(os.environ), desktop_in(os.environ)
        self._way = way(self._session, self._desktop, portal=self._has_portal())
        self._shortcut = None if self._way is Way.NOWHERE else shortcut_on(self._desktop, os.environ)
        self._command = (*own_command(), "dial", "--selection")

    def situation(self) -> Situation:
        """Look how things are. Raises ShortcutError where the desktop does not tell."""
        binding = self._shortcut.state() if self._shortcut else None
        return Situation(
            way=self._way,
            keystroke=self._keystroke,
            command=shlex.join(self._command),
            desktop=self._shortcut.name if self._shortcut else "",
            binding=binding,
            outdated=bool(binding and binding.ours and self._is_outdated()),
            lost=bool(binding and binding.ours and _is_lost(binding)),
        )

    def to_install(self) -> Change:
        """Plan it, if there is anything to plan; raises ShortcutError where it cannot be done."""
        match self._way:
            case Way.GRAB | Way.PORTAL:
                return NO_CHANGE
            case Way.SHORTCUT if self._shortcut:
                return self._shortcut.install(self._keystroke, self._command)
            case _:
                raise ShortcutError(explain(self.situation()))

    def to_remove(self) -> Change:
        """Plan it, if there is anything to take out."""
        return self._shortcut.remove() if self._shortcut else NO_CHANGE

    def as_json(self, it: Situation) -> dict[str, Any]:
        """Tell it to a program."""
        binding = it.binding and {
            "key": it.binding.key,
            "command": it.binding.command,
            "ours": it.binding.ours,
        }
        return {
            "key": str(it.keystroke),
            "session": self._session.value,
            "desktop": self._desktop.value,
            "way": it.way.value,
            "command": self._command,
            "shortcut": binding,
            "told": explain(it),
        }

    def _has_portal(self) -> bool:
        if self._session is not Session.WAYLAND or self._desktop not in _PORTAL_MATTERS:
            return False
        import asyncio  # noqa: PLC0415 - only where it is needed

        from bubbled.dialing.hotkey.portal import portal_available  # noqa: PLC0415 - the same

        return asyncio.run(portal_available())

    def _is_outdated(self) -> bool:
        try:
            return bool(self.to_install().lines)
        except KeyTakenError:
            return True


def _is_lost(binding: Binding) -> bool:
    program = shlex.split(binding.command)[0]
    return not Path(program).exists()


def _make(change: Change, *, yes: bool, aside: bool) -> None:
    """Make a change to which the user consents; `aside`: what is said goes beside the output for programs."""
    if not change.lines:
        return
    for line in change.lines:
        click.echo(harmless(line), err=aside)
    if not yes and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ShortcutError("Nothing was changed, because nobody could be asked; agree with --yes.")
    if not yes and not click.confirm("Change this?", err=aside):
        raise ShortcutError("Nothing was changed.")
    change.make()
