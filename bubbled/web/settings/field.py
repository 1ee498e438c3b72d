"""Fields of a form with what stands in them, and the change that a form asks for when it is sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bubbled.control.settings import NewValues
from bubbled.settings.change import is_there, value_at
from bubbled.settings.editing import ABSENT
from bubbled.settings.explanation import explanation
from bubbled.settings.field import FieldKind
from bubbled.settings.mistake import dotted
from bubbled.web.settings.entry import KEPT, LONG, differs, name_of, read, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bubbled.settings.explanation import Explanation
    from bubbled.settings.field import FieldForm
    from bubbled.settings.form import SectionForm
    from bubbled.settings.mistake import Mistake
    from bubbled.settings.position import KeyPath
    from bubbled.web.settings.entry import Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field as the page shows it.

    Attributes:
        name: of its input.
        label: in a few words, English.
        help: in a sentence, English.
        text: what stands in it; of choices a list.
        usual: what counts while it is empty; empty where nothing does, or where that follows from others.
        where: of a secret that is set, where it is kept.
        known: of secrets by names, the names with where each is kept.
        mistake: what is wrong with it; empty: nothing.
    """

    form: FieldForm
    name: str
    label: str
    help: str
    text: Any
    usual: str = ""
    where: str = ""
    known: tuple[tuple[str, str], ...] = ()
    mistake: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return self.form.kind in LONG


class Entries:
    """What was sent for a section.

    Args:
        section: the form.
        sent: its fields.
        document: the settings as they are, without secrets.
        place: which of several tables it is about, by index or name.
    """

    def __init__(
        self, section: SectionForm, sent: Sent, document: dict[str, Any], place: int | str | None = None
    ) -> None:
        self.section = section
        self._sent = sent
        self._document = document
        self._place = place

    def value(self, field: FieldForm) -> Any:
        """What was entered for a field; `ABSENT` where it was left empty."""
        return read(field, name_of(_path(field, self._place)), self._sent)

    def change(self, digest: str) -> NewValues | None:
        """What is to be changed in the settings of that digest; None: nothing."""
        values: dict[KeyPath, Any] = {}
        absent: list[KeyPath] = []
        for field in self.section.fields:
            path, value = _path(field, self._place), self.value(field)
            before = _before(self._document, path)
            if not differs(field, value, before):
                continue
            if value is ABSENT:
                absent.append(path)
            else:
                values[path] = value
        return NewValues(digest, values, tuple(absent)) if values or absent else None

    def table(self) -> dict[str, Any]:
        """What was entered as a whole table, for one that is to be added."""
        table: dict[str, Any] = {}
        for field in self.section.fields:
            value = self.value(field)
            if value is KEPT or (not differs(field, value, ABSENT) and not field.is_required):
                continue
            if value is not ABSENT:
                _put(table, _path(field, self._place)[len(self.section.path) + 1 :], value)
        return table


def fields_of(
    section: SectionForm,
    document: dict[str, Any],
    entries: Entries | None = None,
    mistakes: Iterable[Mistake] = (),
    place: int | str | None = None,
) -> Sequence[Shown]:
    """The fields of a section, with what was entered if it was for this one, else with what is set."""
    entered = entries if entries is not None and entries.section is section else None
    found = list(mistakes)
    shown = []
    for field in section.fields:
        path = _path(field, place)
        before = _before(document, path)
        value = before if entered is None else entered.value(field)
        mistake = next((each.text for each in found if _is_about(each, path)), "")
        shown.append(_shown(field, path, explanation(section, field), (before, value), mistake))
    return shown


def _shown(
    field: FieldForm, path: KeyPath, words: Explanation, values: tuple[Any, Any], mistake: str
) -> Shown:
    before, value = values
    is_secret = field.kind in {FieldKind.SECRET, FieldKind.SECRETS}
    return Shown(
        form=field,
        name=name_of(path),
        label=words.label,
        help=words.help,
        text="" if is_secret else written(field, None if value is ABSENT else value),
        usual=_usual(field),
        where=_where(before) if field.kind is FieldKind.SECRET else "",
        known=_known(before) if field.kind is FieldKind.SECRETS else (),
        mistake=mistake,
    )


def _path(field: FieldForm, place: int | str | None) -> KeyPath:
    return field.path if place is None else field.at(place)


def _before(document: dict[str, Any], path: KeyPath) -> Any:
    value = value_at(document, path)
    return value if is_there(value) else ABSENT


def _usual(field: FieldForm) -> str:
    text = written(field, field.default)
    return ", ".join(text) if isinstance(text, list) else text.replace("\n", ", ")


def _where(value: Any) -> str:
    return str(value.get("where", "")) if isinstance(value, dict) else ""


def _known(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), _where(each)) for name, each in value.items()) if isinstance(value, dict) else ()


def _is_about(mistake: Mistake, path: KeyPath) -> bool:
    key = dotted(path)
    return mistake.key == key or mistake.key.startswith((f"{key}.", f"{key}["))


def _put(table: dict[str, Any], path: KeyPath, value: Any) -> None:
    *above, key = path
    for step in above:
        table = table.setdefault(str(step), {})
    table[str(key)] = value
