"""Rings the user's own phone, and sees whether the popup of that call comes."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from bubbled.cli.output import harmless
from bubbled.control.check import Check, Verdict
from bubbled.control.client import Client, NotRunningError
from bubbled.daemon import assembly
from bubbled.error import BubbledError, ControlError
from bubbled.settings.schema import PbxKind
from bubbled.setup import own_call
from bubbled.setup.trial import devices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.cli.setup.finish import Desk
    from bubbled.model import Device
    from bubbled.settings.schema import Settings

_PATIENCE_S: Final = 6.0
_PAUSE_S: Final = 0.1


def call_myself(desk: Desk, settings: Settings) -> list[Check]:
    """Ask first, ring, and tell while it rings whether there is a popup; nothing where AMI is not used."""
    if settings.pbx.kind is PbxKind.SIP or not desk.known.is_logged_in:
        return []
    device = devices(desk.answers, desk.known)[0]
    if not desk.prompt.is_wished(f"Ring your phone {harmless(device)} now, to see its popup?", default=True):
        return []
    checks: list[Check] = []

    def tell(check: Check) -> None:
        desk.look.checks([check])
        checks.append(check)

    try:
        with desk.look.busy(f"{device} is called"):
            asyncio.run(_ring(desk, settings, device, tell))
    except BubbledError as error:
        tell(Check("Test call", Verdict.WARNING, str(error)))
    if _is_up(checks) and not desk.prompt.is_wished("Did you see the popup?", default=True):
        advice = "`bubbled doctor` and `bubbled why` tell more; your desktop may be set to show none now."
        tell(Check("Popup", Verdict.WARNING, "shown, but not seen", advice))
    return checks


def _is_up(checks: Iterable[Check]) -> bool:
    return any(check.name == "Popup" and check.verdict is Verdict.OK for check in checks)


async def _ring(desk: Desk, settings: Settings, device: Device, tell: Any) -> None:
    call_id = own_call.new_call_id()

    async def look() -> None:
        desk.look.note("It rings. Lift it, or let it ring: the line is silent.")
        tell(await asyncio.to_thread(_popup_of, desk.client, call_id))

    access = await assembly.ami_access(settings.pbx)
    tell(_rang(await own_call.ring(access, device, call_id, look), device))


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
