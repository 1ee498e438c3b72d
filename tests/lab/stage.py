"""The cast of the scenarios on one PBX: three phones, everybody outside, and a clock that all share."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Self

from tests.lab.ami import CTI, FULL, Session, Tape, User
from tests.lab.config import SIP_PORT
from tests.lab.sip.phone import Account, Phone
from tests.lab.task import Tasks

if TYPE_CHECKING:
    from tests.lab.pbx import Asterisk
    from tests.lab.sip.call import Call
    from tests.lab.sip.message import Headers

CALLER = "+31612345678"
"""The usual caller from outside."""
OTHER_CALLER = "+31687654321"
DESTINATION = "0301234567"
"""What a user dials; it leaves the house as `DESTINATION_E164`."""
DESTINATION_E164 = "+31301234567"

_DID = "+31201000"
_IDLE_S = 10.0
_HEAR_S = 0.1


class Stage:
    """Phones 101 Alice, 102 Bob, 103 Carol, registered; `outside`, behind the trunk; and what a client sees.

    Attributes:
        recording: the connection that is recorded, while there is one.
        tape: what was recorded, over all connections.
        desk: the connection over which the user's own client clicks to call.
    """

    def __init__(self, pbx: Asterisk) -> None:
        self.pbx = pbx
        self.tape = Tape()
        self.recording: Session | None = None
        self._tasks = Tasks()
        self._began = time.monotonic()
        self.alice, self.bob, self.carol = (
            self._phone(Account(user, name, f"secret{user}"))
            for user, name in (("101", "Alice"), ("102", "Bob"), ("103", "Carol"))
        )
        self.outside = self._phone(Account("trunk", "trunk", ""))

    async def __aenter__(self) -> Self:
        network = self.pbx.network
        for phone in self.house:
            await phone.open((network.phone_ip, 0))
        await self.outside.open((network.trunk_ip, SIP_PORT))
        await self.register()
        self.control = await self._connect(FULL)
        self.desk = await self._connect(CTI)
        self._began = time.monotonic()
        return self

    async def __aexit__(self, *_: object) -> None:
        for call in [call for phone in self.everybody for call in phone.calls.values()]:
            await call.hang_up()
        await self.cut()
        for session in (self.control, self.desk):
            await session.close()
        for phone in self.everybody:
            phone.close()
        await self._tasks.close()

    @property
    def house(self) -> tuple[Phone, Phone, Phone]:
        """The phones that are extensions of the PBX."""
        return self.alice, self.bob, self.carol

    @property
    def everybody(self) -> tuple[Phone, ...]:
        """All phones, the outside world included."""
        return (*self.house, self.outside)

    @property
    def trace(self) -> str:
        """All SIP messages of all phones, a line each."""
        return "\n".join(sorted(line for phone in self.everybody for line in phone.trace))

    def clock(self) -> float:
        """Return the seconds since the scenario began."""
        return time.monotonic() - self._began

    async def register(self) -> None:
        """Have all phones of the house tell the PBX where they are."""
        for phone in self.house:
            await phone.register()

    # ---- what a scenario does

    async def inbound(
        self,
        extension: str = "101",
        *,
        number: str = CALLER,
        name: str = "",
        caller: str = "",
        headers: Headers = (),
    ) -> Call:
        """Call the house from outside; returns the caller's end.

        Args:
            extension: which direct number is dialled.
            number: the caller's.
            name: the caller's.
            caller: a whole From value instead of number and name.
            headers: what else the carrier says.
        """
        quoted = f'"{name}" ' if name else ""
        caller = caller or f"{quoted}<sip:{number}@{self.outside.ip}>"
        return await self.outside.call(f"{_DID}{extension.zfill(3)}", caller=caller, headers=headers)

    async def conversation(
        self, phone: Phone | None = None, *, number: str = CALLER, name: str = "", caller: str = ""
    ) -> tuple[Call, Call]:
        """Call Alice, or another, from outside, have it answered, and return both ends."""
        phone = phone or self.alice
        outer = await self.inbound(phone.user, number=number, name=name, caller=caller)
        inner = await phone.rings()
        await pause(0.6)
        await inner.answer()
        await outer.is_up()
        await pause(1.0)
        return outer, inner

    # ---- what is recorded

    async def record(self, user: User = CTI, *, resync: bool = False) -> float:
        """Begin to record, or go on after a loss; return the time when that was done.

        Args:
            user: the AMI account.
            resync: ask for the calls in progress, as a client does.
        """
        self.recording = await Session.connect(self.pbx.ami, user, self.clock, self.tape)
        if resync:
            await self.recording.status()
        return self.clock()

    async def cut(self) -> None:
        """Lose the connection that is recorded."""
        if self.recording:
            await self.recording.close()
            self.recording = None

    async def restart_pbx(self) -> None:
        """Restart the PBX, and everybody finds it again."""
        for session in (self.control, self.desk):
            await session.close()
        await self.pbx.restart()
        self.control, self.desk = await self._connect(FULL), await self._connect(CTI)
        await self.register()

    async def idle(self) -> None:
        """Wait until the PBX has no channels and nobody a call.

        Raises:
            TimeoutError: something was left over.
        """
        async with asyncio.timeout(_IDLE_S):
            while any(phone.calls for phone in self.everybody) or await self._channels():
                await pause(0.1)

    async def heard(self) -> None:
        """Wait until the recorded connection has got all that the PBX has said so far."""
        await pause(_HEAR_S)

    async def _channels(self) -> int:
        response = await self.control.action("CoreShowChannels")
        end = await self.control.event("CoreShowChannelsComplete", ActionID=response["ActionID"])
        return int(end["ListItems"])

    async def _connect(self, user: User) -> Session:
        return await Session.connect(self.pbx.ami, user, self.clock)

    def _phone(self, account: Account) -> Phone:
        return Phone(account, (self.pbx.network.pbx_ip, SIP_PORT), self._tasks, self.clock)


async def pause(seconds: float) -> None:
    """Let time pass, as people do: in a scenario it is part of the story."""
    await asyncio.sleep(seconds)
