from __future__ import annotations

import pytest

from bubbled.pbx.sip.subscription import NO_ANSWER, NO_NOTIFY
from tests.pbx.sip.notifier import CHALLENGE, CONFIRMED, IDLE, STRONGER, Notifier, document, early
from tests.pbx.sip.watch import Watch

STORY = [
    "started ringing +31612345678 Jan -",
    "answered talking +31612345678 Jan -",
    "ended ended +31612345678 Jan answered",
]


def replied(watch: Watch) -> str:
    """What the PBX was answered to its latest NOTIFY."""
    return watch.pbx.replies[max(watch.pbx.replies)].start


def test_a_call_is_told_from_its_ringing_to_its_end() -> None:
    watch = Watch(Notifier(CHALLENGE)).begin()
    for state in (early(), CONFIRMED, IDLE):
        watch.pbx_sends(watch.pbx.notify(state))
    assert watch.told == STORY
    assert replied(watch) == "SIP/2.0 200 OK"


@pytest.mark.parametrize(
    ("challenges", "algorithm"),
    [((CHALLENGE,), "MD5"), ((CHALLENGE, STRONGER), "SHA-256"), ((STRONGER, CHALLENGE), "SHA-256")],
)
def test_the_stronger_challenge_is_answered(challenges: tuple[str, ...], algorithm: str) -> None:
    watch = Watch(Notifier(*challenges)).begin()
    assert watch.is_active
    assert f"algorithm={algorithm}" in watch.pbx.proofs[0]


def test_a_wrong_password_is_tried_once() -> None:
    watch = Watch(Notifier(CHALLENGE), secret="wrong").begin().run(600)
    assert watch.subscription.ending is not None
    assert watch.subscription.ending.status == 401
    assert watch.sent == 4


def test_a_stale_nonce_is_answered_again_but_not_for_ever() -> None:
    pbx = Notifier(CHALLENGE)
    watch = Watch(pbx).begin()
    pbx.challenges = [CHALLENGE.replace("n1", "n3") + ", stale=true"]
    watch.run(60)
    assert watch.is_active
    assert watch.subscription.ending is None
    before = watch.sent
    pbx.believes = False
    watch.run(660)
    assert watch.subscription.ending is not None
    assert (watch.subscription.ending.status, watch.subscription.ending.is_stale) == (401, True)
    assert watch.sent - before == 6, "three requests and refusals: with the nonce it had, and two fresh ones"


def test_a_nonce_is_used_again_and_its_uses_are_counted() -> None:
    watch = Watch(Notifier(CHALLENGE)).begin().run(300)
    uses = [proof.partition("nc=")[2][:8] for proof in watch.pbx.proofs]
    assert uses[:3] == ["00000001", "00000002", "00000003"]


def test_the_tag_of_a_refusal_is_not_kept() -> None:
    watch = Watch(Notifier(CHALLENGE)).begin()
    assert "tag=" not in watch.pbx.asked[0].get("to")


def test_a_notify_may_overtake_the_answer() -> None:
    pbx = Notifier()
    pbx.overtakes = True
    pbx.state = (early(),)
    watch = Watch(pbx).begin()
    assert (watch.is_active, watch.told) == (True, STORY[:1])


def test_it_is_refreshed_in_the_same_dialog_before_it_expires() -> None:
    watch = Watch(Notifier()).begin().run(60)
    first, second = watch.pbx.asked
    assert second.get("call-id") == first.get("call-id")
    assert second.get("to").endswith(";tag=pbx1")
    assert watch.is_active


def test_a_pbx_that_wants_longer_gets_it() -> None:
    pbx = Notifier()
    pbx.refusal, pbx.refusal_headers = (423, "Interval Too Brief"), (("min-expires", "600"),)
    watch = Watch(pbx)
    watch.subscription.begin(watch.now)
    watch.run(0.05)
    pbx.refusal = None
    watch.run(1)
    assert [each.get("expires") for each in pbx.asked] == ["90", "600"]
    assert watch.is_active


def test_a_subscription_that_the_pbx_has_forgotten_is_made_anew() -> None:
    pbx = Notifier()
    watch = Watch(pbx).begin()
    pbx.forgets, pbx.tag = True, "pbx2"
    watch.run(55)
    assert (watch.is_active, watch.subscription.renewals) == (True, 1)
    assert pbx.asked[-1].get("call-id") != pbx.asked[0].get("call-id")


