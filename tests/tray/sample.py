"""States of a daemon, to be shown in the tray."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bubbled.model import CallId, CallState, Device, Direction, Outcome
from bubbled.tray.state import Line, TrayCall, TrayPhone, TrayState

NOW = datetime(2026, 11, 27, 14, 3, tzinfo=timezone(timedelta(hours=1)))
DESK, SOFT = Device("PJSIP/101"), Device("PJSIP/201")


def call(  # noqa: PLR0913 - what a call has
    who: str,
    *,
    minutes_ago: float = 0,
    direction: Direction = Direction.INBOUND,
    state: CallState = CallState.ENDED,
    outcome: Outcome | None = None,
    call_id: str | None = None,
) -> TrayCall:
    return TrayCall(
        id=CallId(call_id or who),
        who=who,
        at=NOW - timedelta(minutes=minutes_ago),
        direction=direction,
        state=state,
        outcome=outcome,
    )


JAN = call("Jan Jansen, Bakker & Zn", minutes_ago=5, outcome=Outcome.ANSWERED)
LUC = call("+32 470 12 34 56", minutes_ago=60, outcome=Outcome.MISSED)
PIET = call("Piet Pietersen", minutes_ago=22 * 60, direction=Direction.OUTBOUND, outcome=Outcome.NO_ANSWER)
RINGING = call("Eva", state=CallState.RINGING)
TALKING = call("Kim", state=CallState.TALKING, minutes_ago=3)
PHONES = (
    TrayPhone(device=DESK, name="Desk phone (PJSIP/101)", rings=True),
    TrayPhone(device=SOFT, name="Softphone (PJSIP/201)", is_absent=True),
)
AT_REST = TrayState(
    line=Line.CONNECTED,
    host="pbx.example.com",
    last_calls=(PIET, LUC, JAN),
    phones=PHONES,
    has_pages=True,
)
