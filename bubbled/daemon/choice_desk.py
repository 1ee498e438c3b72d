"""Choices by command among several contacts that have one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.choice import Match, Matches
from bubbled.error import ControlError
from bubbled.popup.match import told_apart
from bubbled.wire import contact_json

if TYPE_CHECKING:
    from bubbled.daemon.desk import Desk
    from bubbled.history.store import History
    from bubbled.model import CallId, Contact
    from bubbled.popup.subject import Finding


async def matches(desk: Desk, history: History, call_id: CallId | None) -> Matches | None:
    """Tell who may be on the line of a call; None: of the latest that leaves a choice.

    Returns:
        None when there is no such call.
    """
    wanted = desk.research.with_choice() if call_id is None else call_id
    if wanted is None or (desk.research.trace(wanted) is None and await history.call(wanted) is None):
        return None
    return _told(wanted, desk.research.finding(wanted))


async def choose(desk: Desk, history: History, call_id: CallId | None, match: int) -> Matches | None:
    """Take one of the matches, counted from 1, for the other party; gives them as `matches` does then.

    Raises:
        ControlError: there is no such match.
    """
    found = await matches(desk, history, call_id)
    if found is None:
        return None
    contacts = _choosable(desk.research.finding(found.call_id))
    if not 1 <= match <= len(contacts):
        raise ControlError(
            f"There is no {match} to choose; `bubbled choose` lists whom there is, for calls that go on "
            "and for the last that ended."
        )
    desk.choose(found.call_id, contacts[match - 1])
    return _told(found.call_id, desk.research.finding(found.call_id))


def _choosable(finding: Finding) -> tuple[Contact, ...]:
    """The matches, where there are several; else the one that there is."""
    return finding.matches or ((finding.contact,) if finding.contact else ())


def _told(call_id: CallId, finding: Finding) -> Matches:
    contacts = _choosable(finding)
    return Matches(
        call_id,
        tuple(
            Match(line, contact_json(contact), is_chosen=contact == finding.contact)
            for line, contact in zip(told_apart(contacts), contacts, strict=True)
        ),
    )
