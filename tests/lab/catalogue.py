"""All scenarios, by theme."""

from __future__ import annotations

from tests.lab.scenario import Scenario
from tests.lab.scenes import (
    click_to_call,
    consultation,
    forgery,
    group,
    identity,
    inbound,
    joining,
    outage,
    outbound,
    pickup,
    transfer,
    waiting,
)

_THEMES = (
    inbound,
    group,
    waiting,
    outbound,
    click_to_call,
    transfer,
    consultation,
    pickup,
    identity,
    forgery,
    joining,
    outage,
)

SCENARIOS: dict[str, Scenario] = {
    value.name: value for theme in _THEMES for value in vars(theme).values() if isinstance(value, Scenario)
}
"""A scenario is a module-level `@scenario` of one of the themes above."""