def test_a_call_goes_on_through_a_new_subscription() -> None:
    pbx = Notifier()
    watch = Watch(pbx).begin()
    watch.pbx_sends(pbx.notify(early())).pbx_sends(pbx.notify(CONFIRMED))
    pbx.state = (CONFIRMED,)
    watch.pbx_sends(pbx.notify(CONFIRMED, subscription_state="terminated;reason=deactivated")).run(1)
    watch.pbx_sends(pbx.notify(IDLE))
    assert watch.told == STORY


@pytest.mark.parametrize(
    ("state", "ended", "retry_after_s"),
    [
        ("terminated;reason=timeout", False, None),
        ("terminated", False, None),
        ("terminated;reason=rejected", True, None),
        ("terminated;reason=giveup;retry-after=30", True, 30),
        ("terminated;reason=noresource", True, None),
        ("terminated;reason=giveup;retry-after=" + "9" * 5000, True, 999_999_999),
        ("TERMINATED ; reason=Deactivated", False, None),
    ],
)
def test_a_pbx_may_end_it(state: str, *, ended: bool, retry_after_s: int | None) -> None:
    watch = Watch(Notifier()).begin().run(10)
    watch.pbx_sends(watch.pbx.notify(IDLE, subscription_state=state)).run(1)
    assert watch.is_active is not ended
    if ended:
        assert watch.subscription.ending is not None
        assert watch.subscription.ending.retry_after_s == retry_after_s


def test_a_pbx_that_ends_each_at_once_is_not_asked_without_end() -> None:
    pbx = Notifier()
    watch = Watch(pbx).begin()
    original = pbx.notify
    pbx.notify = lambda *dialogs, **headers: original(  # type: ignore[method-assign]
        *dialogs, **{"subscription_state": "terminated;reason=deactivated", **headers}
    )
    watch.pbx_sends(pbx.notify(IDLE)).run(100)
    assert watch.subscription.ending is not None
    assert len(pbx.asked) < 4


@pytest.mark.parametrize("status", [403, 404, 489, 500, 503])
def test_a_refusal_ends_it_with_its_reason(status: int) -> None:
    pbx = Notifier()
    pbx.refusal, pbx.refusal_headers = (status, "No"), (("retry-after", "20"),)
    watch = Watch(pbx).begin()
    assert watch.subscription.ending is not None
    assert (watch.subscription.ending.status, watch.subscription.ending.retry_after_s) == (status, 20)


def test_a_pbx_that_says_nothing_is_given_up_after_a_while() -> None:
    watch = Watch(Notifier())
    watch.loses = lambda _number: True
    watch.begin().run(31.5)
    assert watch.subscription.ending is not None
    assert watch.subscription.ending.words == NO_ANSWER
    assert watch.sent == 11  # RFC 3261, 17.1.2.2: at 0, 0.5, 1.5, 3.5, 7.5, then every four seconds


def test_over_a_stream_nothing_is_sent_twice() -> None:
    watch = Watch(Notifier(), transport="TCP")
    watch.loses = lambda _number: True
    watch.begin().run(32)
    assert watch.sent == 1
    assert watch.subscription.ending is not None


def test_a_pbx_that_accepts_and_then_tells_nothing_is_given_up() -> None:
    pbx = Notifier()
    pbx.notifies = False
    watch = Watch(pbx).begin().run(33)
    assert watch.subscription.ending is not None
    assert watch.subscription.ending.words == NO_NOTIFY


def test_a_notify_of_another_dialog_is_refused_so_that_the_pbx_forgets_it() -> None:
    watch = Watch(Notifier()).begin()
    for headers in (
        {"call_id": "of an earlier run"},
        {"to": "<sip:101@pbx>;tag=other"},
        {"from": "<sip:x>;tag=y"},
    ):
        watch.pbx_sends(watch.pbx.notify(early(), **headers))
        assert replied(watch).startswith("SIP/2.0 481")
    assert watch.told == []


def test_a_notify_of_another_event_is_refused() -> None:
    watch = Watch(Notifier()).begin()
    watch.pbx_sends(watch.pbx.notify(early(), event="presence"))
    assert replied(watch).startswith("SIP/2.0 489")
    assert watch.told == []


def test_a_notify_that_comes_twice_is_one_and_gets_the_same_answer() -> None:
    watch = Watch(Notifier()).begin()
    notify = watch.pbx.notify(early())
    watch.pbx_sends(notify)
    first = replied(watch)
    watch.pbx_sends(notify)
    assert (replied(watch), watch.told) == (first, STORY[:1])


