"""What buttons would lack on this desktop, told before one is pressed."""

from __future__ import annotations

import shutil
from enum import Enum, auto
from typing import TYPE_CHECKING

from bubbled.action.clipboard import WL_COPY
from bubbled.action.opener import OPENERS
from bubbled.action.port import ActionError, Trouble
from bubbled.action.question import ASKERS
from bubbled.display import Display

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


class Need(Enum):
    """What there are buttons for."""

    OPEN = auto()
    COPY = auto()
    ASK = auto()


def lacking(
    needs: Collection[Need], programs: Collection[str], environment: Mapping[str, str]
) -> Iterator[ActionError]:
    """Give an error for each thing that would be told after a press.

    Args:
        needs: see above.
        programs: those that buttons run.
        environment: that of the desktop.
    """

    def has(*names: str) -> bool:
        return any(shutil.which(name, path=environment.get("PATH")) for name in names)

    display = Display.from_environment(environment)
    if needs and not display.is_there:
        yield ActionError(Trouble.NO_DESKTOP)
    if Need.OPEN in needs and not has(*(each[0] for each in OPENERS)):
        yield ActionError(Trouble.NO_OPENER)
    if Need.COPY in needs and display.wayland and not has(WL_COPY):
        yield ActionError(Trouble.NO_CLIPBOARD, WL_COPY)
    if Need.ASK in needs and not has(*ASKERS):
        yield ActionError(Trouble.NOBODY_ASKS)
    for program in programs:
        if not has(program):
            yield ActionError(Trouble.NO_PROGRAM, program)
