from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.model import CallState, Mute
from bubbled.tray.icon import Icon, icon
from bubbled.tray.state import Line, TrayState
from tests.tray.sample import AT_REST, RINGING, TALKING, call


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (TrayState(), Icon.DISCONNECTED),
        (replace(AT_REST, line=Line.DISCONNECTED, mute=Mute(), calls=(TALKING,)), Icon.DISCONNECTED),
        (AT_REST, Icon.CONNECTED),
        (replace(AT_REST, missed=1), Icon.MISSED),
        (replace(AT_REST, calls=(RINGING,), missed=1), Icon.RINGING),
        (replace(AT_REST, calls=(TALKING, RINGING)), Icon.IN_CALL),
        (replace(AT_REST, calls=(call("Eva", state=CallState.HELD),)), Icon.IN_CALL),
        (replace(AT_REST, calls=(call("Eva", state=CallState.DIALLING),)), Icon.IN_CALL),
        (replace(AT_REST, mute=Mute(), missed=1), Icon.MUTED),
        (replace(AT_REST, mute=Mute(), calls=(RINGING,)), Icon.MUTED),
        (replace(AT_REST, mute=Mute(), calls=(TALKING,)), Icon.MUTED_IN_CALL),
    ],
)
def test_it_tells_what_the_user_has_to_know_first(state: TrayState, wanted: Icon) -> None:
    assert icon(state) is wanted
