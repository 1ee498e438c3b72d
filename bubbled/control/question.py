"""What `bubbled lookup` and `bubbled why` tell: every directory's answer and time, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.story.step import step_json
from bubbled.story.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.control.status import JsonObject
    from bubbled.story.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one directory answered.

    Attributes:
        outcome: `hit`, `miss`, `error`, `timeout`, `cancelled`, `breaker`, `refused` or `not asked`.
        ms: milliseconds until the answer.
        matches: the contacts found, best first, as JSON objects (name, company, fields, url, directory).
        error: why it could not answer, in one line.
        remark: what is to say although it answered, in one line.
        cached: whether the answer was remembered from an earlier question.
    """

    directory: str
    outcome: str
    ms: float
    matches: tuple[JsonObject, ...] = ()
    error: str | None = None
    remark: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A number and what each directory answered, in the order in which they are believed.

    Attributes:
        number: as the user gave it.
        e164: in international notation; None when no phone number looks like that.
        asked: empty when nobody was asked.
    """

    number: str
    e164: str | None
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a question tells to one host: the notations of the number that go there."""

    host: str
    sent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What a lookup would tell to whom, by directory; no host where nothing leaves this computer."""

    number: str
    e164: str | None
    tells: tuple[tuple[str, tuple[Told, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """How it came that a popup showed what it showed.

    Attributes:
        call: as a JSON object, with `popup`: "shown", or why there was none.
        reason: why nobody was asked, or why that is no longer known; None when `asked` tells.
        asked: what each directory answered, without the contacts.
        is_provisional: whether somebody is still asked.
        screen: the name of the one on which the popup was shown last; None where it was not, or long ago.
        story: all that happened, from the event to the popup and on, and what concerned all calls meanwhile;
            in order, with moments in the computer's zone. Empty where nothing is remembered.
    """

    call: JsonObject
    reason: str | None = None
    asked: tuple[Asked, ...] = ()
    is_provisional: bool = False
    screen: str | None = None
    story: tuple[Step, ...] = ()


def looked_up_json(result: LookedUp) -> JsonObject:
    """Give the answer of `GET /v1/lookup`."""
    return {
        "number": result.number,
        "e164": result.e164,
        "asked": [_asked_json(each) | {"matches": list(each.matches)} for each in result.asked],
    }


def explained_json(result: Explained) -> JsonObject:
    """Give the answer of `GET /v1/lookup/explain`."""
    return {
        "number": result.number,
        "e164": result.e164,
        "tells": [
            {
                "directory": directory,
                "hosts": [{"host": told.host, "sent": list(told.sent)} for told in hosts],
            }
            for directory, hosts in result.tells
        ],
    }


def why_json(why: Why) -> JsonObject:
    """Give the answer of `GET /v1/calls/{id}/why`."""
    return {
        "call": why.call,
        "reason": why.reason,
        "provisional": why.is_provisional,
        "screen": why.screen,
        "asked": [_asked_json(each) for each in why.asked],
        "story": story_json(why.story),
    }


def story_json(steps: Iterable[Step]) -> list[JsonObject]:
    """Give steps as JSON objects, each with its sentence in English as `text`."""
    return [{**step_json(step), "text": tell(step)} for step in steps]


def _asked_json(asked: Asked) -> JsonObject:
    return {
        "directory": asked.directory,
        "outcome": asked.outcome,
        "ms": asked.ms,
        "cached": asked.cached,
        "error": asked.error,
        "remark": asked.remark,
    }