def test_notifies_that_change_places_on_the_way_end_in_the_latest_state() -> None:
    watch = Watch(Notifier()).begin()
    ringing, ended = watch.pbx.notify(early()), watch.pbx.notify(IDLE)
    watch.pbx_sends(ended).pbx_sends(ringing)
    assert watch.told == []
    assert watch.pbx.replies[101].start.startswith("SIP/2.0 500")
    assert watch.is_active


def test_a_pbx_that_counts_from_before_is_subscribed_to_anew() -> None:
    watch = Watch(Notifier()).begin().run(20)
    watch.pbx_sends(watch.pbx.notify(early(), cseq="3 NOTIFY")).run(1)
    assert (watch.is_active, watch.subscription.renewals) == (True, 1)


def test_parts_are_taken_and_a_missing_one_is_asked_for() -> None:
    watch = Watch(Notifier()).begin()
    pbx = watch.pbx
    watch.pbx_sends(pbx.notify_raw(document(1, early(key='id="a"'), state="partial"))).run(5)
    assert watch.told == STORY[:1]
    assert len(pbx.asked) == 1
    pbx.state = (early(key='id="a"'), early("+31687654321", "Piet", key='id="b"'))
    watch.pbx_sends(pbx.notify_raw(document(3, early("+31687654321", "Piet", key='id="b"'), state="partial")))
    assert len(pbx.asked) == 2
    assert watch.told[1:] == ["started ringing +31687654321 Piet -"]


def test_a_pbx_that_never_tells_the_whole_is_not_asked_without_end() -> None:
    class InParts(Notifier):
        def notify(self, *dialogs: str, **headers: str) -> bytes:
            return self.notify_raw(document(0, *dialogs, state="partial"), **headers)

    watch = Watch(InParts()).begin().run(60)
    assert watch.is_active
    assert len(watch.pbx.asked) < 15


def test_when_it_ends_the_pbx_is_told() -> None:
    watch = Watch(Notifier(CHALLENGE)).begin()
    watch.subscription.end(watch.now)
    watch.run(1)
    assert watch.pbx.asked[-1].get("expires") == "0"


def test_a_document_that_cannot_be_read_changes_nothing() -> None:
    watch = Watch(Notifier()).begin()
    watch.pbx_sends(watch.pbx.notify_raw(b"<!DOCTYPE x><x/>"))
    assert replied(watch) == "SIP/2.0 200 OK"
    watch.pbx_sends(watch.pbx.notify(early()))
    assert watch.told == STORY[:1]


def test_the_server_learns_where_its_requests_reach_us_behind_a_nat() -> None:
    pbx = Notifier(CHALLENGE)
    original = pbx._answer

    def seen_from_outside(request: object) -> list[bytes]:
        return [each.replace(b";rport", b";rport=40000;received=203.0.113.9") for each in original(request)]  # type: ignore[arg-type]

    pbx._answer = seen_from_outside  # type: ignore[method-assign]
    Watch(pbx).begin()
    assert pbx.asked[0].get("contact") == "<sip:bubbled@203.0.113.9:40000;transport=udp>"


@pytest.mark.parametrize("lost", range(1, 14))
@pytest.mark.parametrize("overtakes", [False, True])
def test_every_datagram_may_be_lost_once(lost: int, *, overtakes: bool) -> None:
    """The PBX repeats a NOTIFY that is not answered, as RFC 3261 has it."""
    pbx = Notifier(CHALLENGE)
    pbx.overtakes = overtakes
    watch = Watch(pbx)
    watch.loses = lambda number: number == lost
    watch.begin().run(3)
    for state in (early(), CONFIRMED, IDLE):
        notify = pbx.notify(state)
        before = len(pbx.replies)
        for _ in range(3):
            if len(pbx.replies) == before:
                watch.pbx_sends(notify).run(1)
    assert watch.is_active
    assert watch.told == STORY


def test_nothing_grows_over_ten_thousand_refreshes() -> None:
    watch = Watch(Notifier(CHALLENGE)).begin()
    watch.run(1000)
    before = _size(watch)
    while len(watch.pbx.proofs) < 10_000:
        watch.run(5_400)
        watch.pbx.asked, watch.infos = watch.pbx.asked[-1:], []
        watch.pbx._answered.clear()
    assert watch.is_active
    assert _size(watch) == before


def _size(watch: Watch) -> tuple[int, ...]:
    agent = watch.agent
    return len(agent._questions), len(agent.serving), len(agent.outbox), len(watch.tracker._talks)
