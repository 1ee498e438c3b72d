"""The steps of a story, and their JSON: `{"at": "2026-11-26T14:03:00+01:00", "kind": "decided", …}`. Pure."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bubbled.story import circumstance, fact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.story.fact import Fact

JsonObject: TypeAlias = "dict[str, Any]"

KINDS: Final[Mapping[str, type[Fact]]] = {
    "seen": fact.Seen,
    "also_rang": fact.AlsoRang,
    "decided": fact.Decided,
    "nobody_asked": fact.NobodyAsked,
    "asked": fact.Asked,
    "found": fact.Found,
    "nobody_knows": fact.NobodyKnows,
    "chosen": fact.Chosen,
    "on_screen": fact.OnScreen,
    "not_on_screen": fact.NotOnScreen,
    "changed": fact.Changed,
    "answered": fact.Answered,
    "held": fact.Held,
    "resumed": fact.Resumed,
    "other_party": fact.OtherParty,
    "dismissed": fact.Dismissed,
    "pressed": fact.Pressed,
    "recalled": fact.Recalled,
    "closed": fact.Closed,
    "ended": fact.Ended,
    "no_more_told": fact.NoMoreTold,
    "began": circumstance.Began,
    "stopped": circumstance.Stopped,
    "connected": circumstance.Connected,
    "disconnected": circumstance.Disconnected,
    "rejected": circumstance.Rejected,
    "muted": circumstance.Muted,
    "unmuted": circumstance.Unmuted,
    "quiet": circumstance.Quiet,
    "screen_changed": circumstance.ScreenChanged,
    "screen_lost": circumstance.ScreenLost,
    "settings_applied": circumstance.SettingsApplied,
    "settings_refused": circumstance.SettingsRefused,
    "slept": circumstance.Slept,
    "heard": circumstance.Heard,
}
"""Every kind of fact by its name in JSON."""

_NAMES: Final[Mapping[type[Fact], str]] = {shape: kind for kind, shape in KINDS.items()}

LONGEST_TEXT: Final = 300
"""Characters that are kept of a text: callers may call themselves by a novel."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened at an aware moment."""

    at: datetime
    fact: Fact

    @property
    def kind(self) -> str:
        """The name of the fact's kind, as JSON has it."""
        return _NAMES[type(self.fact)]

    def local(self) -> Step:
        """The same with every moment in the computer's zone, as a person reads it."""
        moments: dict[str, Any] = {
            name: value.astimezone() for name, value in _values(self.fact) if isinstance(value, datetime)
        }
        return Step(self.at.astimezone(), replace(self.fact, **moments) if moments else self.fact)


def clipped(told: Fact) -> Fact:
    """The same with texts of bearable length."""
    long: dict[str, Any] = {
        name: value[: LONGEST_TEXT - 1] + "…"
        for name, value in _values(told)
        if isinstance(value, str) and len(value) > LONGEST_TEXT
    }
    return replace(told, **long) if long else told


def step_json(step: Step) -> JsonObject:
    """Give the JSON object of a step: `at`, `kind`, and what its fact holds."""
    values = {name: _plain(value) for name, value in _values(step.fact)}
    return {"at": step.at.isoformat(), "kind": step.kind, **values}


def step_from_json(shape: object) -> Step:
    """Read what `step_json` gave; keys that are not known are passed over, so that steps may grow.

    Raises:
        ValueError: it is no step, or of a kind that this bubbled does not know.
    """
    if not isinstance(shape, dict) or not isinstance(shape.get("kind"), str):
        raise ValueError("a step is not an object with a kind")  # noqa: TRY004 - as below
    told = KINDS.get(shape["kind"])
    if told is None:
        raise ValueError(f"no step is of the kind {shape['kind']!r:.40}")
    return Step(_moment(shape.get("at")), _fact(told, shape))


def _fact(told: type[Fact], shape: Mapping[str, object]) -> Fact:
    values: dict[str, Any] = {}
    for each in fields(told):
        if each.name in shape:
            values[each.name] = _READERS[str(each.type)](shape[each.name])
        elif each.default is MISSING:
            raise ValueError(f"a step lacks its {each.name}")
    return told(**values)


def _values(told: Fact) -> list[tuple[str, Any]]:
    return [(each.name, getattr(told, each.name)) for each in fields(told)]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is not a text")  # noqa: TRY004 - a wrong type is a wrong document here
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} is not a list")  # noqa: TRY004 - as above
    return tuple(map(_text, value))


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is not a count")  # noqa: TRY004 - as above
    return value


def _measure(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is not a number")  # noqa: TRY004 - as above
    return float(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is not true or false")  # noqa: TRY004 - as above
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError(f"{value!r:.40} names no zone")
    return moment


def _or_none(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else read(value)


# By the annotation in `fact`: a field of another type has to be added here, as its test says.
_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "str": _text,
    "str | None": _or_none(_text),
    "int": _count,
    "float": _measure,
    "bool": _truth,
    "tuple[str, ...]": _texts,
    "datetime": _moment,
    "datetime | None": _or_none(_moment),
}
