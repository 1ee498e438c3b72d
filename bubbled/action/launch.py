"""Programs that live on their own: a browser must outlive the daemon whose button opened it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.action.port import ActionError, Trouble
from bubbled.thread import FreeThreads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The unit of the daemon has restrictions that a browser cannot live with, and what is in its control group
# ends with it; so systemd starts the program (systemd-run(1)). What that leaves behind when it ends goes on,
# as a browser does that was started by another program.
_OUTSIDE: Final = (
    *("systemd-run", "--user", "--quiet", "--collect", "--wait", "--service-type=exec"),
    *(f"--property={each}" for each in ("KillMode=process", "StandardOutput=null", "StandardError=null")),
)
_OF_THE_DESKTOP: Final = (
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_TYPE",
    "DESKTOP_SESSION",
    "BROWSER",
    "LANG",
    "LANGUAGE",
)


async def finish(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Start a program, and give its exit status when it ends, which may be never.

    Who gives up waiting leaves it running. Nothing of what it says is kept.

    Raises:
        ActionError: it is missing or cannot be started.
    """
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        raise ActionError(Trouble.NO_PROGRAM, command[0])
    line = [program, *command[1:]]
    if _is_service() and shutil.which(_OUTSIDE[0]):
        line = _by_systemd(line, environment)
    try:
        # A thread of its own: asyncio ends its processes when their loop ends.
        return await asyncio.wrap_future(FreeThreads().submit(_run, line, environment))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ActionError(Trouble.CANNOT_START, f"{command[0]} ({reason})") from error


def _is_service() -> bool:
    """Whether a service manager of the user's has started us, which can start others."""
    manager = Path(os.environ.get("XDG_RUNTIME_DIR", ""), "systemd", "private")
    return "NOTIFY_SOCKET" in os.environ and manager.is_socket()


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    home = Path(environment.get("HOME", "/"))
    process = subprocess.Popen(  # noqa: S603 - an argument list: no shell reads it
        command,
        env=dict(environment),
        cwd=home if home.is_dir() else "/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return process.wait()


def _by_systemd(command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The same by way of the user's service manager, which would replace `${...}` in arguments."""
    told = (f"--setenv={name}={environment[name]}" for name in _OF_THE_DESKTOP if name in environment)
    home = environment.get("HOME", "/")
    arguments = [each.replace("$", "$$") for each in command[1:]]
    return [*_OUTSIDE, f"--working-directory={home}", *told, "--", command[0], *arguments]
