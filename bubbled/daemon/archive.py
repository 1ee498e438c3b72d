"""What is kept of calls: in the history, and in the CRMs where calls are logged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bubbled.daemon.apart import kept_apart
from bubbled.daemon.outside import OutsideParties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bubbled.daemon.call_log import CallLog
    from bubbled.history.store import History
    from bubbled.model import E164, Call, CallChange, CallId, Contact, Dealings


class Archive:
    """Keeps calls. A defect in the history or in a CRM goes to the log and keeps neither the other from work.

    Attributes:
        names: colleagues by extension.
        call_log: writes calls into CRMs; None until it is there.
    """

    def __init__(self, history: History, names: Mapping[str, str]) -> None:
        self.names = names
        self.call_log: CallLog | None = None
        self._history = history
        self._outside = OutsideParties()

    def my_call_changed(self, change: CallChange, now: datetime) -> None:
        """Keep a change of the user's call; one with a customer also where it ends with a colleague."""
        party = self._outside.after(change)
        if party is not None:
            change = replace(change, call=party.ended_as(change.call))
        with kept_apart("call log"):
            if self.call_log is not None:
                self.call_log.changed(change, now)
        self.call_changed(change, now)
        if party is not None and party.contact is not None:
            self._name(change.call.id, party.call.e164 or party.call.number or "", party.contact)

    def call_changed(self, change: CallChange, now: datetime) -> None:
        """Have the history keep a change of anybody's call."""
        with kept_apart("history"):
            self._history.record(change, now)

    def found(self, call_id: CallId, number: str, contact: Contact) -> None:
        """Keep who has the number that was on the line of a call."""
        self._outside.found(call_id, number, contact)
        self._name(call_id, number, contact)

    def chosen(self, call_id: CallId, call: Call | None, contact: Contact) -> None:
        """Keep whom the user says to be on the line of a `call`; None of one that is over."""
        if call is not None:
            self._outside.found(call_id, call.e164 or call.number or "", contact)
        with kept_apart("history"):
            self._history.contact(call_id, contact)
        with kept_apart("call log"):
            if self.call_log is not None:
                self.call_log.chosen(call_id, contact)

    def verdict(self, call_id: CallId, text: str) -> None:
        """Keep whether a call had a popup: "shown", or why not."""
        with kept_apart("history"):
            self._history.verdict(call_id, text)

    async def dealings(self, call_id: CallId, number: E164 | None) -> Dealings:
        """Tell what was with a number before a call; None: only what is noted of the call itself."""
        return await self._history.dealings(number, before=call_id, names=self.names)

    def _name(self, call_id: CallId, number: str, contact: Contact) -> None:
        with kept_apart("history"):
            self._history.contact(call_id, contact)
        with kept_apart("call log"):
            if self.call_log is not None:
                self.call_log.found(call_id, number, contact)
