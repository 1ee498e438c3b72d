"""A layout as a file that another user can take over whole: popups, their windows and buttons. Pure."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from bubbled.settings.diagnosis import find_mistakes
from bubbled.settings.literal import value_text
from bubbled.settings.mistake import InvalidSettings, Mistake
from bubbled.settings.position import line_of, locate
from bubbled.settings.schema import keys_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SECTIONS: Final = ("popup", "button")
"""The keys at the top of the settings of which a layout consists."""

_HEADING: Final = (
    "# What bubbled's popups show, where, and with which buttons. To take it over:\n"
    "#   bubbled layout import FILE\n\n"
)

_NO_PART: Final = "is no part of a layout, which holds [popup] and [[button]] alone"

STAND_IN: Final[Mapping[str, Any]] = {
    "me": {"extension": "101", "region": "NL"},
    "pbx": {"host": "localhost", "username": "bubbled", "secret": {"env": "BUBBLED_SECRET"}},
}
"""What settings need beside a layout, for those who have only the layout to check."""


def exported(document: Mapping[str, Any]) -> str:
    """Write the layout of valid settings, of which it tells nothing else, as TOML."""
    from bubbled.settings.splice import written  # noqa: PLC0415 - loads what writes TOML, seldom needed

    return _HEADING + written({"popup": {}} | {key: document[key] for key in SECTIONS if key in document})


def check(path: Path, document: Mapping[str, Any], text: str) -> None:
    """See whether a file, given as it was parsed and as it is written, is a layout that can be taken over.

    Raises:
        InvalidSettings: it is not; it lists every mistake.
    """
    strange = [key for key in document if key in keys_at(()) and key not in SECTIONS]
    lines = locate(text)
    mistakes = [Mistake(key, line_of((key,), lines), _NO_PART) for key in strange]
    rest = {key: value for key, value in document.items() if key not in strange}
    mistakes += find_mistakes({**STAND_IN, **rest}, text)
    if not mistakes and not any(key in document for key in SECTIONS):
        mistakes = [Mistake("", None, "the file holds no layout: neither [popup] nor [[button]]")]
    if mistakes:
        raise InvalidSettings(path, tuple(sorted(mistakes, key=lambda mistake: mistake.line or 0)))


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """One line for each setting that a layout would change: `popup.inbound: true -> false`."""
    before, after = dict(_flat("popup", old.get("popup", {}))), dict(_flat("popup", new.get("popup", {})))
    for key in dict.fromkeys(chain(before, after)):
        if before.get(key) != after.get(key):
            yield f"{key}: {before.get(key, 'as usual')} -> {after.get(key, 'as usual')}"
    if old.get("button") != new.get("button"):
        yield f"buttons: {_count(old.get('button'))} -> {_count(new.get('button'))}"
        for number, button in enumerate(new.get("button", ()), 1):
            yield f"button {number}: " + ", ".join(
                f"{key} = {value_text(value)}" for key, value in button.items()
            )


def programs(layout: Mapping[str, Any]) -> tuple[str, ...]:
    """The programs that its buttons would run, each with all its arguments, as the file writes them."""
    return tuple(value_text(button["run"]) for button in layout.get("button", ()) if "run" in button)


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner)
    else:
        yield key, value_text(value)


def _count(buttons: Sequence[object] | None) -> str:
    return "bubbled's own" if buttons is None else str(len(buttons))
