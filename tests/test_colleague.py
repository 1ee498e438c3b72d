from dataclasses import replace

import pytest

from bubbled.colleague import is_with_colleague
from bubbled.model import Call, CallId, CallState, Device, Direction

BOBS = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="102",
    dialled="101",
    internal=True,
)


@pytest.mark.parametrize(
    ("call", "is_believed"),
    [
        (BOBS, True),
        (replace(BOBS, dialled=None), True),
        (replace(BOBS, dialled="+31201000101"), False),
        (replace(BOBS, dialled="0201000101"), False),
        (replace(BOBS, direction=Direction.OUTBOUND, dialled="0201000101"), True),
        (replace(BOBS, internal=False), False),
    ],
)
def test_who_dialled_an_outside_number_is_no_colleague(call: Call, *, is_believed: bool) -> None:
    assert is_with_colleague(call, "NL") is is_believed
