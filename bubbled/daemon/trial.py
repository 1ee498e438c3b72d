"""One question to one directory of the settings, without a daemon: what `bubbled directory test` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.daemon.directory_kind import build
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import Phase, ReadFirst

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.order.answer import Asked, Question
    from bubbled.directory.port import Directory, Disclosure, State
    from bubbled.settings.directory import DirectorySettings

_PATIENCE: Final = Rules(budget_s=60.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it.

    Attributes:
        disclosures: which hosts were told what.
        state: how the directory does afterwards.
    """

    disclosures: tuple[Disclosure, ...]
    asked: Asked
    state: State


async def ask(
    settings: DirectorySettings, region: str, question: Question, tell: Callable[[State], None]
) -> Trial:
    """Build the directory, let it get ready, ask it as a call would, and take it down again.

    `tell` hears how far an address book is that is read or fetched first.
    """
    directory = build(settings, region)
    lookup = Lookup([Place(directory=directory, is_internal=question.stays_inside)], _PATIENCE)
    try:
        await lookup.start()
        await _until_ready(directory, tell)
        (asked,) = (await lookup.ask_every(question)).trace
        return Trial(directory.disclosures(question.number), asked, lookup.state_of(directory))
    finally:
        await lookup.aclose()


async def _until_ready(directory: Directory, tell: Callable[[State], None]) -> None:
    if isinstance(directory, ReadFirst):
        async for state in directory.states():
            tell(state)
            if state.phase is not Phase.INDEXING:
                return
