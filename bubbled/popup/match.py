"""The card on which the user says which of several contacts is on the line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.model import Button, Card
from bubbled.popup.layout import since_when, tone
from bubbled.popup.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bubbled.model import Contact
    from bubbled.popup.layout import Layout
    from bubbled.popup.subject import Subject

MORE: Final = "more"
"""The id of the button that turns the page of the list."""

MOST_BUTTONS: Final = 3
"""What every desktop shows that shows buttons at all."""

_PICK = "pick"
_NAME_LENGTH = 20  # characters on a button; three of them stand in a row
_MOST_TELLING = 2  # columns of the address book that are added; more would not fit into the line
_CHOSEN = "✓"


def list_card(subject: Subject, page: int, serial: int, layout: Layout, now: datetime) -> Card:
    """Make the card that lists who has the number, numbered as `bubbled choose` numbers them.

    Behind the last `page` comes the first again. `serial` tells this list from those of before, so that no
    press on one of them is taken for another.
    """
    finding, wording = subject.finding, layout.wording
    lines = told_apart(finding.matches)
    shown = _on_page(len(lines), page)
    buttons = [Button(_pick(serial, at), _label(at, finding.matches[at])) for at in shown]
    if len(shown) < len(lines):
        buttons.append(Button(MORE, wording.show_more()))
    return Card(
        headline=wording.who_is_it(),
        lines=tuple(
            f"{at + 1}. {lines[at]}" + (f" {_CHOSEN}" if finding.matches[at] == finding.contact else "")
            for at in shown
        ),
        status=wording.status(subject, now),
        tone=tone(subject.call),
        buttons=tuple(buttons),
        instead=wording.how_to_choose_one(),
        since=since_when(subject),
        direction=subject.call.direction,
    )


def picked(subject: Subject, serial: int, button: str) -> Contact | None:
    """The contact whose button it is; None when it is none of this list."""
    matches = subject.finding.matches
    return next((each for at, each in enumerate(matches) if button == _pick(serial, at)), None)


def told_apart(matches: Sequence[Contact]) -> tuple[str, ...]:
    """A line for each: name and company, and what else the address book has that tells them apart."""
    parts = [[text for text in (each.name, each.company) if text] or [each.directory] for each in matches]
    columns = list(dict.fromkeys(column for each in matches for column, _ in each.fields))
    fields = [dict(each.fields) for each in matches]
    for _ in range(_MOST_TELLING):
        kinds = len(set(map(tuple, parts)))
        if kinds == len(parts) or not columns:
            break
        best = max(columns, key=lambda column: _kinds(parts, fields, column))
        if _kinds(parts, fields, best) == kinds:
            break
        for part, field in zip(parts, fields, strict=True):
            part.extend(filter(None, [field.get(best)]))
    return tuple(" · ".join(one_line(text, 50) for text in dict.fromkeys(part)) for part in parts)


def _kinds(parts: list[list[str]], fields: list[dict[str, str]], column: str) -> int:
    """How many could be told apart by one column more; of equals the first in the address book is taken."""
    return len({(*part, field.get(column, "")) for part, field in zip(parts, fields, strict=True)})


def _on_page(count: int, page: int) -> range:
    if count <= MOST_BUTTONS:
        return range(count)
    each = MOST_BUTTONS - 1  # the last turns the page
    start = each * (page % -(-count // each))
    return range(start, min(start + each, count))


def _pick(serial: int, at: int) -> str:
    return f"{_PICK}_{serial}_{at}"


def _label(at: int, contact: Contact) -> str:
    return f"{at + 1}. {one_line(contact.name or contact.company, _NAME_LENGTH)}"
