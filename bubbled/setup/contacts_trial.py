"""Trying an address book: how many it holds, and who has a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from bubbled.control.check import Check, Verdict
from bubbled.daemon.trial import ask
from bubbled.directory.order.answer import Question, Reply
from bubbled.directory.port import Phase
from bubbled.model import E164
from bubbled.number import to_e164
from bubbled.settings.directory import DirectorySettings
from bubbled.setup.answer import NUMBER, REGION, Answers
from bubbled.setup.document import applied, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.daemon.trial import Trial
    from bubbled.directory.port import State
    from bubbled.model import Contact
    from bubbled.setup.known import Known

_ANY_NUMBER: Final = E164("+31000000000")
"""Whom to ask about where the user names no number; nobody has it."""
_ANSWERED: Final = frozenset({Reply.HIT, Reply.MISS})


async def try_contacts(answers: Answers, known: Known, tell: Callable[[State], None]) -> tuple[Check, ...]:
    """Read or ask the directory that was answered; `tell` hears how far it is."""
    region = answers.get(REGION) or known.default(REGION) or "NL"
    number = answers.get(NUMBER, "")
    e164 = to_e164(number, region) if number else _ANY_NUMBER
    if e164 is None:
        return (Check("Number", Verdict.FAILED, f"{number} is no possible phone number in {region}"),)
    table = applied(known.present, values(answers, known, {}))["directory"][-1]
    try:
        settings: DirectorySettings = TypeAdapter(DirectorySettings).validate_python(table)
    except ValidationError as error:  # its own text would repeat values, of which some are secrets
        where = ", ".join(str(each["loc"][-1]) for each in error.errors())
        return (Check("Contacts", Verdict.FAILED, f"its settings are not usable: see {where}"),)
    trial = await ask(settings, region, Question(e164), tell)
    found = _directory(trial)
    if number and found.verdict is not Verdict.FAILED:
        return (found, _lookup(number, trial))
    return (found,)


def _directory(trial: Trial) -> Check:
    name = "Contacts"
    if trial.state.phase is Phase.FAILED or trial.asked.outcome not in _ANSWERED:
        return Check(name, Verdict.FAILED, trial.asked.error or trial.state.reason or str(trial.state))
    if trial.count == 0:
        advice = "Is it the right file, with a heading for the names and one for the numbers?"
        return Check(name, Verdict.FAILED, f"it holds no contact with a number ({trial.state})", advice)
    verdict = Verdict.WARNING if trial.state.remark else Verdict.OK
    return Check(name, verdict, f"{_counted(trial.count)}{trial.state}")


def _counted(count: int | None) -> str:
    if count is None:
        return ""
    return "1 contact, " if count == 1 else f"{count:,} contacts, "


def _lookup(number: str, trial: Trial) -> Check:
    if not trial.asked.matches:
        advice = "Type it as it stands there; another country's numbers need region in the settings."
        return Check("Lookup", Verdict.WARNING, f"nobody in it has {number}", advice)
    text = f"{number} is {_named(trial.asked.matches[0])} ({trial.asked.ms:.0f} ms)"
    return Check("Lookup", Verdict.OK, text)


def _named(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.name, contact.company))) or "somebody without a name"
