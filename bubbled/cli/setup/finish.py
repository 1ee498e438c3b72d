"""After the questions: an example popup, what would be written, the service and the links."""

from __future__ import annotations

import asyncio
import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.daemon.example import show_example
from bubbled.dialing.link import registration
from bubbled.dialing.link.folder import Folders
from bubbled.dialing.link.scheme import Scheme
from bubbled.dialing.program import own_command
from bubbled.error import BubbledError
from bubbled.popup.screen import choose, is_installed
from bubbled.settings.loading import default_path
from bubbled.setup import service, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bubbled.cli.setup.look import Look
    from bubbled.cli.setup.prompt import Prompt
    from bubbled.control.client import Client
    from bubbled.settings.schema import Settings
    from bubbled.setup.answer import Answers
    from bubbled.setup.known import Known
    from bubbled.setup.present import Present
    from bubbled.setup.vault import Vault

_EXAMPLE_S: Final = 6.0
_OF_DESKTOPS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is done besides the settings."""

    service: bool = True
    links: bool = True
    tests: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the end of a setup needs.

    Attributes:
        path: of the settings file.
        present: what it was before.
        client: asks the bubbled that runs, if one does.
    """

    path: Path
    present: Present
    answers: Answers
    known: Known
    vault: Vault
    look: Look
    prompt: Prompt
    client: Client


def rehearse(desk: Desk) -> list[Check]:
    """Show an example popup, if the user likes; nothing is written yet."""
    if not any(os.environ.get(variable) for variable in _OF_DESKTOPS):
        advice = "Run setup in a terminal of your desktop to see one."
        return [Check("Popups", Verdict.WARNING, "there is no desktop here to show them on", advice)]
    if not desk.prompt.is_wished("Show an example of a popup now?", default=True):
        return []
    settings = writing.settings_of(desk.path, desk.present, desk.answers, desk.known)
    screen, *_ = choose(
        settings.popup.screen.value, os.environ, on_terminal=False, has_windows=is_installed()
    )
    desk.look.note(f"It stays for {_EXAMPLE_S:g} seconds, or until you close it.")
    try:
        asyncio.run(show_example(settings, screen, "ringing", _EXAMPLE_S, lambda _text: None))
    except BubbledError as error:
        return [Check("Popups", Verdict.WARNING, str(error), "docs/popup.md tells what shows popups.")]
    if desk.prompt.is_wished("Did you see it?", default=True):
        return [Check("Popups", Verdict.OK, f"seen ({screen})")]
    advice = "`bubbled doctor` tells what shows popups; your desktop may be set to show none now."
    return [Check("Popups", Verdict.WARNING, f"not seen ({screen})", advice)]


def preview(desk: Desk) -> str:
    """What would be written, as a whole or as the lines that change; no secret is in it that was typed."""
    drafted = writing.draft(desk.path, desk.present, desk.answers, desk.known, desk.vault)
    if drafted.is_new:
        return drafted.text
    before, after = (desk.present.text or "").splitlines(), drafted.text.splitlines()
    lines = difflib.unified_diff(before, after, "as it is", "as it would be", lineterm="", n=0)
    return "\n".join(lines) or "Nothing changes."


def install(desk: Desk, wishes: Wishes) -> list[Check]:
    """Install the service and the links, each where it is wished."""
    checks: list[Check] = []
    if wishes.service:
        with desk.look.busy("Starting bubbled"):
            checks += service.install(command(desk.path), service.unit_path(), desk.client)
    elif reloaded := service.reloaded(desk.client):
        checks.append(reloaded)
    if wishes.links:
        checks.append(_links())
    return checks


def command(path: Path) -> tuple[str, ...]:
    """What starts bubbled with these settings."""
    named = () if path == default_path() else ("--config", str(path.absolute()))
    return (*own_command(), "run", *named)


def _links() -> Check:
    try:
        registration.install(Folders.of(os.environ, Path.home()), own_command(), list(Scheme))
    except (BubbledError, OSError) as error:
        return Check("Links", Verdict.FAILED, str(error))
    text = "bubbled opens tel:, callto: and sip: links from now on; `bubbled links remove` takes that back"
    return Check("Links", Verdict.OK, text)


def closing(settings: Settings, path: Path, *, runs: bool) -> Sequence[str]:
    """What the user can do from now on."""
    lines = [
        "Call yourself from another phone: the popup is there before the second ring.",
        f"Select a number anywhere and press {settings.dial.hotkey}, and your phone calls it;",
        "on Wayland `bubbled hotkey install` gives you that key.",
        "",
        "bubbled status           how it is",
        "bubbled doctor           what is wrong, and what to do",
        "bubbled layout example   what popups look like",
        "bubbled setup            to change these answers",
    ]
    return lines if runs else [f"Start it with: {' '.join(command(path))}", *lines]
