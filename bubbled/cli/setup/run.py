"""One run of `bubbled setup`, from the first question to the last word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from bubbled.cli.setup import finish
from bubbled.cli.setup.dialogue import Dialogue
from bubbled.cli.setup.finish import Desk, Wishes
from bubbled.cli.setup.look import Look
from bubbled.cli.setup.prompt import TerminalPrompt, Unattended
from bubbled.cli.setup.ringing import call_myself
from bubbled.control.check import Check, Verdict, check_json
from bubbled.daemon import journal
from bubbled.error import ConfigError
from bubbled.settings.schema import Log, LogLevel
from bubbled.setup import guess, service, writing
from bubbled.setup.answer import Given
from bubbled.setup.installation import command
from bubbled.setup.interview import Interview
from bubbled.setup.present import Present, present
from bubbled.setup.preview import preview
from bubbled.setup.vault import Vault, free, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bubbled.cli.setup.prompt import Prompt
    from bubbled.control.client import Client

_UNTOUCHED: Final = "Nothing was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How it is run.

    Attributes:
        path: of the settings file.
        given: what came before the questions.
        unattended: nobody is asked anything.
        keeps_what_fails: so that what does not work is written, too.
        dry: nothing is written.
        as_json: standard output belongs to the program that reads it.
    """

    path: Path
    given: Given = field(default_factory=Given)
    wishes: Wishes = field(default_factory=Wishes)
    unattended: bool = False
    keeps_what_fails: bool = False
    dry: bool = False
    as_json: bool = False


class Run:
    """It.

    Attributes:
        checks: all that was found and done.
        has_failed: whether something could not be done that was wished.
        parting: what is so if it ends now.
    """

    def __init__(self, client: Client, options: Options) -> None:
        """Prepare; `client` asks the bubbled that runs, if one does."""
        self.look = Look(Console(stderr=options.as_json, highlight=False, emoji=False))
        self.checks: list[Check] = []
        self.has_failed = False
        self.parting = _UNTOUCHED
        self._client, self._options = client, options
        self._path = options.path
        self._prompt: Prompt = (
            Unattended(keeps_what_fails=options.keeps_what_fails)
            if options.unattended
            else TerminalPrompt(self.look)
        )
        self._is_written = False
        self._is_beside = False

    def whole(self) -> None:
        """Ask, try, write, install and show.

        Raises:
            ConfigError: it cannot be done, or nobody answers; nothing has changed.
        """
        journal.configure(Log(level=LogLevel.ERROR))  # what goes wrong is told once, by us
        was = self._present()
        self.look.welcome(str(self._path), is_new=was.text is None)
        interview = self._interviewed(was)
        desk = Desk(
            path=self._path,
            present=was,
            answers=interview.complete(),
            known=interview.known,
            vault=Vault(self._path.parent),
            look=self.look,
            prompt=self._prompt,
            client=self._client,
        )
        if self._options.dry:
            self._show(desk)
        else:
            self._finish(desk)

    def result(self) -> dict[str, Any]:
        """What `--json` writes."""
        return {
            "settings": str(self._path),
            "written": self._is_written,
            "checks": [check_json(check) for check in self.checks],
        }

    def _present(self) -> Present:
        """The settings as they are; what is not understood is left alone, and another file made beside it."""
        was = present(self._path)
        if was.trouble is None:
            return was
        self.look.found(Verdict.FAILED, was.trouble, name="Settings")
        beside = free(self._path, "new")
        question = f"That file stays as it is. Write new settings beside it, into {beside.name}?"
        if self._options.unattended or not self._prompt.is_wished(question, default=False):
            raise ConfigError(
                f"{self._path} is not understood and stays as it is: mend it, or move it away, and try again"
            )
        self._path, self._is_beside = beside, True
        return Present()

    def _interviewed(self, was: Present) -> Interview:
        certificate = free(self._path.with_name("pbx-ca.pem"), "new", also_itself=True)
        known = guess.known(was.document, self._options.given, str(certificate))
        dialogue = Dialogue(Interview(known, self._options.given.answers), self.look, self._prompt)
        dialogue.run()
        self.checks += dialogue.checks
        return dialogue.interview

    def _show(self, desk: Desk) -> None:
        self.look.section("This would be written")
        self.look.note(str(desk.path))
        drafted = writing.draft(desk.path, desk.present, desk.answers, desk.known, desk.vault)
        self.look.text(preview(desk.present.text, drafted.text))
        if self._options.wishes.service:
            self.look.note(f"{service.unit_path()}, which starts: {' '.join(command(desk.path))}")

    def _finish(self, desk: Desk) -> None:
        self.look.section("6  Ready")
        wishes = self._options.wishes
        shows = wishes.tests and not self._options.unattended
        if shows:
            self._tell(finish.rehearse(desk))
        drafted = writing.draft(desk.path, desk.present, desk.answers, desk.known, desk.vault)
        if not self._is_agreed(drafted):
            self.look.note(_UNTOUCHED)
            return
        wishes = self._wishes()
        settings, warnings = writing.write(desk.path, desk.present, desk.answers, desk.known, desk.vault)
        self._is_written, self.parting = drafted.has_changed, f"The settings are in {desk.path}."
        text = f"written to {desk.path}" if drafted.has_changed else "as they were"
        self._tell([Check("Settings", Verdict.OK, text)])
        self._tell(Check("Settings", Verdict.WARNING, warning) for warning in warnings)
        self._tell(finish.install(desk, wishes))
        if shows:
            self.checks += call_myself(desk, settings)
        self.look.summary(finish.closing(settings, desk.path, runs=self._runs()))

    def _is_agreed(self, drafted: writing.Draft) -> bool:
        for place in drafted.places.values():
            self.look.note(f"A secret will be kept in {in_words(place)}.")
        question = f"Write the settings into {drafted.path}?"
        return not drafted.has_changed or self._prompt.is_wished(question, default=True)

    def _wishes(self) -> Wishes:
        ask, wishes = self._prompt.is_wished, self._options.wishes
        # Beside a file that is to be mended, settings are a draft, and no service is built on them.
        return Wishes(
            service=wishes.service
            and not self._is_beside
            and ask("Let bubbled run now, and after each login?", default=True),
            links=wishes.links and ask("Let telephone links on web pages open with bubbled?", default=True),
        )

    def _runs(self) -> bool:
        return any(check.name == "Service" and check.verdict is Verdict.OK for check in self.checks)

    def _tell(self, checks: Iterable[Check]) -> None:
        told = list(checks)
        self.look.checks(told)
        self.checks += told
        self.has_failed |= any(check.verdict is Verdict.FAILED for check in told)
