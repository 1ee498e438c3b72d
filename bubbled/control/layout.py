"""A layout and buttons that are only tried, and what becomes of them; their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bubbled.control.live import card_json
from bubbled.control.settings import mistakes_json
from bubbled.model import CallId

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject
    from bubbled.model import Card
    from bubbled.settings.mistake import Mistake

_LONGEST_NAME: Final = 200
_KEYS: Final = {"popup": "popup", "buttons": "button"}
"""Keys of a request, and of the settings."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be tried, and on which call.

    Attributes:
        sections: what is to stand in the place of the sections `popup` and `button` of the settings, in their
            shapes; None: bubbled's own; a section that is missing: as in the settings.
        scene: an invented call, as `bubbled layout example -h` lists them.
        call: a real one of the history in its place, as it was when it rang.
    """

    sections: Mapping[str, Any] = field(default_factory=dict)
    scene: str = "ringing"
    call: CallId | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What comes of a candidate.

    Attributes:
        card: without the buttons that have mistakes; None where anything else has.
        picture: the path or icon that the card would have; empty: none.
        is_picture_lacking: whether that is a path at which no picture is that could be shown.
        buttons: for each button of the settings, in their order, `{"id", "label", "is_shown", "hindrance",
            "outcome"}`: see `bubbled.popup.rehearsal.Rehearsal`.
        legend: what each variable is for the call; see `bubbled layout legend --json`.
        mistakes: as in the settings file, without lines.
        warnings: one line each.
    """

    card: Card | None
    picture: str
    buttons: tuple[JsonObject, ...]
    legend: JsonObject
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[str, ...] = ()
    is_picture_lacking: bool = False


def candidate_from_json(body: Mapping[str, Any]) -> Candidate:
    """Read a candidate; what stands in its sections is checked as settings are, later.

    Raises:
        ValueError: with one line for the user.
    """
    scene, call = body.get("scene", "ringing"), body.get("call")
    if not isinstance(scene, str) or len(scene) > _LONGEST_NAME:
        raise ValueError("scene must be the name of an example; `bubbled layout example -h` lists them.")
    if not (call is None or (isinstance(call, str) and len(call) <= _LONGEST_NAME)):
        raise ValueError("call must be the id of a call, or null; `bubbled calls --json` tells the ids.")
    sections = {of: body[key] for key, of in _KEYS.items() if key in body}
    if not _can_be_written(sections):
        raise ValueError("The request holds half a character, which no settings can.")
    return Candidate(sections, scene, None if call is None else CallId(call))


def preview_json(preview: Preview) -> JsonObject:
    """Give the answer of `POST /v1/layout/preview`."""
    return {
        "card": preview.card and card_json(preview.card),
        "picture": preview.picture,
        "is_picture_lacking": preview.is_picture_lacking,
        "buttons": list(preview.buttons),
        "legend": preview.legend,
        "mistakes": mistakes_json(preview.mistakes),
        "warnings": list(preview.warnings),
    }


def _can_be_written(value: Any) -> bool:
    """Whether all texts are UTF-8: JSON can name one half of a surrogate pair alone."""
    try:
        match value:
            case str():
                value.encode()
            case Mapping():
                return all(_can_be_written(each) for pair in value.items() for each in pair)
            case list():
                return all(map(_can_be_written, value))
    except (UnicodeEncodeError, RecursionError):
        return False
    return True
