"""The variables of templates: what each says of a call and of who is on it. Pure.

Values are texts of one harmless line, unescaped: whoever puts them into another language escapes them for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import phonenumbers

from bubbled.model import Contact, Direction, ViaKind
from bubbled.number import formatted, international, is_withheld, national, to_e164
from bubbled.popup import moment
from bubbled.popup.filter import Place, Value, apply
from bubbled.popup.text import one_line
from bubbled.vocabulary import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bubbled.model import E164, Call, LastContact
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Subject
    from bubbled.template import Placeholder

_LONGEST: Final = 2000
"""Characters of what an address book says; addresses of pages are long."""

_NOBODY: Final = Contact(directory="")


class Values(Mapping[str, str]):
    """Every variable of a call by its name in lower case, worked out when it is asked for.

    The columns of the address book are among them, but cannot take the place of bubbled's own.

    Attributes:
        contact: who is on the line; an empty one where nobody knows.
        now: aware.
    """

    __slots__ = ("_columns", "_texts", "contact", "layout", "now", "subject")

    def __init__(self, subject: Subject, layout: Layout, now: datetime) -> None:
        self.subject = subject
        self.layout = layout
        self.now = now
        self.contact = subject.finding.contact or _NOBODY
        self._columns = dict(self.contact.fields)
        self._texts: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        text = self._texts.get(name)
        if text is None:
            work = _TEXTS.get(name)
            text = work(self) if work else one_line(self._columns[name], _LONGEST)
            self._texts[name] = text
        return text

    def __iter__(self) -> Iterator[str]:
        yield from VARIABLES
        yield from (column for column in self._columns if column not in VARIABLES)

    def __len__(self) -> int:
        return len(VARIABLES.keys() | self._columns.keys())

    @property
    def call(self) -> Call:
        """The call."""
        return self.subject.call

    @property
    def last(self) -> LastContact | None:
        """The latest earlier call with the number."""
        return self.subject.dealings.last if self.subject.dealings else None

    def at(self, name: str) -> datetime | None:
        """The moment that a variable tells; None of those that tell none."""
        match name:
            case "date" | "time":
                return self.subject.started_at
            case "last_contact_at" | "last_contact_ago":
                return self.last.at if self.last else None
            case _:
                return None

    def of(self, placeholder: Placeholder) -> str:
        """The value of a placeholder, after its filters; empty where there is none."""
        text = self.get(placeholder.name, "")
        if placeholder.filters:
            value = Value(text, self.at(placeholder.name))
            place = Place(self.layout.region, self.layout.wording, self.now)
            for each in placeholder.filters:
                value = Value(apply(each.name, each.argument, value, place))
            text = value.text
        return text


def _who(values: Values) -> str:
    known = one_line(values.contact.name, 80) or values["company"] or values["name"]
    return known or values["number_formatted"] or _nobody(values)


def _nobody(values: Values) -> str:
    wording = values.layout.wording
    is_inbound = values.call.direction is Direction.INBOUND
    return wording.anonymous() if is_inbound else wording.unknown_number()


def _name(values: Values) -> str:
    return one_line(values.contact.name, 80) or _known_colleague(values) or _caller_id_name(values.call)


def _known_colleague(values: Values) -> str:
    """The colleague's name, but not for who dialled a number that is known outside.

    He came from outside, and many trunks let a stranger say that he is any extension.
    """
    call, layout = values.call, values.layout
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


# Notations are kept for a while, because each card of a call asks for them again, and a popup is in a hurry.
@lru_cache(maxsize=256)
def _readable(number: str | None, region: str) -> str:
    return one_line(formatted(number, region), 40) if number else ""


@lru_cache(maxsize=256)
def _national(e164: E164 | None) -> str:
    return national(e164) if e164 else ""


@lru_cache(maxsize=256)
def _international(e164: E164 | None) -> str:
    return international(e164) if e164 else ""


@lru_cache(maxsize=256)
def _abroad(e164: E164 | None, home: str) -> str:
    if e164 is None:
        return ""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    return region if region and region != home.upper() else ""


def _country(values: Values) -> str:
    region = values["region"]
    return one_line(values.layout.country(region), 40) if region else ""


def _probably(values: Values) -> str:
    if not values.contact.probable:
        return ""
    return values.layout.wording.probably(values["company"] or values["name"])


def _more(values: Values) -> str:
    finding = values.subject.finding
    return values.layout.wording.more(len(finding.matches) - 1) if finding.has_choice else ""


def _queue(values: Values) -> str:
    via = values.call.via
    return one_line(via.name, 60) if via and via.kind in {ViaKind.QUEUE, ViaKind.RING_GROUP} else ""


def _label(values: Values) -> str:
    """What the user calls the number that was dialled, in whatever notation either of them is."""
    numbers, dialled = values.layout.numbers, values.call.dialled
    if not numbers or not dialled:
        return ""
    label = numbers.get(dialled) or numbers.get(to_e164(dialled, values.layout.region) or "")
    return one_line(label, 60)


def _to(values: Values) -> str:
    call, label = values.call, values["dialled_label"]
    if call.direction is not Direction.INBOUND:
        return ""
    own_extension = call.device.partition("/")[2]
    tells_something = call.dialled not in {None, "", own_extension, call.number}
    said = label or (values["dialled"] if tells_something else "")
    return values.layout.wording.dialled(said) if said else ""


def _phone(values: Values) -> str:
    device = values.call.device
    return one_line(values.layout.wording.phones.get(device, device), 60)


def _colleague(values: Values) -> str:
    call = values.call
    return values.layout.wording.colleague(call.answered_by or call.transferred_to or call.transferred_from)


def _about_last(
    tell: Callable[[Values, LastContact], str],
) -> Callable[[Values], str]:
    return lambda values: tell(values, values.last) if values.last else ""


def _earlier(values: Values) -> str:
    """Of one call the last contact tells already."""
    dealings = values.subject.dealings
    return values.layout.wording.earlier(dealings.calls) if dealings and dealings.calls > 1 else ""


def _calls(values: Values) -> str:
    dealings = values.subject.dealings
    return str(dealings.calls) if dealings and dealings.calls else ""


def _note(values: Values) -> str:
    dealings = values.subject.dealings
    lines = dealings.note[:_LONGEST].splitlines() if dealings else ()
    return one_line(" · ".join(filter(None, map(str.strip, lines))), _LONGEST)


def _note_by(values: Values) -> str:
    dealings = values.subject.dealings
    return values.layout.wording.colleague(dealings.noted_by) if dealings and dealings.note else ""


def _noted(values: Values) -> str:
    note = values["note"]
    return values.layout.wording.noted(note, values["note_by"]) if note else ""


def _date(values: Values) -> str:
    at = values.subject.started_at
    return moment.day(at, values.now, values.layout.wording.catalogue) if at else ""


def _time(values: Values) -> str:
    at = values.subject.started_at
    return moment.clock(at, values.now) if at else ""


def _duration(values: Values) -> str:
    begin = values.subject.answered_at
    return moment.span(begin, values.subject.ended_at or values.now) if begin else ""


_TEXTS: Final[Mapping[str, Callable[[Values], str]]] = {
    "who": _who,
    "name": _name,
    "company": lambda values: one_line(values.contact.company, 80),
    "number": lambda values: one_line(values.call.number, 40),
    "number_formatted": lambda values: _readable(
        values.call.e164 or values.call.number, values.layout.region
    ),
    "number_e164": lambda values: values.call.e164 or "",
    "number_national": lambda values: _national(values.call.e164),
    "number_international": lambda values: _international(values.call.e164),
    "region": lambda values: _abroad(values.call.e164, values.layout.region),
    "country": _country,
    "probably": _probably,
    "directory": lambda values: one_line(values.contact.directory, 60),
    "url": lambda values: one_line(values.contact.url, _LONGEST),
    "contact_id": lambda values: one_line(values.contact.id, _LONGEST),
    "more": _more,
    "unanswered": lambda values: values.layout.wording.unanswered(values.subject.finding.unanswered),
    "direction": lambda values: values.call.direction.value,
    "state": lambda values: values.call.state.value,
    "status": lambda values: values.layout.wording.status(values.subject, values.now),
    "via": lambda values: values.layout.wording.via(values.call),
    "queue": _queue,
    "dialled": lambda values: _readable(values.call.dialled, values.layout.region),
    "dialled_label": _label,
    "to": _to,
    "extension": lambda values: one_line(values.layout.extension, 40),
    "phone": _phone,
    "colleague": _colleague,
    "transferred_from": lambda values: values.layout.wording.colleague(values.call.transferred_from),
    "last_contact": _about_last(lambda values, last: values.layout.wording.last_contact(last, values.now)),
    "last_contact_at": _about_last(
        lambda values, last: moment.when(last.at, values.now, values.layout.wording.catalogue)
    ),
    "last_contact_ago": _about_last(
        lambda values, last: moment.ago(last.at, values.now, values.layout.wording.catalogue)
    ),
    "last_contact_with": _about_last(lambda values, last: values.layout.wording.with_whom(last)),
    "last_contact_outcome": _about_last(lambda values, last: values.layout.wording.outcome(last.outcome)),
    "earlier_calls": _calls,
    "earlier": _earlier,
    "note": _note,
    "note_by": _note_by,
    "noted": _noted,
    "date": _date,
    "time": _time,
    "duration": _duration,
    "call_id": lambda values: one_line(values.call.id, 120),
}
"""By the names of `vocabulary.VARIABLES`."""
