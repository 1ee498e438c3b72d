"""Asks again who it was, where the terms of a directory allow to keep no more of a contact than its id."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.daemon.apart import kept_apart
from bubbled.directory.port import AskedAgain
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bubbled.directory.order.lookup import Lookup
    from bubbled.history.past_call import PastCall
    from bubbled.model import Contact

MOST_ASKED: Final = 20
"""Contacts for one list of calls: each is a question that may cost money."""

_log = structlog.get_logger()


class Renewal:
    """Knows the directories that are asked now, and which of them can be asked for a contact by its id."""

    def __init__(self, lookup: Callable[[], Lookup]) -> None:
        """`lookup` gives what asks the directories now, since a reload of the settings exchanges it."""
        self._lookup = lookup

    async def contact(self, directory: str, contact_id: str) -> Contact | None:
        """What the directory says now; None when it is gone, cannot tell, or takes too long."""
        asked = next((each for each in self._lookup().directories if each.name == directory), None)
        if not isinstance(asked, AskedAgain):
            return None
        with kept_apart("directories"):
            return await _told(asked, contact_id)
        return None

    async def calls(self, past: Sequence[PastCall]) -> list[PastCall]:
        """The calls with their contacts whole, as far as that can be had; the latest first in line."""
        wanted = dict.fromkeys(key for call in reversed(past) if (key := _key(call)) is not None)
        keys = list(wanted)[:MOST_ASKED]
        contacts = await asyncio.gather(*(self.contact(*key) for key in keys))
        known = dict(zip(keys, contacts, strict=True))
        return [_with(call, known.get(key)) if (key := _key(call)) else call for call in past]


async def _told(directory: AskedAgain, contact_id: str) -> Contact | None:
    try:
        async with asyncio.timeout(directory.timeout_s):
            return await directory.refresh(contact_id)
    except (DirectoryError, TimeoutError) as problem:
        _log.debug("a contact is not told again", directory=directory.name, reason=str(problem))
        return None


def _key(call: PastCall) -> tuple[str, str] | None:
    """Whom to ask for what; None where the contact is whole, or nobody."""
    contact = call.contact
    if contact is None or not contact.transient or contact.name or not contact.id:
        return None
    return contact.directory, contact.id


def _with(call: PastCall, contact: Contact | None) -> PastCall:
    return call if contact is None else replace(call, contact=contact)
