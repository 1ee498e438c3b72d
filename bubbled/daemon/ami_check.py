"""What `bubbled doctor` looks at where calls are followed by AMI."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from bubbled.control.check import Check, Verdict
from bubbled.daemon import assembly
from bubbled.error import PbxError
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ActionRefusedError
from bubbled.pbx.ami.team_note import EVENT, RIGHT, is_probe, probe

if TYPE_CHECKING:
    from bubbled.model import Device
    from bubbled.pbx.ami.connection import Connection
    from bubbled.settings.schema import Settings

_RIGHTS = {
    "Status": ("calls that began before bubbled connected do not pop up", "write = call"),
    "Originate": ("bubbled cannot place calls", "write = originate"),
    "Getvar": ("bubbled cannot tell which of your phones is registered", "write = call"),
}
"""The actions that bubbled needs, what is lacking without each, and the right in manager.conf for it."""

_ECHO_S = 3.0
"""As long as a busy PBX may take to tell an event to whoever raised it."""

_DANGEROUS = ("Command", "UpdateConfig", "GetConfig", "AGI")
"""Actions that give whoever reads the user's settings more than the user's own calls."""


async def by_ami(settings: Settings) -> list[Check]:
    """Log in, and see what the account may do and which phones the PBX knows."""
    access = await assembly.ami_access(settings.pbx)
    try:
        connection = await AmiClient(access, wanted=(EVENT,)).connect()
    except PbxError as error:
        return [Check("PBX", Verdict.FAILED, str(error))]
    try:
        greeting = f"logged in at {access.address}, AMI {connection.version}"
        checks = [Check("PBX", Verdict.OK, greeting)]
        checks += await rights(connection)
        checks += await _notes(connection) if settings.team.share_notes else []
        checks += await phones(connection, settings.me.devices)
        checks += await _dial_phones(connection, settings)
    finally:
        connection.abort(PbxError("The check is over."))
        await connection.ended()
    return checks


async def rights(connection: Connection) -> list[Check]:
    """The PBX lists to each account the actions that it may use."""
    allowed = await connection.action({"Action": "ListCommands"})
    checks = [
        Check("Rights", Verdict.WARNING, f"may not {action}: {lack}", f"Give the account {right}.")
        for action, (lack, right) in _RIGHTS.items()
        if action not in allowed
    ]
    if excess := [action for action in _DANGEROUS if action in allowed]:
        advice = "Give the account no more than the stanza below does."
        text = f"may do more than bubbled needs: {', '.join(excess)}"
        checks.append(Check("Rights", Verdict.WARNING, text, advice))
    return checks or [Check("Rights", Verdict.OK, "may do what bubbled needs, and no more")]


async def _notes(connection: Connection) -> list[Check]:
    """See whether what one tells the team comes back, as it comes to the colleagues."""
    mark = f"probe-{secrets.token_hex(8)}"
    try:
        await connection.action(probe(mark))
    except ActionRefusedError:
        text, advice = "your notes are not told to the colleagues", f"Give the account write = {RIGHT}."
        return [Check("Notes", Verdict.WARNING, text, advice)]
    with suppress(TimeoutError):
        async with asyncio.timeout(_ECHO_S):
            async for message in connection.events():
                if is_probe(message, mark):
                    return [Check("Notes", Verdict.OK, "the PBX tells the notes of colleagues")]
    advice = f"Give the account read = {RIGHT}, and let its eventfilter pass {EVENT}, as below."
    return [Check("Notes", Verdict.WARNING, "notes of colleagues do not come", advice)]


async def phones(connection: Connection, devices: tuple[Device, ...]) -> list[Check]:
    """See which of the user's phones the PBX knows, and how they are; if none, name some of the others."""
    try:
        rows = await connection.list({"Action": "DeviceStateList"})
    except ActionRefusedError as error:
        return [Check("Phones", Verdict.SKIPPED, f"the PBX does not tell which phones it knows ({error})")]
    states = {row["Device"]: row.get("State", "") for row in rows if "Device" in row}
    known = [device for device in devices if device in states]
    if not known:
        others = ", ".join(sorted(filter(_is_phone, states))[:8]) or "none"
        advice = f"Set me.devices to the name of your phone. Phones that the PBX tells of: {others}."
        return [Check("Phones", Verdict.WARNING, f"the PBX tells of no phone {', '.join(devices)}", advice)]
    return [_phone(device, states[device]) for device in known]


async def _dial_phones(connection: Connection, settings: Settings) -> list[Check]:
    """Look at the phones that only [dial] names; the others are looked at as the user's own."""
    more = [device for device in assembly.phone_rules(settings).devices if device not in settings.me.devices]
    return [check for device in more if (check := await _dial_phone(connection, device)) is not None]


async def _dial_phone(connection: Connection, device: Device) -> Check | None:
    try:
        answer = await connection.action({"Action": "Getvar", "Variable": f"DEVICE_STATE({device})"})
    except ActionRefusedError:
        return None
    if answer.get("Value") == "INVALID":
        advice = "Mend from or names in [dial]: no call can begin there."
        return Check("Phones", Verdict.WARNING, f"the PBX does not know {device}", advice)
    return _phone(device, answer.get("Value", ""))


def _is_phone(device: str) -> bool:
    return device.startswith(("PJSIP/", "SIP/", "IAX2/"))


def _phone(device: Device, state: str) -> Check:
    if state in {"UNAVAILABLE", "INVALID"}:
        advice = "Is the phone switched on and connected?"
        return Check("Phones", Verdict.WARNING, f"{device} is not registered with the PBX", advice)
    return Check("Phones", Verdict.OK, f"the PBX knows {device}")
