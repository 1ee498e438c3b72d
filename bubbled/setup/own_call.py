"""A real call of the PBX to the user's own phone, to see the popup of it."""

from __future__ import annotations

import asyncio
import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bubbled.error import PbxError
from bubbled.pbx.ami.client import AmiClient

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bubbled.model import Device
    from bubbled.pbx.ami.access import Access
    from bubbled.pbx.ami.connection import Connection

NAME: Final = "bubbled test"
NUMBER: Final = "0"
"""Whom the phone shows; nobody is called there. Neither the user's own number nor any other."""

RING_S: Final = 20.0

_SPEAKS_S: Final = 5
"""How long the line stays open, silently, when the phone is lifted."""


class Rang(StrEnum):
    """What became of it."""

    LIFTED = "lifted"
    NOT_LIFTED = "not lifted"
    NEVER_RANG = "never rang"


def new_call_id() -> str:
    """An id that no call had before; the PBX uses it as the Uniqueid."""
    return f"bubbled-setup-{uuid.uuid4().hex}"


async def ring(
    access: Access,
    device: Device,
    call_id: str,
    on_ringing: Callable[[], Coroutine[Any, Any, None]],
) -> Rang:
    """Ring a phone, as a call of its owner to `bubbled test`; lifted, it is silent, and soon hung up.

    It takes no more rights than calling does: `Wait` needs none of its own.

    Args:
        access: of the PBX.
        device: the phone.
        call_id: an id never used before.
        on_ringing: awaited once the phone rings, while it rings.

    Raises:
        PbxError: the PBX cannot be reached, or refuses.
    """
    connection = await AmiClient(access, wanted=("Newstate", "Hangup", "OriginateResponse")).connect()
    try:
        await connection.action(_originate(device, call_id))
        return await _followed(connection, call_id, on_ringing)
    finally:
        connection.abort(PbxError("The test call is over."))
        await connection.ended()


def _originate(device: Device, call_id: str) -> dict[str, str | list[str]]:
    return {
        "Action": "Originate",
        "Channel": device,
        "Application": "Wait",
        "Data": str(_SPEAKS_S),
        "Timeout": str(round(RING_S * 1000)),
        "Async": "true",
        "ChannelId": call_id,
        # What the phone shows, and the popup, as with calls that the user places.
        "Variable": [
            f"CONNECTEDLINE(name,i)={NAME}",
            f"CONNECTEDLINE(num,i)={NUMBER}",
            "CONNECTEDLINE(num-pres)=allowed",
        ],
    }


async def _followed(
    connection: Connection, call_id: str, on_ringing: Callable[[], Coroutine[Any, Any, None]]
) -> Rang:
    looking: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(RING_S + _SPEAKS_S + 5):
            async for message in connection.events():
                if message.get("Uniqueid") != call_id:
                    continue
                match message.get("Event"):
                    case "Newstate" if message.get("ChannelState") == "5" and looking is None:
                        looking = asyncio.create_task(on_ringing(), name="the popup of the test call")
                    case "OriginateResponse" if message.get("Response") == "Success":
                        return Rang.LIFTED
                    case "OriginateResponse" | "Hangup":
                        return Rang.NOT_LIFTED if looking else Rang.NEVER_RANG
                    case _:
                        pass
    except TimeoutError:
        pass
    finally:
        if looking is not None:
            await looking
    return Rang.NOT_LIFTED if looking else Rang.NEVER_RANG
