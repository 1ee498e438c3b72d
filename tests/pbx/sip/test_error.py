from __future__ import annotations

from socket import gaierror

import pytest

from bubbled.pbx.consequence import beside
from bubbled.pbx.sip.access import SipAccess, Transport
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.error import failure_of, lost, may_do_elsewhere, unreachable
from bubbled.pbx.sip.subscription import NO_ANSWER, NO_NOTIFY, Ending

ACCESS = SipAccess(
    host="pbx.example",
    port=5060,
    transport=Transport.UDP,
    domain="pbx.example",
    account=Account("101", "s3cret", "alice"),
    extension="101",
)
FAILURES = [
    *(unreachable(each, ACCESS) for each in (gaierror(), ConnectionRefusedError(), TimeoutError())),
    unreachable(OSError("odd"), ACCESS),
    lost(ACCESS, "was closed by the PBX"),
    *(failure_of(Ending(status, "No"), ACCESS) for status in (401, 403, 404, 405, 407, 489, 500, 501, 503)),
    failure_of(Ending(401, "No", is_stale=True), ACCESS),
    *(failure_of(Ending(0, words), ACCESS) for words in (NO_ANSWER, NO_NOTIFY, "it gave up")),
]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_each_says_what_it_means_with_and_without_another_way_and_no_secret(failure: Exception) -> None:
    text = str(failure)
    assert "no calls pop up" in text
    assert "calls pop up by AMI alone" in beside(text, "AMI")
    assert "no calls pop up" not in beside(text, "AMI")
    assert "\n" not in text
    assert "s3cret" not in text


@pytest.mark.parametrize(
    ("ending", "may"),
    [
        (Ending(0, NO_ANSWER), True),
        (Ending(503, "No"), True),
        (Ending(404, "No"), False),
        (Ending(401, "No"), False),
    ],
)
def test_another_address_of_the_host_is_tried_only_where_that_may_help(ending: Ending, *, may: bool) -> None:
    assert may_do_elsewhere(failure_of(ending, ACCESS)) is may
