"""The checks that `bubbled doctor` makes by itself, without a daemon."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bubbled.control.check import Check, Verdict
from bubbled.daemon import button_check, check, journal
from bubbled.error import BubbledError, ConfigError
from bubbled.settings.loading import load
from bubbled.settings.mistake import InvalidSettings
from bubbled.settings.schema import Log, LogLevel

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.settings.schema import Settings

Look = Callable[["Settings"], Awaitable[Sequence[Check]]]
"""Looks at one thing that the settings name; a `BubbledError` says that it does not work at all."""

LOOKS: Mapping[str, Look] = {
    "PBX": check.pbx,
    "Popups": check.popups,
    "Buttons": button_check.buttons,
    "Directories": check.directories,
}
"""What is looked at, by name, in the order of the report."""

_LOOK_LIMIT_S = 15.0


def check_settings(path: Path) -> tuple[Settings | None, list[Check]]:
    """Read the settings file; give the settings, or None when they cannot be used, and what is to be said."""
    try:
        loaded = load(path)
    except InvalidSettings as error:
        advice = "Mend the settings file, then run `bubbled doctor` again."
        return None, [
            Check("Settings", Verdict.FAILED, f"{path}: {mistake}", advice) for mistake in error.mistakes
        ]
    except ConfigError as error:
        return None, [Check("Settings", Verdict.FAILED, str(error))]
    warnings = [Check("Settings", Verdict.WARNING, warning) for warning in loaded.warnings]
    return loaded.settings, [Check("Settings", Verdict.OK, str(path)), *warnings]


def run_checks(settings: Settings, looks: Mapping[str, Look] = LOOKS) -> list[Check]:
    """Look at everything that the settings name, all at once; one that fails or hangs stops no other."""
    journal.configure(Log(level=LogLevel.ERROR))  # what the checks find is told by the checks

    async def every() -> list[Sequence[Check]]:
        return await asyncio.gather(*(_guarded(name, look, settings) for name, look in looks.items()))

    return [check for checks in asyncio.run(every()) for check in checks]


async def _guarded(name: str, look: Look, settings: Settings) -> Sequence[Check]:
    try:
        async with asyncio.timeout(_LOOK_LIMIT_S):
            return await look(settings)
    except TimeoutError:
        return [Check(name, Verdict.FAILED, f"no answer within {_LOOK_LIMIT_S:g} s")]
    except (BubbledError, OSError) as error:
        return [Check(name, Verdict.FAILED, str(error))]
