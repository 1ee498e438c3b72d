"""A set-up for a page: by itself, or within the bubbled that runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.control.client import PATIENT_S, Client, NotRunningError, understood
from bubbled.error import ConfigError, ControlError
from bubbled.settings.schema import PbxKind
from bubbled.setup import guess
from bubbled.setup.account import wanted
from bubbled.setup.answer import WAY, Given
from bubbled.setup.completion import paths
from bubbled.setup.ending import Ending, Outcome, aside
from bubbled.setup.interview import Interview
from bubbled.setup.paper import Paper
from bubbled.setup.present import Present, present
from bubbled.setup.question import Group
from bubbled.setup.trial import try_out
from bubbled.setup.vault import free
from bubbled.web.settings.setup_port import Done, Obstacle, Part, Ready, Sent, Sheet, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.directory.port import State

_PATIENCE_S: Final = 300.0
"""Twice as long as the largest address books take on a slow computer."""

_FINE: Final = frozenset({Verdict.OK, Verdict.SKIPPED})
_ENDLESS: Final = Check(
    "Waiting",
    Verdict.FAILED,
    "it takes so long that nobody waits for it any more",
    "Is it on a network drive or a server that is gone? Name another, or keep it all the same.",
)


class SetupDesk:
    """Carries out one set-up; see `SetupPort`, which says what each of its methods is for.

    Attributes:
        is_alone: whether nothing runs but the set-up.
        left: set when whoever sat here has seen enough.
        path: of the settings file that is written.
    """

    def __init__(
        self,
        path: Path,
        client: Client,
        given: Given | None = None,
        *,
        opener: Callable[[str], None] | None = None,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Prepare.

        Args:
            path: of the settings file.
            client: asks the bubbled that runs, if one does.
            given: answers that came before the questions.
            opener: opens an address in the browser, where the set-up runs alone.
            patience_s: for how long answers are tried.
        """
        self.is_alone = opener is not None
        self.left = asyncio.Event()
        self.path = self._usual = path
        self._client, self._given, self._opener = client, given or Given(), opener
        self._patience_s = patience_s
        self._working = asyncio.Lock()
        self._present = Present()
        self._paper: Paper | None = None
        self._stanza = ""
        self._reading: State | None = None
        self._ending = self._new_ending()

    @property
    def is_written(self) -> bool:
        """Whether settings were written."""
        return self._ending.settings is not None

    async def begin(self) -> Obstacle | None:
        """See `SetupPort.begin`."""
        async with self._working:
            if self.is_written and not self.is_alone:
                self._forget()
            if self._paper is not None:
                return None
            self._present = await asyncio.to_thread(present, self.path)
            if self._present.trouble is not None:
                return Obstacle(trouble=self._present.trouble, beside=free(self._usual, "new").name)
            await self._begin()
            return None

    async def beside(self) -> None:
        """See `SetupPort.beside`."""
        async with self._working:
            self._forget()
            self.path = free(self._usual, "new")
            await self._begin()

    async def again(self) -> None:
        """See `SetupPort.again`."""
        async with self._working:
            self._forget()

    # The questions.

    def part(self) -> Part:
        """See `SetupPort.part`."""
        return Part.DONE if self.is_written else self._sheets.part()

    def is_open(self, part: Part) -> bool:
        """See `SetupPort.is_open`."""
        if part is Part.DONE or self.is_written:
            return part is Part.DONE and self.is_written
        return self._paper is not None and self._paper.is_open(part)

    def sheet(self, part: Part, sent: Sent | None = None, mistakes: Sent | None = None) -> Sheet:
        """See `SetupPort.sheet`."""
        paper = self._sheets
        return Sheet(
            part=part,
            steps=paper.steps(),
            fields=paper.fields(part, sent or {}, mistakes or {}),
            checks=paper.checks(part),
            has_failed=paper.has_failed(part),
            stanza=self._stanza if part is Part.ACCOUNT else "",
        )

    async def take(self, part: Part, sent: Sent, *, keep: bool) -> Taken:
        """See `SetupPort.take`."""
        async with self._working:
            paper = self._sheets
            if mistakes := paper.take(part, sent):
                return Taken(part, mistakes)
            while (group := paper.due(part)) is not None:
                if keep:
                    paper.keep(group)
                elif not await self._try(paper, group):
                    return Taken(part)
            return Taken(part if paper.part() is part else paper.following(part))

    def progress(self) -> int | None:
        """See `SetupPort.progress`."""
        state = self._reading
        return min(99, 100 * state.done // state.total) if state is not None and state.total else None

    async def paths(self, typed: str) -> Sequence[str]:
        """See `SetupPort.paths`."""
        return await asyncio.to_thread(paths, typed if typed.startswith(("/", "~")) else f"~/{typed}")

    # The end.

    async def ready(self) -> Ready:
        """See `SetupPort.ready`."""
        async with self._working:
            await self._look_again()
            return await self._ending.ready(self._outcome(), self._sheets.steps(), self._sheets.checks())

    async def show_example(self) -> None:
        """See `SetupPort.show_example`."""
        async with self._working:
            await self._ending.show_example(self._outcome())

    async def write(self, *, service: bool, links: bool) -> bool:
        """See `SetupPort.write`."""
        async with self._working:
            return self.is_written or await self._ending.write(
                self._outcome(), serves=service, opens_links=links
            )

    def done(self) -> Done:
        """See `SetupPort.done`."""
        return self._ending.done()

    async def ring(self) -> None:
        """See `SetupPort.ring`."""
        async with self._working:
            await self._ending.ring()

    async def leave(self) -> str:
        """See `SetupPort.leave`."""
        if self._opener is None:
            raise ControlError("This set-up is a page of the bubbled that runs, and ends with it.")
        try:
            return await asyncio.to_thread(self._opened, self._opener)
        finally:
            self.left.set()

    def _opened(self, opener: Callable[[str], None]) -> str:
        try:
            answer = self._client.post("/v1/pages", {"page": "/"}, timeout_s=PATIENT_S)
        except NotRunningError:
            return ""
        url = understood(lambda it: str(it["url"]), answer)
        # No link could lead there: for those pages ours is one of somebody else.
        try:
            opener(url)
        except ControlError:
            return url
        return ""

    @property
    def _sheets(self) -> Paper:
        if self._paper is None:
            raise ControlError("This set-up has not begun; open the page anew.")
        return self._paper

    async def _begin(self) -> None:
        self._paper = Paper(await asyncio.to_thread(self._interview))

    def _interview(self) -> Interview:
        certificate = free(self.path.with_name("pbx-ca.pem"), "new", also_itself=True)
        known = guess.known(self._present.document, self._given, str(certificate))
        # In no folder is whoever looks at a page: short paths begin at home.
        return Interview(replace(known, folder=str(Path.home())), self._given.answers)

    def _forget(self) -> None:
        self.path, self._present, self._paper, self._stanza = self._usual, Present(), None, ""
        self._ending = self._new_ending()

    def _new_ending(self) -> Ending:
        return Ending(self._client, within=not self.is_alone)

    def _outcome(self) -> Outcome:
        interview = self._sheets.interview
        if self._sheets.part() is not Part.READY:
            raise ConfigError("There is a question left to answer; open the page anew.")
        is_beside = self.path != self._usual
        return Outcome(self.path, self._present, interview.complete(), interview.known, is_beside)

    async def _try(self, paper: Paper, group: Group) -> bool:
        answers, known = paper.interview.complete(), paper.interview.known
        try:
            # A file on a network drive that is gone is read without end, and nothing can interrupt that.
            async with asyncio.timeout(self._patience_s):
                tried = await aside(try_out(group, answers, known, self._tell))
        except TimeoutError:
            return paper.tried(group, (_ENDLESS,), known)
        finally:
            self._reading = None
        if group is Group.ACCOUNT:
            is_short = answers[WAY] == PbxKind.AMI and _is_short(tried.checks)
            self._stanza = await asyncio.to_thread(wanted, answers) if is_short else ""
        return paper.tried(group, tried.checks, tried.known)

    def _tell(self, state: State) -> None:
        self._reading = state

    async def _look_again(self) -> None:
        """Take notice of what somebody else has made of the settings since the first question."""
        now = await asyncio.to_thread(present, self.path)
        if now.trouble is not None:
            raise ConfigError(now.trouble)
        self._present = now
        interview = self._sheets.interview
        interview.known = replace(interview.known, present=now.document)


def _is_short(checks: Sequence[Check]) -> bool:
    """Whether the account has to be made, or mended."""
    return any(check.name in {"Login", "Rights"} and check.verdict not in _FINE for check in checks)
