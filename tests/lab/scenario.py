"""What a scenario is: a story that a stage plays, with its truth."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lab.stage import Stage
    from tests.lab.truth import Truth

Story = Callable[["Stage", "Truth"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story.

    Attributes:
        name: as in `tests/recordings`: `in-ringgroup`.
        description: what happens, in a sentence or two.
        records_itself: the story begins the recording in its middle; else it is recorded from its beginning.
    """

    name: str
    description: str
    play: Story
    records_itself: bool = False


def scenario(story: Story) -> Scenario:
    """Make a scenario of a function: its name is the name, its docstring the description."""
    return Scenario(_name(story), _description(story), story)


def scenario_that_records(story: Story) -> Scenario:
    """Make a scenario that calls `stage.record` itself."""
    return Scenario(_name(story), _description(story), story, records_itself=True)


def _name(story: Story) -> str:
    return story.__name__.replace("_", "-")


def _description(story: Story) -> str:
    return " ".join((story.__doc__ or "").split())
