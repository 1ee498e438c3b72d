"""From what is known about a call to the card that shows it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from string import Template
from typing import TYPE_CHECKING, Final

import phonenumbers

from bubbled.model import CallState, Card, Contact, Direction, Outcome, Tone
from bubbled.number import formatted, is_withheld, national, to_e164
from bubbled.popup import button as button_rules
from bubbled.popup.text import one_line
from bubbled.popup.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bubbled.model import E164, Call
    from bubbled.popup.button import OpenList
    from bubbled.popup.command import Action
    from bubbled.popup.subject import Finding, Subject

VARIABLES: Final[Mapping[str, str]] = {
    "who": "the best there is: name, company, caller-ID name or number",
    "name": "the contact's name, else the caller-ID name from the PBX",
    "company": "the contact's company",
    "number": "the number as the PBX wrote it",
    "number_formatted": "the number as one reads it, in national notation at home",
    "number_e164": "the number in international notation, digits only after the +",
    "number_national": "the number as it is dialled in its own country",
    "region": "the country of a number from abroad, as two letters",
    "probably": "marks a contact that is only likely",
    "via": "the queue, group, forward, transfer or pickup by which the call came",
    "dialled": "the number that the caller dialled",
    "to": "the same as a sentence; empty when it was the phone's own extension",
    "last_contact": "when this number was last on the phone with you or a colleague, and how that ended",
    "directory": "the address book that knows the contact",
    "more": "how many others have this number too",
    "unanswered": "address books that come first but were slow or failed",
    "status": "where the call is, in a few words",
}
"""What a template may hold as `$name` or `${name}`, beside the column names of the address books."""


class _Template(Template):
    """Also takes column names with accents as `$name`, and with blanks as `${postal code}`."""

    idpattern = r"[^\W\d]\w*"
    braceidpattern = r"[^{}]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How cards are made: templates with `$variables` (see `VARIABLES`), language and region.

    A line whose variables are all empty disappears; unknown variables are empty.

    Attributes:
        region: where the user is, ISO 3166, for national notation.
        footnote: the small print; it goes when the user lays out the lines.
        may_dial: whether an internal number may be called.
    """

    region: str
    headline: str = "$who"
    lines: tuple[str, ...] = (
        "$company",
        "$number_formatted $region $probably · $more",
        "$via · $to",
        "$last_contact",
        "$unanswered",
    )
    footnote: str = "$directory"
    wording: Wording = field(default_factory=Wording)
    may_dial: Callable[[str], bool] = lambda _extension: True


def variables(template: str) -> frozenset[str]:
    """Name the variables of a template, in lower case, so that settings can be checked."""
    return frozenset(name.lower() for name in _Template(template).get_identifiers())


def lay_out(subject: Subject, layout: Layout, now: datetime) -> Card:
    """Make the card; everything from outside is made one harmless line, and nothing is escaped."""
    values = _values(subject, layout, now)
    headline = _fill(layout.headline, values) or values["who"]
    lines = dict.fromkeys(_fill(line, values) for line in layout.lines)
    return Card(
        headline=headline,
        lines=tuple(line for line in lines if line and line != headline),
        status=values["status"],
        tone=tone(subject.call),
        footnote=_footnote(subject.finding, layout, values),
        buttons=button_rules.shown(subject, layout.wording, layout.may_dial),
        instead=layout.wording.how_to_choose() if subject.finding.has_choice else "",
    )


def _footnote(finding: Finding, layout: Layout, values: Mapping[str, str]) -> str:
    """The small print, with dots while somebody may know better; a public source is always named."""
    text = _fill(layout.footnote, values)
    if finding.contact is not None and finding.contact.transient:
        text = layout.wording.public(one_line(finding.contact.directory, 40))
    return f"{text} …" if text and finding.is_provisional else text


def _fill(template: str, values: Mapping[str, str]) -> str:
    parsed = _Template(template)
    names = parsed.get_identifiers()
    filled = {name: values.get(name.lower(), "") for name in names}
    if names and not any(filled.values()):
        return ""
    line = parsed.safe_substitute(filled)
    return one_line(line if all(filled.values()) else _tidy(line))


_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")
_LOOSE = " \t:;,-–·|/"  # noqa: RUF001 - the dash that people type between two parts of a line


