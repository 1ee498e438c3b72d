"""Other popups and buttons than those in force, before they are written: what is to be said of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bubbled.settings.diagnosis import find_mistakes
from bubbled.settings.layout_file import SECTIONS, STAND_IN
from bubbled.settings.schema import Settings
from bubbled.settings.template import doubts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bubbled.settings.mistake import Mistake

_BUTTON = re.compile(r"button\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Settings with other popups and buttons.

    Attributes:
        settings: None where there are mistakes.
        mistakes: as the settings file would be told them, but for their lines.
        warnings: what works, but perhaps not as it is meant; one line each.
    """

    settings: Settings | None
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[str, ...] = ()


def proposed(settings: Settings, sections: Mapping[str, Any]) -> Proposal:
    """Put sections into settings, for a look at what comes of it.

    Args:
        settings: those in force.
        sections: what is to stand in the place of `popup` and `button`, in the shapes of the file; None: what
            holds without it. A section that is missing stays as it is.
    """
    wished = {key: value for key in SECTIONS if (value := sections.get(key)) is not None}
    document = {**STAND_IN, **wished}
    try:
        new = Settings.model_validate(document)
    except ValidationError:
        return Proposal(None, tuple(replace(each, line=None) for each in find_mistakes(document, "")))
    parts = {"popup": ("popup", new.popup), "button": ("buttons", new.buttons)}
    changed = settings.model_copy(update=dict(parts[key] for key in SECTIONS if key in sections))
    return Proposal(changed, warnings=tuple(doubts(changed)))


def mistaken_buttons(mistakes: Sequence[Mistake]) -> frozenset[int] | None:
    """Which buttons, counted from 0, have the mistakes; None where something else has one of them."""
    found = [_BUTTON.match(each.key) for each in mistakes]
    return None if None in found else frozenset(int(each[1]) - 1 for each in found if each)
