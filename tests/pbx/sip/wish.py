"""A call that the user wishes."""

from __future__ import annotations

from bubbled.model import E164, CallId, Device
from bubbled.pbx.ami.click_to_call import Click

CLICK = Click(
    id=CallId("bubbled-1"),
    device=Device("PJSIP/101"),
    exten="0201234567",
    number="0201234567",
    e164=E164("+31201234567"),
    context="internal",
    ring_s=30,
    extension="101",
)
