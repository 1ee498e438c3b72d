"""The end of a set-up whose questions are answered: an example, the writing, the service, a real call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from bubbled.control.check import Check, Verdict
from bubbled.error import BubbledError, ConfigError, ControlError
from bubbled.settings.schema import PbxKind
from bubbled.setup import rehearsal, service, writing
from bubbled.setup.installation import command, links
from bubbled.setup.own_popup import ring
from bubbled.setup.preview import preview
from bubbled.setup.trial import devices
from bubbled.setup.vault import Vault, in_words
from bubbled.thread import FreeThreads
from bubbled.web.settings.setup_port import Done, Ready, Step

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from bubbled.control.client import Client
    from bubbled.model import Device
    from bubbled.settings.schema import Settings
    from bubbled.setup.answer import Answers
    from bubbled.setup.known import Known
    from bubbled.setup.present import Present

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the questions came to.

    Attributes:
        path: of the settings file.
        present: what it was before.
        is_beside: whether it is a draft, beside a file that is not understood.
    """

    path: Path
    present: Present
    answers: Answers
    known: Known
    is_beside: bool = False


@dataclass(slots=True)
class Ending:
    """What was done at the end of one set-up, so far.

    Attributes:
        client: asks the bubbled that runs, if one does.
        within: whether that is the one within which this is done.
        trouble: why the last attempt to write failed; empty: none did.
        settings: as they were written; None: they are not.
    """

    client: Client
    within: bool
    trouble: str = ""
    settings: Settings | None = None
    _example: list[Check] = field(default_factory=list)
    _checks: list[Check] = field(default_factory=list)
    _call: list[Check] = field(default_factory=list)
    _device: Device | None = None
    _runs: bool = False
    _start: str = ""

    async def ready(self, outcome: Outcome, steps: Sequence[Step], checks: Sequence[Check]) -> Ready:
        """Give what would be done.

        Raises:
            ConfigError: the file is written in a way that cannot be changed by program.
        """
        # A keyring may ask its user for a password first; and a long file is not compared in no time.
        drafted, shown = await asyncio.to_thread(_draft, outcome)
        return Ready(
            steps=steps,
            path=str(outcome.path),
            preview=shown,
            secrets=[in_words(place) for place in drafted.places.values()],
            is_new=drafted.is_new,
            has_changed=drafted.has_changed,
            checks=checks,
            example=tuple(self._example),
            may_serve=not outcome.is_beside,
            trouble=self.trouble,
        )

    async def show_example(self, outcome: Outcome) -> None:
        """Show an example of a popup for a few seconds, if there is anything that it can be shown on."""
        if not rehearsal.has_desktop():
            self._example = [rehearsal.no_desktop()]
            return
        try:
            settings = await asyncio.to_thread(_settings, outcome)
        except ConfigError as error:
            self._example = [Check("Popups", Verdict.FAILED, str(error))]
            return
        advice = (
            "You saw none? `bubbled doctor` tells what shows popups; your desktop may be set to show none."
        )
        shown = Check("Popups", Verdict.OK, "shown", advice)
        trouble: Check | None = await aside(rehearsal.rehearse(settings))
        self._example = [trouble or shown]

    async def write(self, outcome: Outcome, *, serves: bool, opens_links: bool) -> bool:
        """Write the settings; then let bubbled run, and open links, where that is wished."""
        self.trouble = ""
        try:
            settings, checks = await asyncio.to_thread(_write, outcome)
        except BubbledError as error:
            self.trouble = str(error)
            return False
        self.settings = settings
        checks += await asyncio.to_thread(self._serve, outcome, serves=serves and not outcome.is_beside)
        if opens_links:
            checks.append(await asyncio.to_thread(links))
        self._checks, self._start = checks, " ".join(command(outcome.path))
        self._runs = await asyncio.to_thread(self._is_running)
        if settings.pbx.kind is PbxKind.AMI and outcome.known.is_logged_in:
            self._device = devices(outcome.answers, outcome.known)[0]
        return True

    def done(self) -> Done:
        """Give what was done."""
        return Done(
            checks=tuple(self._checks),
            device=self._device or "",
            call=tuple(self._call),
            runs=self._runs,
            start=self._start,
        )

    async def ring(self) -> None:
        """Ring the user's own phone, and see whether its popup comes."""
        if self._device is None or self.settings is None:
            raise ControlError("There is no phone here that could be rung.")
        found: list[Check] = []
        await aside(ring(self.settings, self._device, self.client, lambda: None, found.append))
        self._call = found

    def _serve(self, outcome: Outcome, *, serves: bool) -> list[Check]:
        checks: list[Check] = []
        if serves and not self.within:
            return service.install(command(outcome.path), service.unit_path(), self.client)
        if serves:
            # It cannot start itself anew: whoever looks at this page would be told that it is gone.
            checks += service.enable(command(outcome.path), service.unit_path())
        if not outcome.is_beside and (reloaded := service.reloaded(self.client)):
            checks.append(reloaded)
        return checks

    def _is_running(self) -> bool:
        try:
            self.client.get("/v1/status")
        except ControlError:
            return False
        return True


async def aside(work: Coroutine[object, object, T]) -> T:
    """Do something on a loop of its own, so that nothing in it can keep a call waiting."""

    async def done() -> T:
        asyncio.get_running_loop().set_default_executor(FreeThreads())
        try:
            return await work
        finally:
            await asyncio.sleep(0)  # connections that were let go of are closed in the next round

    return await asyncio.to_thread(asyncio.run, done())


def _draft(outcome: Outcome) -> tuple[writing.Draft, str]:
    """What would be written, and what of it is shown."""
    vault = Vault(outcome.path.parent)
    drafted = writing.draft(outcome.path, outcome.present, outcome.answers, outcome.known, vault)
    return drafted, preview(outcome.present.text, drafted.text)


def _settings(outcome: Outcome) -> Settings:
    return writing.settings_of(outcome.path, outcome.present, outcome.answers, outcome.known)


def _write(outcome: Outcome) -> tuple[Settings, list[Check]]:
    vault = Vault(outcome.path.parent)
    arguments = (outcome.path, outcome.present, outcome.answers, outcome.known, vault)
    has_changed = writing.draft(*arguments).has_changed
    settings, warnings = writing.write(*arguments)
    text = f"written to {outcome.path}" if has_changed else "as they were"
    told = [Check("Settings", Verdict.OK, text)]
    return settings, told + [Check("Settings", Verdict.WARNING, warning) for warning in warnings]
