from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bubbled.dialing.shortcut.desktop import Way
from bubbled.dialing.shortcut.port import Binding
from bubbled.dialing.shortcut.situation import Situation, explain
from bubbled.keystroke import parse

NOTHING = Situation(
    way=Way.SHORTCUT, keystroke=parse("F7"), command="bubbled dial --selection", desktop="sway"
)
OURS = Binding("F8", "/usr/bin/bubbled dial --selection", ours=True)
THEIRS = Binding("F8", "bubbled dial --selection", ours=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "there is none yet; `bubbled hotkey install` sets it up"),
        (
            {"binding": OURS},
            "F8 dials what is selected, by sway's own shortcut; `bubbled hotkey remove` takes",
        ),
        ({"binding": OURS, "outdated": True}, "for F7 of this bubbled, run `bubbled hotkey install`"),
        (
            {"binding": OURS, "outdated": True, "lost": True},
            "F8 dials nothing, because sway's own shortcut runs",
        ),
        ({"binding": THEIRS}, "F8 dials what is selected, by a shortcut of yours in sway: bubbled dial"),
        ({"way": Way.GRAB}, "On X11 bubbled takes F7 by itself while it runs; nothing needs setting up"),
        (
            {"way": Way.GRAB, "binding": OURS},
            "sway's own shortcut has F8: `bubbled hotkey remove` takes it out",
        ),
        ({"way": Way.GRAB, "binding": THEIRS}, "a shortcut of yours in sway has F8: free it there"),
        ({"way": Way.PORTAL}, "While bubbled runs, it asks the desktop for F7"),
        ({"way": Way.PORTAL, "binding": OURS}, "F8 dials what is selected, by sway's own shortcut"),
        ({"way": Way.BY_HAND}, "bind it by hand to: bubbled dial --selection"),
        ({"way": Way.NOWHERE}, "run this within your desktop session"),
    ],
)
def test_one_line_says_how_things_are_and_what_to_do(changes: dict[str, Any], told: str) -> None:
    line = explain(dataclasses.replace(NOTHING, **changes))
    assert told in line
    assert "\n" not in line
