"""After the questions: an example popup, what would be written, the service and the links."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.control.check import Check, Verdict
from bubbled.setup import rehearsal, service, writing
from bubbled.setup.installation import command, links

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bubbled.cli.setup.look import Look
    from bubbled.cli.setup.prompt import Prompt
    from bubbled.control.client import Client
    from bubbled.settings.schema import Settings
    from bubbled.setup.answer import Answers
    from bubbled.setup.known import Known
    from bubbled.setup.present import Present
    from bubbled.setup.vault import Vault


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
    if not rehearsal.has_desktop():
        return [rehearsal.no_desktop()]
    if not desk.prompt.is_wished("Show an example of a popup now?", default=True):
        return []
    settings = writing.settings_of(desk.path, desk.present, desk.answers, desk.known)
    desk.look.note(f"It stays for {rehearsal.EXAMPLE_S:g} seconds, or until you close it.")
    if trouble := asyncio.run(rehearsal.rehearse(settings)):
        return [trouble]
    if desk.prompt.is_wished("Did you see it?", default=True):
        return [Check("Popups", Verdict.OK, "seen")]
    advice = "`bubbled doctor` tells what shows popups; your desktop may be set to show none now."
    return [Check("Popups", Verdict.WARNING, "not seen", advice)]


def install(desk: Desk, wishes: Wishes) -> list[Check]:
    """Install the service and the links, each where it is wished."""
    checks: list[Check] = []
    if wishes.service:
        with desk.look.busy("Starting bubbled"):
            checks += service.install(command(desk.path), service.unit_path(), desk.client)
    elif reloaded := service.reloaded(desk.client):
        checks.append(reloaded)
    if wishes.links:
        checks.append(links())
    return checks


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
