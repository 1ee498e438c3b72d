"""Rings the user's own phone, and sees whether the popup of that call comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bubbled.cli.output import harmless
from bubbled.control.check import Check, Verdict
from bubbled.settings.schema import PbxKind
from bubbled.setup.own_popup import ring
from bubbled.setup.trial import devices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.cli.setup.finish import Desk
    from bubbled.settings.schema import Settings


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

    def ringing() -> None:
        desk.look.note("It rings. Lift it, or let it ring: the line is silent.")

    with desk.look.busy(f"{device} is called"):
        asyncio.run(ring(settings, device, desk.client, ringing, tell))
    if _is_up(checks) and not desk.prompt.is_wished("Did you see the popup?", default=True):
        advice = "`bubbled doctor` and `bubbled why` tell more; your desktop may be set to show none now."
        tell(Check("Popup", Verdict.WARNING, "shown, but not seen", advice))
    return checks


def _is_up(checks: Iterable[Check]) -> bool:
    return any(check.name == "Popup" and check.verdict is Verdict.OK for check in checks)
