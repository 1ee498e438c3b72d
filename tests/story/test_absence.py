from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.story import reason as because
from bubbled.story.absence import reasons
from bubbled.story.circumstance import (
    Began,
    Connected,
    Disconnected,
    Heard,
    Muted,
    Quiet,
    Rejected,
    ScreenChanged,
    ScreenLost,
    Slept,
    Stopped,
    Unmuted,
)
from bubbled.story.evidence import GROUPS, Facts, NearCall
from bubbled.story.explanation import explain
from bubbled.story.fact import Decided, NotOnScreen, OnScreen
from bubbled.story.step import Step
from tests.story.sample import NINE

if TYPE_CHECKING:
    from bubbled.story.fact import Fact, OfCall
    from bubbled.story.reason import Reason

AT = NINE.replace(hour=14, minute=3)
MINE = ("PJSIP/101",)


def m(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


UP = ((m(-300), Began("1")), (m(-299), Connected("pbx")))
"""bubbled was running and connected."""


def around(*events: tuple[datetime, Fact], calls: tuple[NearCall, ...] = (), at: datetime = AT) -> Facts:
    """What a history with these events, in their order, tells of the moment."""
    steps = [Step(when, fact) for when, fact in events]
    before = [step for step in steps if step.at <= at]
    after = [step for step in steps if step.at > at]
    window = timedelta(minutes=10)
    return Facts(
        at=at,
        now=m(60 * 24),
        mine=MINE,
        before=[next((s for s in reversed(before) if s.kind in kinds), None) for kinds in GROUPS],
        after=[next((s for s in after if s.kind in kinds), None) for kinds in GROUPS],
        around=tuple(step for step in steps if at - window <= step.at < at + window),
        calls=calls,
        oldest=min((step.at for step in steps), default=None),
    )


def call(minutes: float, popup: str | None = "shown", *steps: OfCall, call_id: str = "1") -> NearCall:
    told = (Decided(popup or ""), *steps) if popup else steps
    return NearCall(call_id, "Jan", m(minutes), popup, tuple(Step(m(minutes), fact) for fact in told))


def why(facts: Facts) -> list[Reason]:
    found = list(reasons(facts))
    for reason in found:
        said = explain(reason, facts.at)
        assert said, "every reason can be said"
        assert "{" not in said
    return found


def test_what_is_to_come_and_what_nobody_remembers() -> None:
    assert why(replace(around(*UP), now=m(-1))) == [because.ToCome()]
    assert why(around()) == [because.NotRemembered(None)]
    later = around((m(60), Began("1")), (m(61), Connected("pbx")))
    assert why(later) == [because.NotRemembered(m(60))]


def test_bubbled_was_stopped() -> None:
    stopped = (*UP, (m(-30), Stopped()))
    assert why(around(*stopped)) == [because.NotRunning(m(-30), None, is_stopped=True)]
    again = why(around(*stopped, (m(30), Began("1"))))
    assert again == [because.NotRunning(m(-30), m(30), is_stopped=True)]
    assert "stopped at 13:33 and started again at 14:33" in explain(again[0], AT)


def test_bubbled_ended_without_a_word() -> None:
    killed = (*UP, (m(-5), Heard()), (m(40), Began("1")))
    assert why(around(*killed)) == [because.NotRunning(m(-5), m(40), is_stopped=False)]


@pytest.mark.parametrize("sign", [Heard(), Muted(), Disconnected("pbx", "gone", m(1))])
def test_a_sign_of_life_afterwards_says_that_it_ran(sign: Fact) -> None:
    found = why(around(*UP, (m(4), sign), (m(40), Began("1"))))
    assert found == [because.NothingRang(m(-1), m(2), MINE)]


def test_the_computer_was_asleep() -> None:
    assert why(around(*UP, (m(90), Slept(m(-60))))) == [because.Asleep(m(-60), m(90))]
    assert because.Asleep(m(5), m(90)) not in why(around(*UP, (m(90), Slept(m(5)))))


def test_there_was_no_connection() -> None:
    lost = (*UP, (m(-5), Disconnected("pbx", "It has gone silent.", m(-6))))
    assert why(around(*lost)) == [because.CutOff("pbx", m(-6), None, "It has gone silent.")]
    found = why(around(*lost, (m(4), Connected("pbx")), (m(1), Heard(rang=("PJSIP/102",)))))
    assert found == [because.CutOff("pbx", m(-6), m(4), "It has gone silent.")]
    assert "from 13:57 to 14:07: It has gone silent." in explain(found[0], AT)


def test_the_pbx_refused_the_account() -> None:
    refused = (*UP, (m(-5), Rejected("pbx", "Wrong password.", m(-5))))
    assert why(around(*refused)) == [because.CutOff("pbx", m(-5), None, "Wrong password.", is_refused=True)]


def test_it_had_just_been_started() -> None:
    (found,) = why(around(*UP, (m(-2), Began("1")), (m(2), Connected("pbx"))))
    assert isinstance(found, because.CutOff)
    assert (found.host, found.since, found.until) == ("pbx", m(-2), m(2))
    (found,) = why(around((m(-2), Began("1"))))
    assert isinstance(found, because.CutOff)
    assert (found.host, found.until) == ("", None)


def test_what_was_in_the_way_for_a_part_of_the_minute_is_told_beside_what_was_heard_in_the_rest() -> None:
    gone = (m(-5), Disconnected("pbx", "It is gone.", m(-5)))
    silence = because.NothingRang(m(-1), m(2), MINE)
    back = why(around(*UP, gone, (m(0.5), Connected("pbx"))))
    assert back == [because.CutOff("pbx", m(-5), m(0.5), "It is gone."), silence]
    lost = why(around(*UP, (m(0.5), Disconnected("pbx", "It is gone.", m(0.5))), (m(4), Connected("pbx"))))
    assert lost == [because.CutOff("pbx", m(0.5), m(4), "It is gone."), silence]
    begun = why(around((m(0.2), Began("1")), (m(0.4), Connected("pbx"))))
    assert begun == [because.NothingRang(m(-1), m(2), MINE)]
    shown = why(around(*UP, gone, (m(0.5), Connected("pbx")), calls=(call(0.6),)))
    assert [reason.kind for reason in shown] == ["was_shown", "cut_off"]


def test_a_connection_that_breaks_soon_afterwards_may_have_been_dead_already() -> None:
    found = why(around(*UP, (m(1.5), Disconnected("pbx", "It has gone silent.", m(1)))))
    assert found[0] == because.SoonCutOff("pbx", m(1.5), "It has gone silent.")
    later = why(around(*UP, (m(3), Disconnected("pbx", "It has gone silent.", m(3)))))
    assert later == [because.NothingRang(m(-1), m(2), MINE)]


def test_a_rule_kept_the_popup_back() -> None:
    steps = (Decided("outside the hours Mon-Fri 08:30-17:30", "popup.hours"),)
    found = why(around(*UP, calls=(call(0.5, steps[0].popup, *steps),)))
    assert found == [because.KeptBack("1", "Jan", m(0.5), steps[0].popup, "popup.hours")]
    said = explain(found[0], AT)
    assert said == (
        "There was a call with Jan at 14:03. No popup: outside the hours Mon-Fri 08:30-17:30 (popup.hours)."
    )


def test_a_call_of_which_nobody_knows_why_is_told_too() -> None:
    assert why(around(*UP, calls=(call(0, None),))) == [
        because.KeptBack("1", "Jan", m(0), "nobody knows why", "")
    ]


def test_the_popup_was_shown_after_all() -> None:
    shown = OnScreen("native", "dunst 1.9.2", "notification 42", 3.0)
    found = why(around(*UP, calls=(call(0, "shown", shown),)))
    assert found == [because.WasShown("1", "Jan", m(0), "dunst 1.9.2", "notification 42")]
    assert why(around(*UP, calls=(call(0, "shown", OnScreen("window", "", "", 3.0)),))) == [
        because.WasShown("1", "Jan", m(0), "window", "")
    ]
    assert why(around(*UP, calls=(call(0),))) == [because.WasShown("1", "Jan", m(0), "", "")]


def test_no_screen_showed_the_popup() -> None:
    failed = NotOnScreen("native", "No notification server is running.")
    found = why(around(*UP, calls=(call(0, "shown", failed),)))
    assert found == [because.NotShown("1", "Jan", m(0), "native", "No notification server is running.")]
    mended = call(0, "shown", failed, OnScreen("native", "dunst", "notification 1", 1.0))
    assert isinstance(why(around(*UP, calls=(mended,)))[0], because.WasShown)


def test_the_nearest_call_comes_first_and_one_that_is_far_off_is_not_meant() -> None:
    calls = (call(-1.5, call_id="a"), call(0.2, call_id="b"), call(2.5, call_id="c"), call(7, call_id="d"))
    found = why(around(*UP, calls=calls))
    assert [reason.call for reason in found if isinstance(reason, because.WasShown)] == ["b", "a", "c"]


def test_a_call_without_a_popup_comes_before_those_that_had_one() -> None:
    calls = (call(0, call_id="a"), call(1.5, "muted", call_id="b"))
    assert [reason.kind for reason in why(around(*UP, calls=calls))] == ["kept_back", "was_shown"]


def test_beside_a_call_that_is_perhaps_not_meant_it_is_told_who_else_rang() -> None:
    found = why(around(*UP, (m(0), Heard(rang=("PJSIP/102",))), calls=(call(-1.8),)))
    assert [reason.kind for reason in found] == ["was_shown", "others_rang"]
    found = why(around(*UP, (m(0), Heard(rang=("PJSIP/102",))), calls=(call(0.5),)))
    assert [reason.kind for reason in found] == ["was_shown"]


def test_a_call_is_told_also_where_bubbled_was_blind_at_the_moment() -> None:
    lost = (*UP, (m(-0.5), Disconnected("pbx", "gone", m(-0.5))))
    found = why(around(*lost, calls=(call(-1, "muted"),)))
    assert [reason.kind for reason in found] == ["cut_off", "kept_back"]


def test_a_colleagues_phone_rang() -> None:
    found = why(around(*UP, (m(0), Heard(rang=("PJSIP/102",)))))
    assert found == [because.OthersRang(m(0), ("PJSIP/102",), 0, MINE)]
    assert explain(found[0], AT).startswith(
        "At 14:03 the PBX told of a call ringing at PJSIP/102, which is not one of your devices (PJSIP/101)."
    )
    many = why(around(*UP, (m(0), Heard(rang=("PJSIP/102", "PJSIP/103"), others=4))))
    assert "PJSIP/102, PJSIP/103 and 4 more" in explain(many[0], AT)


def test_the_own_phone_could_not_be_reached_or_rang_for_no_call() -> None:
    found = why(around(*UP, (m(0), Heard(rang=("PJSIP/101", "PJSIP/102"), unreached=("PJSIP/101",)))))
    assert found == [
        because.OwnUnreached(m(0), ("PJSIP/101",)),
        because.OwnWithoutCall(m(0), ("PJSIP/101",)),
        because.OthersRang(m(0), ("PJSIP/102",), 0, MINE),
    ]


@pytest.mark.parametrize(("minute", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_minute_before_and_after_may_be_the_one_that_is_meant(minute: int, *, counts: bool) -> None:
    found = why(around(*UP, (m(minute), Heard(rang=("PJSIP/102",)))))
    assert (found[0].kind == "others_rang") is counts


def test_no_phone_rang_at_all() -> None:
    found = why(around(*UP, (m(0), Heard())))
    assert found == [because.NothingRang(m(-1), m(2), MINE)]
    assert explain(found[0], AT).startswith("Your phone did not ring: from 14:02 to 14:05")


def test_somebody_called_and_no_phone_rang() -> None:
    (found,) = why(around(*UP, (m(0), Heard(callers=2))))
    assert found == because.RangNobody(m(0), 2, MINE)
    assert why(around(*UP, (m(0), Heard(rang=("PJSIP/102",), callers=2))))[0].kind == "others_rang"


def test_by_sip_nobody_tells_of_other_phones() -> None:
    found = why(replace(around(*UP), tells_all=False))
    assert found == [because.OnlyOwnTold(MINE)]


def test_what_would_have_kept_a_popup_back_is_told_besides() -> None:
    events = (
        (m(-60), Muted(None, m(-500))),
        (m(-50), Quiet(("do not disturb is on",))),
        (m(-40), ScreenLost("native", "No server.")),
    )
    found = why(around(*UP, *events))
    assert found[1:] == [
        because.WasMuted(m(-500)),
        because.WasQuiet(("do not disturb is on",)),
        because.HadNoScreen("No server."),
    ]
    over = ((m(-30), Unmuted()), (m(-30), Quiet(())), (m(-30), ScreenChanged("native")))
    assert len(why(around(*UP, *events, *over))) == 1
    assert len(why(around(*UP, (m(-60), Muted(m(-1)))))) == 1, "a mute that has ended by itself"
    assert why(around(*UP, (m(-60), Muted(m(1)))))[1] == because.WasMuted(m(-60))


def test_what_was_on_another_day_names_it() -> None:
    (found,) = why(around((m(-60 * 30), Began("1")), (m(-60 * 20), Stopped())))
    assert "stopped at 2026-11-25 18:03" in explain(found, AT)


def test_every_reason_is_translated() -> None:
    facts = around(*UP, (m(0), Heard(rang=("PJSIP/102",), unreached=MINE)), calls=(call(-1.8, "muted"),))
    for reason in reasons(facts):
        assert explain(reason, AT, lambda text: f"[{text}]").startswith("[")
