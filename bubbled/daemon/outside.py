"""With whom outside a call was that ends among colleagues. Pure.

When a user consults a colleague by a feature code of the PBX, his one channel talks with the customer, then
with the colleague, and there the call ends, transferred or not. On the screen a call is with whoever is on
the line; in the history and in a CRM that call is the one with the customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bubbled.model import ChangeKind

if TYPE_CHECKING:
    from bubbled.model import Call, CallChange, CallId, Contact


@dataclass(frozen=True, slots=True)
class OutsideParty:
    """Who was on the line last that is no colleague.

    Attributes:
        call: as it was with that party.
        contact: who that is; None while nobody knows.
    """

    call: Call
    contact: Contact | None = None

    def has(self, number: str | None) -> bool:
        """Whether it is this number."""
        return number in {self.call.e164, self.call.number}

    def ended_as(self, call: Call) -> Call:
        """The call with that party, ended as the call with the colleague did."""
        return replace(
            self.call,
            state=call.state,
            outcome=call.outcome,
            transferred_to=call.transferred_to,
            answered_by=call.answered_by,
        )


class OutsideParties:
    """Knows the outside parties of the user's calls that go on."""

    def __init__(self) -> None:
        self._parties: dict[CallId, OutsideParty] = {}

    def found(self, call_id: CallId, number: str, contact: Contact) -> None:
        """Take note of who has a number; it may no longer be on the line."""
        party = self._parties.get(call_id)
        if party is not None and party.has(number):
            self._parties[call_id] = replace(party, contact=contact)

    def after(self, change: CallChange) -> OutsideParty | None:
        """Follow a change; give the party with whom the call is to be remembered, if not its own."""
        call = change.call
        if change.kind is ChangeKind.ENDED:
            party = self._parties.pop(call.id, None)
            return party if call.internal else None
        if call.number is not None and not call.internal:
            party = self._parties.get(call.id)
            is_same = party is not None and party.has(call.number)
            self._parties[call.id] = OutsideParty(call, party.contact if party and is_same else None)
        return None
