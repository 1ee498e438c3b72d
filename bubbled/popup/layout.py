"""From what is known about a call to the card that shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.model import CallState, Card, Outcome, Tone
from bubbled.popup.button import USUAL, ButtonRule, how_to_press, shown
from bubbled.popup.button import act as action_of
from bubbled.popup.condition import flags_of
from bubbled.popup.filling import line, tidy
from bubbled.popup.picture import picture
from bubbled.popup.text import one_line
from bubbled.popup.variable import Values
from bubbled.popup.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, tzinfo

    from bubbled.condition import Condition
    from bubbled.model import Button, Call
    from bubbled.popup.command import Action
    from bubbled.popup.purpose import OpenList
    from bubbled.popup.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How cards are made: templates (see `vocabulary.VARIABLES`), language and region.

    A line whose variables are all empty disappears; unknown variables are empty.

    Attributes:
        region: where the user is, ISO 3166, for national notation.
        most_lines: more are not shown; the least telling stand last.
        footnote: the small print; it goes when the user lays out the lines.
        picture: the template of a path or of the name of an icon; empty: none.
        home: the user's home folder, for pictures in `~/`.
        vip: who is marked as important; None: nobody.
        numbers: what the user calls the numbers that callers dial, as the PBX writes them and as E.164.
        extension: the user's own.
        country: names a country by its two letters.
        may_dial: whether an internal number may be called.
        zone: in which moments are told; None: in that of `now`, which may hold for now alone.
        can_dial: whether anybody can be called from the computer, as far as is known.
        buttons: most important first.
    """

    region: str
    headline: str = "$who"
    lines: tuple[str, ...] = (
        "$company",
        "$number_formatted $country $probably · $more · $earlier",
        "$via · $to",
        "$last_contact",
        "$noted",
        "$unanswered",
    )
    most_lines: int = 5
    footnote: str = "$directory"
    picture: str = ""
    home: str = ""
    vip: Condition | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    extension: str = ""
    country: Callable[[str], str] = str
    wording: Wording = field(default_factory=Wording)
    may_dial: Callable[[str], bool] = lambda _extension: True
    zone: tzinfo | None = None
    can_dial: bool = True
    buttons: tuple[ButtonRule, ...] = USUAL


def lay_out(subject: Subject, layout: Layout, now: datetime) -> Card:
    """Make the card; everything from outside is made one harmless line, and nothing is escaped."""
    values = Values(subject, layout, now)
    headline = line(layout.headline, values) or values["who"]
    lines = dict.fromkeys(_unsaid(line(each, values), headline, values) for each in layout.lines)
    buttons = shown(layout.buttons, values)
    return Card(
        headline=headline,
        lines=tuple(each for each in lines if each and each != headline)[: layout.most_lines],
        status=values["status"],
        tone=tone(subject.call),
        footnote=_footnote(values),
        buttons=buttons,
        instead=_instead(values, buttons),
        picture=picture(layout.picture, values, layout.home) if layout.picture else "",
        since=since_when(subject),
        direction=subject.call.direction,
        is_vip=layout.vip is not None and layout.vip.holds(values, flags_of(subject)),
    )


def _unsaid(text: str, headline: str, values: Values) -> str:
    """What a line says beside the headline: with a number above it, not that number once more."""
    is_repeated = headline == values["number_formatted"] and text.startswith(headline)
    return tidy(text.removeprefix(headline)) if is_repeated else text


def _instead(values: Values, buttons: tuple[Button, ...]) -> str:
    """What to type where no button can be pressed."""
    wording = values.layout.wording
    return wording.how_to_choose() if values.subject.finding.has_choice else how_to_press(buttons, wording)


def _footnote(values: Values) -> str:
    """The small print, with dots while somebody may know better; a public source is always named."""
    text = line(values.layout.footnote, values)
    if values.contact.transient:
        text = values.layout.wording.public(one_line(values.contact.directory, 40))
    return f"{text} …" if text and values.subject.finding.is_provisional else text


def since_when(subject: Subject) -> datetime | None:
    """From when on the time of the call is counted: while a phone rings that of ringing."""
    match subject.call.state:
        case CallState.ENDED:
            return None
        case CallState.TALKING | CallState.HELD:
            return subject.answered_at
        case CallState.RINGING | CallState.DIALLING:
            return subject.started_at


def act(subject: Subject, button: str, text: str, layout: Layout, now: datetime) -> Action | OpenList | None:
    """Say what a button of the card does, with the `text` that the user typed; None when it is not there."""
    return action_of(layout.buttons, Values(subject, layout, now), button, text)


def tone(call: Call) -> Tone:
    """What a card about a call wants from the eye."""
    match call.state, call.outcome:
        case CallState.ENDED, Outcome.MISSED:
            return Tone.MISSED
        case CallState.ENDED, _:
            return Tone.ENDED
        case CallState.RINGING | CallState.DIALLING, _:
            return Tone.RINGING
        case CallState.HELD, _:
            return Tone.HELD
        case _:
            return Tone.TALKING
