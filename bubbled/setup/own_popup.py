"""The popup of the test call, as the bubbled that runs tells of it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.control.client import Client, NotRunningError
from bubbled.daemon import assembly
from bubbled.error import BubbledError, ControlError
from bubbled.setup import own_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.model import Device
    from bubbled.settings.schema import Settings

_PATIENCE_S: Final = 6.0
_PAUSE_S: Final = 0.1


async def ring(
    settings: Settings,
    device: Device,
    client: Client,
    on_ringing: Callable[[], None],
    tell: Callable[[Check], None],
) -> None:
    """Ring the user's own phone; `tell` hears of the popup while it rings, and of the call at its end."""
    call_id = own_call.new_call_id()

    async def look() -> None:
        on_ringing()
        tell(await asyncio.to_thread(_popup_of, client, call_id))

    try:
        access = await assembly.ami_access(settings.pbx)
        tell(_rang(await own_call.ring(access, device, call_id, look), device))
    except BubbledError as error:
        tell(Check("Test call", Verdict.WARNING, str(error)))


def _rang(rang: own_call.Rang, device: str) -> Check:
    match rang:
        case own_call.Rang.LIFTED:
            return Check("Test call", Verdict.OK, f"{device} rang and was lifted")
        case own_call.Rang.NOT_LIFTED:
            return Check("Test call", Verdict.OK, f"{device} rang")
        case own_call.Rang.NEVER_RANG:
            advice = "Is the phone switched on, and is it yours? `bubbled doctor` asks the PBX."
            return Check("Test call", Verdict.WARNING, f"{device} did not ring", advice)


def _popup_of(client: Client, call_id: str) -> Check:
    """Whether the daemon shows a popup of that call; it has a few seconds for it."""
    until = time.monotonic() + _PATIENCE_S
    popup = None
    try:
        while popup is None and time.monotonic() < until:
            popup = _reported(client, call_id)
            time.sleep(_PAUSE_S)
        return _judged(popup, client)
    except NotRunningError:
        return Check("Popup", Verdict.SKIPPED, "none, because bubbled does not run yet")
    except (ControlError, KeyError, TypeError) as error:
        return Check("Popup", Verdict.WARNING, f"it cannot be told: {error}")


def _reported(client: Client, call_id: str) -> str | None:
    """What the daemon says of the popup of a call; None while it says nothing."""
    calls = client.get("/v1/calls")["calls"]
    return next((each.get("popup") for each in calls if str(each.get("id")).startswith(call_id)), None)


def _judged(popup: str | None, client: Client) -> Check:
    if popup is None:
        return Check(
            "Popup", Verdict.WARNING, "bubbled did not hear of the call", "`bubbled doctor` tells why."
        )
    if popup != "shown":
        return Check("Popup", Verdict.WARNING, f"none: {popup}", "`bubbled why` tells more.")
    screen = client.get("/v1/status").get("screen")
    if screen is None:
        advice = "`bubbled doctor` tells what is missing on your desktop."
        return Check("Popup", Verdict.WARNING, "made, but nothing can show it", advice)
    return Check("Popup", Verdict.OK, f"there it is, of a real call ({screen})")
