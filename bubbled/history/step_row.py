"""Steps of stories as rows of the tables `call_steps` and `events`. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bubbled.history.row import from_microseconds, storable, to_microseconds
from bubbled.story.step import step_from_json, step_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bubbled.history.erasure import Spellings
    from bubbled.story.step import Step


def text_of(step: Step) -> str:
    """Give a step as it is stored, but for its moment, which stands beside it."""
    shape = step_json(step)
    del shape["at"]
    # Without escapes, so that what is erased can be found in it.
    return storable(json.dumps(shape, ensure_ascii=False))


def moment_of(step: Step) -> int:
    """Give its moment as it is stored."""
    return to_microseconds(step.at)


def steps_from_rows(rows: Iterable[tuple[Any, ...]]) -> list[Step]:
    """Read rows of moment and text; what cannot be read is left out: a story does not make a file damaged."""
    return [step for at, text in rows if (step := _read(at, text)) is not None]


def _read(at: Any, text: Any) -> Step | None:
    try:
        shape = json.loads(text)
        return step_from_json({**shape, "at": from_microseconds(at).isoformat()})
    except (TypeError, ValueError, RecursionError):
        return None


def tells(step: Step, spellings: Spellings) -> bool:
    """Whether a step tells a number."""
    return text_tells(text_of(step), spellings)


def text_tells(text: str, spellings: Spellings) -> bool:
    """Whether a step, as it is stored, tells a number."""
    return any(spellings.fit(each) or spellings.are_named(each) for each in _texts(text))


def _texts(text: str) -> Iterator[str]:
    for value in json.loads(text).values():
        yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))
