"""What `bubbled doctor` looks at: the PBX and the account on it, the phones, the screen, the directories."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bubbled.control.check import Check, Verdict
from bubbled.daemon import assembly, directory_assembly
from bubbled.daemon.ami_check import by_ami
from bubbled.daemon.sip_check import by_sip
from bubbled.directory.order.answer import Question
from bubbled.directory.port import KnowsColumns, Phase
from bubbled.error import DirectoryError
from bubbled.model import E164
from bubbled.pbx.consequence import beside
from bubbled.settings.schema import PbxKind
from bubbled.settings.template import strange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.control.status import CallLogState, HotkeyState
    from bubbled.directory.order.lookup import Lookup
    from bubbled.directory.port import Directory, State
    from bubbled.popup.screen import Screen
    from bubbled.settings.popup import Quiet
    from bubbled.settings.schema import Settings

_PATIENCE_S = 8.0
"""For address books that are read for the first time; of a large one it is told how far it is."""

_ANY_NUMBER = E164("+31000000000")


async def pbx(settings: Settings) -> Sequence[Check]:
    """Reach the PBX as the daemon does, by each way that the settings name."""
    account = settings.pbx.sip_account
    ami = await by_ami(settings) if settings.pbx.kind is PbxKind.AMI else []
    if account is None:
        return ami
    sip = await by_sip(await assembly.sip_access(account, settings.me.extension))
    return [*_beside(ami, sip, "SIP"), *_beside(sip, ami, "AMI")]


def _beside(checks: Sequence[Check], others: Sequence[Check], way: str) -> Sequence[Check]:
    """Put right what is said of the one way where the other works, as its first check tells."""
    if not others or others[0].verdict is not Verdict.OK:
        return checks
    return [replace(check, text=beside(check.text, way)) for check in checks]


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
