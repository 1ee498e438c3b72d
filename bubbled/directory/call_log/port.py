"""What writes calls into a CRM, whatever the CRM is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from bubbled.directory.call_log.delivery import News
    from bubbled.directory.call_log.record import CallRecord
    from bubbled.model import Contact


class CallWriter(Protocol):
    """Writes calls into one account. What can be expected to go wrong is an answer, and not raised."""

    @property
    def account(self) -> str:
        """Differs where the same id would be another contact: in another CRM, or another company's."""

    @property
    def after_s(self) -> float:
        """How long after its end a call is written, so that a note can still be added."""

    @property
    def look_after_s(self) -> float | None:
        """How long after it was sent a record can be found at the latest; None: it cannot be looked for."""

    def kind_of(self, contact: Contact) -> str | None:
        """What sort of record a contact is there, in the word of the preset."""

    def takes(self, kind: str | None) -> bool:
        """Whether calls can be written with that sort of record."""

    async def write(self, record: CallRecord) -> News:
        """Send it: `WRITTEN`, `REFUSED`, `UNSENT`, `BUSY`, `DENIED`, or `UNANSWERED` when in doubt."""

    async def look(self, record: CallRecord) -> News:
        """Look for it by its mark: `FOUND`, `ABSENT`, or `UNCERTAIN` when in doubt."""


@runtime_checkable
class WritesCalls(Protocol):
    """What a directory offers, too, in which calls can be written."""

    @property
    def name(self) -> str:
        """See `Directory.name`."""

    @property
    def call_writer(self) -> CallWriter | None:
        """What writes them; None when the settings do not want it."""
