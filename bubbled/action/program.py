"""Running a program that the user's settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.action.launch import finish
from bubbled.action.port import ActionError, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


async def run(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a program with its arguments as they are; returns when it has ended.

    Raises:
        ActionError: it is missing, cannot be started, or fails.
    """
    if status := await finish(arguments, environment):
        raise ActionError(Trouble.PROGRAM_FAILED, f"{arguments[0]} ({status})")