def _tidy(line: str) -> str:
    """Remove the punctuation that empty variables leave behind: "Customers: " becomes "Customers"."""
    return _EMPTY_BRACKETS.sub("", line).strip(_LOOSE)


def act(
    subject: Subject,
    button: str,
    text: str,  # noqa: ARG001 - for the buttons that ask
    layout: Layout,
    now: datetime,  # noqa: ARG001 - for the variables of a button
) -> Action | OpenList | None:
    """Say what a button of the card does, with the `text` that the user typed; None when it is not there."""
    return button_rules.act(subject, button, layout.may_dial)


def tone(call: Call) -> Tone:
    """What a card about a call wants from the eye."""
    match call.state, call.outcome:
        case CallState.ENDED, Outcome.MISSED:
            return Tone.MISSED
        case CallState.ENDED, _:
            return Tone.ENDED
        case CallState.RINGING | CallState.DIALLING, _:
            return Tone.RINGING
        case _:
            return Tone.TALKING


_NOBODY: Final = Contact(directory="")


def _values(subject: Subject, layout: Layout, now: datetime) -> dict[str, str]:
    """Every variable with its text; the address book's columns cannot take the place of our own."""
    call, finding, wording = subject.call, subject.finding, layout.wording
    contact, last = finding.contact or _NOBODY, subject.dealings and subject.dealings.last
    number = _readable(call.e164 or call.number, layout.region)
    dialled = _readable(call.dialled, layout.region)
    known, company = one_line(contact.name, 80), one_line(contact.company, 80)
    name = known or _colleague(call, layout) or _caller_id_name(call)
    return {column: one_line(text) for column, text in contact.fields} | {
        "who": known or company or name or number or _nobody(call, wording),
        "name": name,
        "company": company,
        "number": one_line(call.number, 40),
        "number_formatted": number,
        "number_e164": call.e164 or "",
        "number_national": _national(call.e164),
        "region": _abroad(call.e164, layout.region),
        "probably": wording.probably(company or name) if contact.probable else "",
        "via": wording.via(call),
        "dialled": dialled,
        "to": wording.dialled(dialled) if _tells_something(call) else "",
        "last_contact": wording.last_contact(last, now) if last else "",
        "directory": one_line(contact.directory, 60),
        "more": wording.more(len(finding.matches) - 1) if finding.has_choice else "",
        "unanswered": wording.unanswered(finding.unanswered),
        "status": wording.status(subject, now),
    }


# Notations are kept for a while, because each card of a call asks for them again, and a popup is in a hurry.
@lru_cache(maxsize=256)
def _readable(number: str | None, region: str) -> str:
    return one_line(formatted(number, region), 40) if number else ""


@lru_cache(maxsize=256)
def _national(e164: E164 | None) -> str:
    return national(e164) if e164 else ""


@lru_cache(maxsize=256)
def _abroad(e164: E164 | None, home: str) -> str:
    if e164 is None:
        return ""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    return region if region and region != home.upper() else ""


def _nobody(call: Call, wording: Wording) -> str:
    return wording.anonymous() if call.direction is Direction.INBOUND else wording.unknown_number()


def _colleague(call: Call, layout: Layout) -> str:
    """The colleague's name, but not for who dialled a number that is known outside.

    He came from outside, and many trunks let a stranger say that he is any extension.
    """
    from_outside = call.direction is Direction.INBOUND and to_e164(call.dialled, layout.region) is not None
    if not call.internal or from_outside:
        return ""
    return one_line(layout.wording.colleagues.get(call.number or ""), 80)


def _caller_id_name(call: Call) -> str:
    """What the PBX calls the caller, unless that is "anonymous" or only the number once more."""
    name = one_line(call.name, 80)
    return "" if is_withheld(name) or _is_number(name, call.number or "") else name


def _is_number(name: str, number: str) -> bool:
    digits = re.sub(r"\D", "", name).lstrip("0")
    return not re.search(r"[^\W\d_]", name) and re.sub(r"\D", "", number).endswith(digits)


def _tells_something(call: Call) -> bool:
    """Whether the dialled number says more than that it was this phone."""
    own_extension = call.device.partition("/")[2]
    return call.direction is Direction.INBOUND and call.dialled not in {None, "", own_extension, call.number}
