"""What `bubbled doctor` looks at: the PBX and the account on it, the phones, the screen, the directories."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bubbled.control.check import Check, Verdict
from bubbled.daemon import assembly, directory_assembly
from bubbled.daemon.sip_check import by_sip
from bubbled.directory.order.answer import Question
from bubbled.directory.port import KnowsColumns, Phase
from bubbled.error import DirectoryError, PbxError
from bubbled.model import E164
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ActionRefusedError
from bubbled.pbx.ami.team_note import EVENT, RIGHT, is_probe, probe
from bubbled.pbx.consequence import beside
from bubbled.settings.schema import PbxKind
from bubbled.settings.template import strange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.control.status import CallLogState, HotkeyState
    from bubbled.directory.order.lookup import Lookup
    from bubbled.directory.port import Directory, State
    from bubbled.model import Device
    from bubbled.pbx.ami.connection import Connection
    from bubbled.popup.screen import Screen
    from bubbled.settings.popup import Quiet
    from bubbled.settings.schema import Settings

_RIGHTS = {
    "Status": ("calls that began before bubbled connected do not pop up", "write = call"),
    "Originate": ("bubbled cannot place calls", "write = originate"),
    "Getvar": ("bubbled cannot tell which of your phones is registered", "write = call"),
}
"""The actions that bubbled needs, what is lacking without each, and the right in manager.conf for it."""

_PATIENCE_S = 8.0
"""For address books that are read for the first time; of a large one it is told how far it is."""

_ECHO_S = 3.0
"""As long as a busy PBX may take to tell an event to whoever raised it."""

_ANY_NUMBER = E164("+31000000000")

_DANGEROUS = ("Command", "UpdateConfig", "GetConfig", "AGI")
"""Actions that give whoever reads the user's settings more than the user's own calls."""


async def pbx(settings: Settings) -> Sequence[Check]:
    """Reach the PBX as the daemon does, by each way that the settings name."""
    account = settings.pbx.sip_account
    ami = await _by_ami(settings) if settings.pbx.kind is PbxKind.AMI else []
    if account is None:
        return ami
    sip = await by_sip(await assembly.sip_access(account, settings.me.extension))
    return [*_beside(ami, sip, "SIP"), *_beside(sip, ami, "AMI")]


def _beside(checks: Sequence[Check], others: Sequence[Check], way: str) -> Sequence[Check]:
    """Put right what is said of the one way where the other works, as its first check tells."""
    if not others or others[0].verdict is not Verdict.OK:
        return checks
    return [replace(check, text=beside(check.text, way)) for check in checks]


async def _by_ami(settings: Settings) -> list[Check]:
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


async def popups(settings: Settings) -> Sequence[Check]:
    """See who would show popups."""
    screen = assembly.screen(settings, lambda *_: None, lambda *_: None)
    await screen.start()
    try:
        return await shown_by(screen)
    finally:
        await screen.aclose()


async def shown_by(screen: Screen) -> list[Check]:
    """Ask a screen that runs."""
    description = await screen.describe()
    if screen.trouble is not None:
        return [Check("Popups", Verdict.FAILED, screen.trouble)]
    return [Check("Popups", Verdict.OK, description)]


async def directories(settings: Settings) -> Sequence[Check]:
    """Open the directories and ask each about a number that nobody has, to see how they do."""
    lookup = directory_assembly.lookup(settings)
    try:
        await lookup.start()
        # Whoever can answer is ready; what an address book is worth shows once it has been read.
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.gather(*map(_until_read, lookup.directories), return_exceptions=True)
        await lookup.ask_every(Question(_ANY_NUMBER))
        return [*state_of(lookup), *layout(settings, lookup)]
    finally:
        await lookup.aclose()


async def _until_read(directory: Directory) -> None:
    if directory.is_local:
        await directory.lookup(_ANY_NUMBER)


def state_of(lookup: Lookup) -> list[Check]:
    """Tell how directories do."""
    checks = [_directory(directory, lookup.state_of(directory)) for directory in lookup.directories]
    advice = "Add a [[directory]] to the settings to see names instead of numbers."
    return checks or [Check("Directories", Verdict.WARNING, "there are none", advice)]


def layout(settings: Settings, lookup: Lookup) -> list[Check]:
    """Tell of variables that nothing gives a value; nothing where a directory does not know its columns."""
    columns = {directory.name: _columns(directory) for directory in lookup.directories}
    if None in columns.values():
        return []
    known = frozenset[str]().union(*filter(None, columns.values()))
    advice = "`bubbled layout legend` lists what there is; a variable that is not there is always empty."
    return [
        Check("Layout", Verdict.WARNING, f"{key}: no address book has a column {name}", advice)
        for key, name in strange(settings)
        if name not in known
    ]


def _columns(directory: Directory) -> frozenset[str] | None:
    with suppress(DirectoryError):
        return directory.columns if isinstance(directory, KnowsColumns) else None
    return None


def call_log(states: Sequence[CallLogState], trouble: str | None) -> list[Check]:
    """Tell whether calls come to stand in the CRMs in which they should."""
    checks = [] if trouble is None else [Check("Call log", Verdict.WARNING, trouble)]
    return [*checks, *map(_logged, states)]


def _logged(state: CallLogState) -> Check:
    name, reason = f"Call log {state.directory}", f" ({state.reason})" if state.reason else ""
    if state.unsure or state.failed:
        text = f"{len(state.failed)} not written, {len(state.unsure)} perhaps not{reason}"
        advice = "`bubbled status` tells when they were: see whether they are there, and add what is missing."
        return Check(name, Verdict.WARNING, text, advice)
    if state.reason:
        return Check(name, Verdict.WARNING, f"{state.waiting} to be written{reason}")
    return Check(name, Verdict.OK, f"{state.waiting} to be written")


def hotkey(state: HotkeyState | None) -> list[Check]:
    """Tell how the key does that dials what is selected."""
    if state is None:
        return [Check("Hotkey", Verdict.OK, "none is wished")]
    if state.trouble is not None:
        return [Check("Hotkey", Verdict.WARNING, f"{state.key}: {state.trouble}")]
    if state.way is None:
        return [Check("Hotkey", Verdict.WARNING, f"{state.key}: not had yet")]
    return [Check("Hotkey", Verdict.OK, f"{state.key} dials what is selected ({state.way})")]


def keys(states: Mapping[str, HotkeyState]) -> list[Check]:
    """Tell how the keys of popups do, by their names; those that the user wants."""
    return [
        Check(name, Verdict.WARNING, state.trouble) if state.trouble else Check(name, Verdict.OK, state.key)
        for name, state in states.items()
    ]


def tray(trouble: str | None, *, is_wanted: bool) -> list[Check]:
    """Tell whether there is an icon in the tray."""
    if not is_wanted:
        return [Check("Tray", Verdict.OK, "none is wished")]
    if trouble is None:
        return [Check("Tray", Verdict.OK, "the icon is shown")]
    text, _, advice = trouble.partition("; ")
    return [Check("Tray", Verdict.WARNING, text, f"{advice[:1].upper()}{advice[1:]}." if advice else None)]


def quiet(troubles: Mapping[Quiet, str | None]) -> list[Check]:
    """Tell whether it is known when the desktop wants quiet; only of the reasons that the settings name."""
    return [
        Check(f"Quiet {reason.value}", Verdict.WARNING if trouble else Verdict.OK, trouble or "followed")
        for reason, trouble in troubles.items()
    ]


def _directory(directory: Directory, state: State) -> Check:
    name = f"Directory {directory.name}"
    if state.phase is Phase.FAILED:
        return Check(name, Verdict.FAILED, state.reason or "failed")
    count = directory.count
    contacts = "" if count is None else f"{count:,} {'contact' if count == 1 else 'contacts'}, "
    if state.remark:
        advice = "The rest is used. Mend what is named there, if it should be found."
        return Check(name, Verdict.WARNING, f"{contacts}{state}", advice)
    return Check(name, Verdict.OK, f"{contacts}{state}")
