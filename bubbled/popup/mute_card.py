"""What the user is told about muting itself: that it begins or ends, and whose popups did not come. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.model import Card, Tone
from bubbled.popup.variable import Values
from bubbled.speech.moment import when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bubbled.model import Mute
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Subject

MOST_NAMED: Final = 5
"""Calls that have a line of their own; a list that is longer is better read in `bubbled calls`."""


@dataclass(frozen=True, slots=True)
class MuteCards:
    """Makes the cards, in the language of a layout and with callers named as it names them."""

    layout: Layout

    def changed(self, mute: Mute | None, now: datetime) -> Card:
        """Say that popups are muted from now on, or (None) that they are shown again."""
        gettext = self.layout.wording.catalogue.gettext
        if mute is None:
            return Card(gettext("Popups are shown again"), (), gettext("No longer muted"), Tone.NOTICE)
        if mute.until is None:
            return Card(gettext("Popups are muted"), (), gettext("Until you unmute them"), Tone.NOTICE)
        until = gettext("Until {time}").format(time=self._when(mute.until, now))
        return Card(gettext("Popups are muted"), (), until, Tone.NOTICE)

    def missed(self, calls: Sequence[Subject], now: datetime) -> Card:
        """List the calls whose popups did not come because of a mute that is over.

        Args:
            calls: at least one; the newest last.
            now: tells which of them were today.
        """
        catalogue = self.layout.wording.catalogue
        headline = catalogue.ngettext("While muted: {count} call", "While muted: {count} calls", len(calls))
        named = calls[-MOST_NAMED:][::-1]
        lines = [self._line(subject, now) for subject in named]
        if rest := len(calls) - len(named):
            lines.append(
                catalogue.gettext("and {count} more: {program} calls").format(
                    count=rest, program=self.layout.wording.program
                )
            )
        return Card(
            headline.format(count=len(calls)),
            tuple(lines),
            catalogue.gettext("No longer muted"),
            Tone.NOTICE,
        )

    def _line(self, subject: Subject, now: datetime) -> str:
        who = Values(subject, self.layout, now)["who"]
        outcome = subject.call.outcome
        parts = [who] if outcome is None else [who, self.layout.wording.outcome(outcome)]
        began = self._when(subject.started_at, now) if subject.started_at else ""
        return f"{began} {', '.join(parts)}".strip()

    def _when(self, at: datetime, now: datetime) -> str:
        return when(at, now, self.layout.wording.catalogue)
