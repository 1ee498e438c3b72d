"""Asking the user for a text in a window of its own, where the popup itself cannot."""

from __future__ import annotations

import shutil
from asyncio.subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING, Final

from bubbled import child
from bubbled.action.port import ActionError, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKERS: Final = ("zenity", "kdialog")
"""Any of them does; each fits one family of desktops better."""

_LARGEST_BYTES: Final = 1 << 16
_CANCELLED: Final = 1


async def ask(title: str, prompt: str, environment: Mapping[str, str]) -> str | None:
    """Ask for one line; gives None when the user thinks better of it.

    Args:
        title: plain text, also from outside.
        prompt: our own words alone: some desktops take markup in it for markup.
        environment: that of the desktop.

    Raises:
        ActionError: there is nothing to ask with.
    """
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        raise ActionError(Trouble.NO_DESKTOP)
    process = await child.start(
        *_command(title, prompt, environment),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=dict(environment),
    )
    try:
        assert process.stdout  # noqa: S101 - it is a pipe
        answer = await process.stdout.read(_LARGEST_BYTES)
        status = await process.wait()
    finally:
        await child.end(process)
    if status not in {0, _CANCELLED}:
        raise ActionError(Trouble.NOBODY_ASKS)
    return answer.decode(errors="replace").strip() or None if status == 0 else None


def _command(title: str, prompt: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    zenity = ("--entry", f"--title={title}", f"--text={prompt}", "--width=460")
    asking = dict(zip(ASKERS, (zenity, ("--title", title, "--inputbox", prompt)), strict=True))
    is_kde = "KDE" in environment.get("XDG_CURRENT_DESKTOP", "")
    for name in reversed(ASKERS) if is_kde else ASKERS:
        if program := shutil.which(name, path=environment.get("PATH")):
            return (program, *asking[name])
    raise ActionError(Trouble.NOBODY_ASKS)
