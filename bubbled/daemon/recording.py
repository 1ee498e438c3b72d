"""Recording a PBX: what it says on every connection, as the daemon would have heard it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, NoReturn, assert_never

from bubbled.model import ME, ChangeKind
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ActionRefusedError
from bubbled.pbx.ami.source import RESYNC_RIGHT
from bubbled.pbx.ami.tracker import Tracker
from bubbled.pbx.sip.framing import Framer
from bubbled.pbx.sip.message import MalformedError
from bubbled.pbx.sip.source import SipSource
from bubbled.pbx.state import Connecting, Down, Refused, State, Up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.error import PbxError
    from bubbled.model import CallChange
    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.connection import Connection
    from bubbled.pbx.ami.framing import Message
    from bubbled.pbx.recording import Recorder
    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.tracker import Tracker as SipTracker

_BEGUN = "Recording. Make the call that you want to show; Ctrl-C stops."
_AGAIN = "Connected again; the recording goes on."
_MAY_NOT_ASK = (
    "The account may not ask for calls in progress, so those are missing at the beginning. "
    f"The right for it in manager.conf is write = {RESYNC_RIGHT}."
)
_CANNOT_FOLLOW = "bubbled fails to follow these calls, by a defect of its own; the recording goes on."


class Recording(ABC):
    """Writes down what a PBX says, through lost connections, and counts what it hears.

    Attributes:
        events: how many the PBX has sent.
        calls: how many of the user's calls have been seen.
        has_begun: whether the PBX let us in.
    """

    def __init__(self, recorder: Recorder, on_news: Callable[[str], None]) -> None:
        """Prepare; `run` connects. `on_news` gets a line for the user when something happens on the way."""
        self.events = 0
        self.calls = 0
        self.has_begun = False
        self._recorder = recorder
        self._on_news = on_news
        self._is_lost = False
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Record until `stop` or cancellation.

        Raises:
            PbxError: the first connection failed, or nothing more can be written.
        """
        following = asyncio.create_task(self._listen(), name="PBX")
        try:
            await asyncio.wait((following, self._over), return_when=asyncio.FIRST_COMPLETED)
        finally:
            following.cancel()
            await asyncio.wait((following,))
        await (self._over if self._over.done() else following)

    def stop(self) -> None:
        """Let `run` return."""
        if not self._over.done():
            self._over.set_result(None)

    @abstractmethod
    async def _listen(self) -> NoReturn:
        """Connect, again and again."""

    def _fail(self, reason: PbxError) -> None:
        if not self._over.done():
            self._over.set_exception(reason)

    def _write(self, data: bytes) -> None:
        self._recorder.write(data)
        if self._recorder.failure is not None:
            self._fail(self._recorder.failure)

    def _state_changed(self, state: State) -> None:
        match state:
            case Connecting():
                pass
            case Up():
                self.has_begun = True
            case Down(reason=reason) | Refused(reason=reason):
                self._recorder.end_connection()
                self._lost(reason)
            case _:
                assert_never(state)

    def _lost(self, reason: PbxError) -> None:
        if not self.has_begun:
            self._fail(reason)
        elif not self._is_lost:
            self._is_lost = True
            self._on_news(f"{reason} bubbled keeps trying.")

    def _tell_begun(self) -> None:
        self._on_news(_AGAIN if self._is_lost else _BEGUN)
        self._is_lost = False

    def _count(self, changes: Sequence[CallChange]) -> None:
        self.calls += sum(change.kind is ChangeKind.STARTED and change.call.owner == ME for change in changes)


class AmiRecording(Recording):
    """A recording of AMI: the bytes of every connection."""

    def __init__(
        self, access: Access, tracker: Tracker, recorder: Recorder, on_news: Callable[[str], None]
    ) -> None:
        """Prepare; see `Recording`."""
        super().__init__(recorder, on_news)
        self._tracker: Tracker | None = tracker
        self._client = AmiClient(access, on_state=self._state_changed, tap=self._write)

    async def _listen(self) -> NoReturn:
        await self._client.run(self._serve)

    async def _serve(self, connection: Connection) -> None:
        rows = await self._calls_in_progress(connection)
        self._follow(partial(Tracker.resync, rows=rows))
        self._tell_begun()
        async for message in connection.events():
            self.events += "Event" in message
            self._follow(partial(Tracker.apply, message=message))

    async def _calls_in_progress(self, connection: Connection) -> list[Message]:
        """Ask as the daemon does, so that replaying the answer tells these calls too."""
        try:
            return await connection.list({"Action": "Status"})
        except ActionRefusedError:
            self._on_news(_MAY_NOT_ASK)
            return []

    def _follow(self, track: Callable[[Tracker], Sequence[CallChange]]) -> None:
        if self._tracker is None:
            return
        try:
            changes = track(self._tracker)
        except Exception:  # noqa: BLE001 - a recording that is to show a defect must not end by it
            self._tracker = None
            self._on_news(_CANNOT_FOLLOW)
            return
        self._count(changes)


class SipRecording(Recording):
    """A recording of SIP: every whole message of the PBX."""

    def __init__(
        self, access: SipAccess, tracker: SipTracker, recorder: Recorder, on_news: Callable[[str], None]
    ) -> None:
        """Prepare; see `Recording`."""
        super().__init__(recorder, on_news)
        self._source = SipSource(
            access, tracker, on_changes=self._count, on_state=self._state_changed, tap=self._take
        )

    async def _listen(self) -> NoReturn:
        await self._source.run()

    def _take(self, message: bytes) -> None:
        # A datagram may hold anything; in a file it must not swallow what follows.
        try:
            is_whole = list(Framer().feed(message)) == [message]
        except MalformedError:
            is_whole = False
        if is_whole:
            self.events += message.startswith(b"NOTIFY ")
            self._write(message)

    def _state_changed(self, state: State) -> None:
        super()._state_changed(state)
        if isinstance(state, Up):
            self._tell_begun()
