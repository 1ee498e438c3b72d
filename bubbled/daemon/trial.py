"""One question to one directory of the settings, without a daemon: what `bubbled directory test` does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from bubbled.daemon.directory_kind import Surroundings, build
from bubbled.directory.http.blanking import SOURCE, Blanking, words_of
from bubbled.directory.http.recording import RecordingTransport, ReplayTransport
from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.directory import RestDirectory
from bubbled.directory.kinds.rest.feed import RestFeed
from bubbled.directory.local.synced import SyncedDirectory
from bubbled.directory.order.answer import Question, Reply
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place, Rules
from bubbled.directory.port import Phase, ReadFirst
from bubbled.model import E164
from bubbled.settings.secret import reveal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.http.port import Transport
    from bubbled.directory.order.answer import Asked
    from bubbled.directory.port import Directory, Disclosure, State
    from bubbled.settings.directory import DirectorySettings, RestSettings

_PATIENCE: Final = Rules(budget_s=60.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it.

    Attributes:
        disclosures: which hosts were told what.
        state: how the directory does afterwards.
        count: how many contacts it holds; None when it cannot know.
    """

    disclosures: tuple[Disclosure, ...]
    asked: Asked
    state: State
    count: int | None = None


async def ask(
    settings: DirectorySettings,
    region: str,
    question: Question,
    tell: Callable[[State], None] = lambda _state: None,
    surroundings: Surroundings | None = None,
) -> Trial:
    """Build the directory, let it get ready, ask it as a call would, and take it down again.

    As there, only a directory of colleagues is told extensions. `tell` hears how far an address book is that
    is read or fetched first.
    """
    directory = build(settings, region, surroundings)
    return await _ask(Place(directory=directory, is_internal=settings.internal), question, tell)


async def record(settings: RestSettings, region: str, question: Question, file: Path) -> Trial:
    """Ask as `ask` does, and write down what is said in `file`, with made-up numbers and names.

    Raises:
        ConfigError: the preset or a secret cannot be had.
        DirectoryError: the file exists already, or no other number can stand in for this one.
    """
    private = dict(settings.variables)
    for name, source in settings.secrets.items():
        private[f"secret_{name}"] = await reveal(source, what=f"The secret {name}", key=f"secrets.{name}")
    known = words_of(loading.find(settings.preset).read_text(encoding="utf-8"))
    blanking = Blanking(E164(question.number), private=private, known=known)
    with TemporaryDirectory(prefix="bubbled-") as folder:
        around = partial(_recorded, file=file, blanking=blanking)
        return await ask(settings, region, question, surroundings=Surroundings(around, Path(folder)))


def _recorded(inner: Transport, file: Path, blanking: Blanking) -> Transport:
    return RecordingTransport(inner, file, blanking)


async def replay(preset: str, file: Path) -> Trial:
    """Ask a preset what was asked when `file` was recorded; the recording answers.

    Raises:
        ConfigError: there is no such preset, or it cannot be used.
        DirectoryError: the file is no recording.
    """
    chosen, answers = loading.load(preset), ReplayTransport(file)
    given = {name: text for name, text in answers.variables.items() if not name.startswith("secret_")}
    # What leads to a server leads to the recording.
    variables = given | {name: SOURCE for name in chosen.variables if name.endswith("_url")}
    with TemporaryDirectory(prefix="bubbled-") as folder:
        directory: Directory
        if chosen.syncs:
            feed = RestFeed(chosen, variables, answers)
            index = Path(folder, "index.sqlite")
            directory = SyncedDirectory(preset, feed, index_path=index, region="NL", timeout_s=60.0)
        else:
            directory = RestDirectory(preset, chosen, variables, answers, region="NL", timeout_s=60.0)
        return await _ask(Place(directory=directory), Question(answers.number), lambda _state: None)


async def _ask(place: Place, question: Question, tell: Callable[[State], None]) -> Trial:
    # Any number may be a colleague's, as calls tell and a number alone does not.
    question = replace(question, is_internal=place.is_internal or question.is_internal)
    directory, lookup = place.directory, Lookup([place], _PATIENCE)
    try:
        await lookup.start()
        await _until_ready(directory, tell)
        (asked,) = (await lookup.ask_every(question)).trace
        told = () if asked.outcome is Reply.NOT_ASKED else directory.disclosures(question.number)
        return Trial(told, asked, lookup.state_of(directory), directory.count)
    finally:
        await lookup.aclose()


async def _until_ready(directory: Directory, tell: Callable[[State], None]) -> None:
    if isinstance(directory, ReadFirst):
        async for state in directory.states():
            tell(state)
            if state.phase is not Phase.INDEXING:
                return
