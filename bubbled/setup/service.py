"""Installing bubbled as a service of the user, where systemd looks after users."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.control.client import PATIENT_S, Client, NotRunningError
from bubbled.error import ControlError
from bubbled.setup.unit import is_untouched, started_by, unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME: Final = "bubbled.service"

_PATIENCE_S: Final = 100.0
"""A start may wait for a keyring to be unlocked: as long as the unit lets it, and a little."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What systemctl said that did not do it."""

    text: str


def unit_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the user's own units are (systemd.unit(5), "Unit File Load Path")."""
    given = Path(environ.get("XDG_CONFIG_HOME", ""))
    base = given if given.is_absolute() else Path.home() / ".config"
    return base / "systemd" / "user" / NAME


def is_there() -> bool:
    """Whether a user manager of systemd answers."""
    return shutil.which("systemctl") is not None and not isinstance(_ask("show-environment"), Refused)


def wanted(command: Sequence[str]) -> str:
    """The unit that starts `command`."""
    return unit(_template(), command)


def install(command: Sequence[str], path: Path, client: Client) -> list[Check]:
    """Write the unit, unless the user has changed it, and let it run from now on and after each login.

    A bubbled that runs already reads the settings anew, or is started anew if its unit has changed.

    Args:
        command: what starts this very bubbled.
        path: of the unit.
        client: asks the one that runs.
    """
    if not is_there():
        advice = f"Let your desktop start it with your session: {' '.join(command)}"
        return [Check("Service", Verdict.SKIPPED, "no systemd looks after your programs here", advice)]
    checks, is_new = _put(command, path)
    if is_new and isinstance(refused := _ask("daemon-reload"), Refused):
        return [*checks, _failed("systemd does not read the unit", refused)]
    return [*checks, *_run(client, is_new=is_new)]


def enable(command: Sequence[str], path: Path) -> list[Check]:
    """Write the unit, unless the user has changed it, and let it run after each login; now nothing begins."""
    if not is_there():
        return [Check("Service", Verdict.SKIPPED, "no systemd looks after your programs here")]
    checks, is_new = _put(command, path)
    if is_new and isinstance(refused := _ask("daemon-reload"), Refused):
        return [*checks, _failed("systemd does not read the unit", refused)]
    if isinstance(refused := _ask("enable", NAME), Refused):
        return [*checks, _failed("it cannot be enabled", refused)]
    return [*checks, Check("Service", Verdict.OK, "bubbled runs after each login")]


def _put(command: Sequence[str], path: Path) -> tuple[list[Check], bool]:
    """Write the unit; gives what is to be said, and whether it has changed."""
    text, elsewhere = wanted(command), _elsewhere(path)
    if elsewhere is not None:
        return [Check("Service", Verdict.OK, f"its unit is {elsewhere}, which stays as it is")], False
    try:
        before = path.read_text(encoding="utf-8") if path.exists() or path.is_symlink() else None
    except (OSError, UnicodeDecodeError):
        before = ""
    if before == text:
        return [], False
    if before is not None and not is_untouched(before, _template()):
        advice = f"To have it made anew, move {path} away and run `bubbled setup` again."
        start = started_by(before) or "nothing"
        return [
            Check("Service", Verdict.WARNING, f"your unit stays as it is; it starts {start}", advice)
        ], False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return [Check("Service", Verdict.OK, f"its unit is {path}")], True


def _elsewhere(path: Path) -> str | None:
    """The unit of a package, where there is none of the user's own before it."""
    if path.exists() or path.is_symlink():
        return None
    found = _ask("show", NAME, "--property=FragmentPath", "--value")
    return None if isinstance(found, Refused) or not found else found


def _run(client: Client, *, is_new: bool) -> list[Check]:
    if isinstance(refused := _ask("enable", NAME), Refused):
        return [_failed("it cannot be enabled", refused)]
    is_active = _ask("is-active", NAME) == "active"
    if not is_active and (by_hand := reloaded(client)):
        return [by_hand]
    if is_active and not is_new and (again := reloaded(client)):
        return [again]
    if isinstance(refused := _ask("restart", NAME), Refused):
        return [_failed("it does not start", refused)]
    return [Check("Service", Verdict.OK, "bubbled runs, and will after each login")]


def reloaded(client: Client) -> Check | None:
    """Let the bubbled that runs read the settings; None where none runs."""
    try:
        client.post("/v1/reload", timeout_s=PATIENT_S)
    except NotRunningError:
        return None
    except ControlError as error:
        return Check("Service", Verdict.FAILED, str(error))
    return Check("Service", Verdict.OK, "bubbled runs already and has read the settings anew")


def _failed(what: str, refused: Refused) -> Check:
    advice = "`journalctl --user -u bubbled -n 20` tells more."
    return Check("Service", Verdict.FAILED, f"{what}: {refused.text}", advice)


def _ask(*arguments: str) -> str | Refused:
    """Run systemctl; gives what it says, without the last line break."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, and fixed words
            ["systemctl", "--user", *arguments],  # noqa: S607 - where it is depends on the distribution
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Refused(str(error))
    if done.returncode and arguments[0] != "is-active":
        return Refused(" ".join(done.stderr.split())[:300] or f"status {done.returncode}")
    return done.stdout.strip()


def _template() -> str:
    return (files("bubbled") / "examples" / "bubbled.service").read_text(encoding="utf-8")
