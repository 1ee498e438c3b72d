"""The variables of templates: what each says of a call and of who is on it. Pure.

Values are texts of one harmless line, unescaped: whoever puts them into another language escapes them for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from bubbled.model import Contact, Direction, ViaKind
from bubbled.number import to_e164
from bubbled.popup import party
from bubbled.popup.filter import Place, Value, apply
from bubbled.popup.text import one_line
from bubbled.speech import moment
from bubbled.vocabulary import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bubbled.model import Call, LastContact
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
        now: aware, in the zone in which moments are told.
    """

    __slots__ = ("_columns", "_texts", "contact", "layout", "now", "subject")

    def __init__(self, subject: Subject, layout: Layout, now: datetime) -> None:
        self.subject = subject
        self.layout = layout
        self.now = now if layout.zone is None else now.astimezone(layout.zone)
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
    "who": party.who,
    "name": party.name,
    "company": lambda values: one_line(values.contact.company, 80),
    "number": lambda values: one_line(values.call.number, 40),
    "number_formatted": lambda values: party.readable(
        values.call.e164 or values.call.number, values.layout.region
    ),
    "number_e164": lambda values: values.call.e164 or "",
    "number_national": lambda values: party.national(values.call.e164),
    "number_international": lambda values: party.international(values.call.e164),
    "region": lambda values: party.abroad(values.call.e164, values.layout.region),
    "country": party.country,
    "probably": party.probably,
    "directory": lambda values: one_line(values.contact.directory, 60),
    "url": lambda values: one_line(values.contact.url, _LONGEST),
    "contact_id": lambda values: one_line(values.contact.id, _LONGEST),
    "more": party.more,
    "unanswered": lambda values: values.layout.wording.unanswered(values.subject.finding.unanswered),
    "direction": lambda values: values.call.direction.value,
    "state": lambda values: values.call.state.value,
    "status": lambda values: values.layout.wording.status(values.subject, values.now),
    "via": lambda values: values.layout.wording.via(values.call),
    "queue": _queue,
    "dialled": lambda values: party.readable(values.call.dialled, values.layout.region),
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
