"""Brings the tracker and the PBX together: what to ask on connecting, and when to ask again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from bubbled.error import PbxError
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ActionRefusedError
from bubbled.pbx.ami.originator import Originator
from bubbled.pbx.ami.team_note import EVENT, heard, told
from bubbled.pbx.ami.tracker import WANTED, Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.model import CallChange
    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.connection import Connection
    from bubbled.pbx.ami.framing import Message
    from bubbled.pbx.ami.team_note import TeamNote
    from bubbled.pbx.state import State

RESYNC_RIGHT: Final = "call"
"""The write permission in manager.conf without which calls in progress cannot be asked for."""

PRUNE_EVERY_S: Final = 60.0
"""How often the PBX is asked whether it still knows the channels that are believed to live."""

log = structlog.get_logger()


class AmiSource:
    """The calls of a PBX, for as long as `run` runs, and those that the user makes by a click.

    On every connect the calls in progress are picked up, and those that ended meanwhile end. An account that
    may not ask for them is served from its events alone.

    Attributes:
        may_resync: whether the account may ask for the calls in progress; None before it was tried.
        originator: places calls.
    """

    def __init__(  # noqa: PLR0913 - whom to ask, what to keep, whom to tell
        self,
        access: Access,
        tracker: Tracker,
        *,
        on_changes: Callable[[Sequence[CallChange]], None],
        on_state: Callable[[State], None],
        on_click: Callable[[Sequence[CallChange]], None] = lambda _changes: None,
        on_note: Callable[[TeamNote], None] | None = None,
        tap: Callable[[bytes], None] | None = None,
        prune_every_s: float = PRUNE_EVERY_S,
        in_words: Callable[[PbxError], str] = str,
    ) -> None:
        """Tell changes of calls and of the connection to the callbacks, which must not block nor raise.

        `on_click` is told of clicks for as long as no phone rings for them, and so no call is there;
        `on_note` of what is noted in the team (None: nobody wants to know). `in_words` says for the log why
        there is no connection.
        """
        self.may_resync: bool | None = None
        self._prune_every_s = prune_every_s
        self._tracker = tracker
        self._on_changes = on_changes
        self._on_note = on_note
        wanted = WANTED if on_note is None else WANTED | {EVENT}
        self._client = AmiClient(access, wanted=wanted, on_state=on_state, tap=tap, in_words=in_words)
        self.originator = Originator(self._client, on_click)

    async def run(self) -> NoReturn:
        """Follow the PBX until cancelled."""
        await self._client.run(self._serve)

    async def tell_team(self, note: TeamNote) -> None:
        """Tell everybody in the team what the user noted; oneself hears it too.

        Raises:
            ActionRefusedError: the account may not.
            PbxError: it is not known to have been told.
        """
        await self._client.action(told(note))

    async def _serve(self, connection: Connection) -> None:
        self.originator.connected()
        try:
            self._tell(self._tracker.resync(await self._calls_in_progress(connection)))
            await self._follow(connection)
        finally:
            self.originator.connection_lost()

    async def _follow(self, connection: Connection) -> None:
        pruning = asyncio.create_task(self._prune(connection), name="look for calls that ended unseen")
        try:
            async for message in connection.events():
                if message.get("Event") == EVENT:
                    self._hear(message)
                    continue
                self._tell(self._tracker.apply(message))
                self.originator.follow(message)
        finally:
            pruning.cancel()

    async def _calls_in_progress(self, connection: Connection) -> list[Message]:
        try:
            rows = await connection.list({"Action": "Status"}, items_named="Status")
        except ActionRefusedError:
            if self.may_resync is not False:
                log.warning(
                    "the PBX account may not ask for calls in progress, so those do not pop up",
                    missing_right=f"write={RESYNC_RIGHT}",
                )
            self.may_resync = False
            return []
        self.may_resync = True
        return rows

    async def _prune(self, connection: Connection) -> None:
        """End what the PBX no longer knows: a caller may have forged a channel that never hangs up."""
        while self.may_resync:
            await asyncio.sleep(self._prune_every_s)
            before = self._tracker.channels
            if not before:
                continue
            try:
                rows = await self._calls_in_progress(connection)
            except PbxError as error:
                # Were it a loss, the connection would end without our help; a busy PBX may answer next time.
                log.debug("the PBX did not list its calls", reason=str(error))
                continue
            if self.may_resync:
                self._tell(self._tracker.prune(rows, before))

    def _hear(self, message: Message) -> None:
        if self._on_note is not None and (note := heard(message)) is not None:
            self._on_note(note)

    def _tell(self, changes: Sequence[CallChange]) -> None:
        if changes:
            self.originator.take_over(changes)
            self._on_changes(changes)
