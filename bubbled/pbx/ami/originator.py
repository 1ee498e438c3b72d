"""Places the user's own calls on the PBX, and tells of each until a phone rings for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.error import PbxError
from bubbled.model import Failure
from bubbled.pbx.ami.click_to_call import Clicks, failure_of_device, failure_of_refusal, originate
from bubbled.pbx.ami.error import ActionRefusedError, ActionUnknownError, UnsafeActionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.model import CallChange, Device
    from bubbled.pbx.ami.click_to_call import Click
    from bubbled.pbx.ami.client import AmiClient
    from bubbled.pbx.ami.framing import Message

BOOT_S: Final = 5.0
"""How long after connecting a PBX may still be reading its dialplan, and refuse numbers that it will know."""

BOOT_PAUSE_S: Final = 1.0

OVERDUE_S: Final = 10.0
"""How much longer than the phone may ring the PBX may take to say that it was not lifted."""

log = structlog.get_logger()


class Originator:
    """Asks for calls over one client, each once, and never again when the answer is lost."""

    def __init__(self, client: AmiClient, on_click: Callable[[Sequence[CallChange]], None]) -> None:
        """Tell `on_click` of clicks for as long as no phone rings; it must not block nor raise."""
        self._client = client
        self._on_click = on_click
        self._clicks = Clicks()
        self._connected_s = 0.0
        self._explaining: set[asyncio.Task[None]] = set()

    async def dial(self, click: Click) -> Failure | None:
        """Ask the PBX, once, to ring the user's phone and then call somebody.

        Returns:
            None once the PBX has understood; else why it has not, which `on_click` is told too.
        """
        self._on_click([self._clicks.begin(click)])
        failure = await self._ask_for(click)
        if failure is Failure.NUMBER_REFUSED and self._may_still_boot():
            # What was refused outright did not happen, so that asking again calls nobody twice.
            await asyncio.sleep(BOOT_PAUSE_S)
            failure = await self._ask_for(click)
        if failure is None:
            overdue_s = click.ring_s + OVERDUE_S
            asyncio.get_running_loop().call_later(overdue_s, self._fail, click, Failure.UNKNOWN)
        else:
            self._fail(click, failure)
        return failure

    async def device_state(self, device: Device) -> str | None:
        """Ask how a phone is, in the words of Asterisk's DEVICE_STATE: `NOT_INUSE`; None: nobody tells."""
        try:
            answer = await self._client.action({"Action": "Getvar", "Variable": f"DEVICE_STATE({device})"})
        except PbxError:
            return None
        return answer.get("Value") or None

    def connected(self) -> None:
        """Take note that the PBX has just been reached."""
        self._connected_s = asyncio.get_running_loop().time()

    def take_over(self, changes: Sequence[CallChange]) -> None:
        """Leave the calls to the tracker that it tells of: their phone rings."""
        self._clicks.take_over(changes)

    def follow(self, message: Message) -> None:
        """Take an event of the PBX, after the tracker."""
        ended, unreached = self._clicks.follow(message)
        self._tell(ended)
        if unreached is not None:
            task = asyncio.create_task(self._explain(unreached), name="why the phone does not ring")
            self._explaining.add(task)
            task.add_done_callback(self._explaining.discard)

    def connection_lost(self) -> None:
        """Give up what no phone rings for yet: what becomes of it is not known, and it is not repeated."""
        self._tell(self._clicks.fail_all(Failure.UNKNOWN))

    def _may_still_boot(self) -> bool:
        return asyncio.get_running_loop().time() - self._connected_s < BOOT_S

    async def _ask_for(self, click: Click) -> Failure | None:
        try:
            await self._client.action(originate(click))
        except ActionRefusedError as error:
            reason = error.response.get("Message", "")
            log.warning("the PBX refused to place a call", reason=reason)
            return failure_of_refusal(reason)
        except ActionUnknownError as error:
            log.warning("nobody knows whether a call was placed; it is not repeated", reason=str(error))
            return Failure.UNKNOWN
        except UnsafeActionError as error:
            log.warning("a call was not placed", reason=str(error))
            return Failure.PBX_REFUSED
        except PbxError as error:
            log.warning("a call was not placed", reason=str(error))
            return Failure.NOT_CONNECTED
        return None

    async def _explain(self, click: Click) -> None:
        self._fail(click, failure_of_device(await self.device_state(click.device)))

    def _fail(self, click: Click, failure: Failure) -> None:
        self._tell(self._clicks.fail(click, failure))

    def _tell(self, changes: Sequence[CallChange]) -> None:
        if changes:
            self._on_click(changes)
