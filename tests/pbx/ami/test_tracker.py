import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import ME, Call, CallState, Direction, Outcome, Via, ViaKind
from bubbled.pbx.ami.framing import Message
from bubbled.pbx.ami.tracker import Tracker
from tests.pbx.ami.story import (
    ALICE,
    BOB,
    CALLER,
    TRUNK,
    each_their_own,
    event,
    hung_up,
    kinds,
    last,
    lifted,
    on_the_wire,
    owner_of,
    read,
    ringing,
    snapshot,
    told,
    uniqueid,
)

MINE = "PJSIP/101"
PIPE = "Local/102@internal-00000009"


def test_a_ringing_phone_is_a_call_with_number_and_dialled_number() -> None:
    changes = told(owner_of(MINE), ringing(line_name="Jan Jansen"))

    assert kinds(changes) == ["started"]
    call = last(changes)
    assert (call.state, call.direction) == (CallState.RINGING, Direction.INBOUND)
    assert (call.number, call.e164, call.name) == (CALLER, CALLER, "Jan Jansen")
    assert (call.device, call.dialled, call.internal) == (MINE, "+31201000101", False)


def test_a_phone_that_is_dialled_but_never_rings_is_no_call() -> None:
    refused = event("Hangup", snapshot(ALICE), Cause="17")

    assert told(owner_of(MINE), [*ringing()[:3], refused]) == []


def test_lifting_is_told_once_and_hanging_up_ends_it() -> None:
    changes = told(owner_of(MINE), [*ringing(), *lifted(), hung_up(TRUNK), hung_up(ALICE)])

    assert kinds(changes) == ["started", "answered", "ended"]
    assert last(changes).outcome is Outcome.ANSWERED


def test_a_call_that_nobody_lifts_is_missed() -> None:
    changes = told(owner_of(MINE), [*ringing(), hung_up(ALICE, "127")])

    assert last(changes).outcome is Outcome.MISSED


def test_a_phone_that_refuses_after_ringing_rejected_the_call() -> None:
    changes = told(owner_of(MINE), [*ringing(), hung_up(ALICE, "17")])

    assert last(changes).outcome is Outcome.REJECTED


def test_who_took_the_call_instead_is_told() -> None:
    trunk = snapshot(TRUNK, "Ring", own=CALLER)
    bob = {"own": "102", "began_with": TRUNK}
    bob_answers = [
        event("Newchannel", snapshot(BOB, **bob)),
        event("DialBegin", trunk, snapshot(BOB, prefix="Dest", **bob)),
        event("Newstate", snapshot(BOB, "Up", **bob)),
        event("DialEnd", trunk, snapshot(BOB, "Up", prefix="Dest", **bob), DialStatus="ANSWER"),
    ]

    changes = told(owner_of(MINE), [*ringing(), *bob_answers, hung_up(ALICE, "26")])

    assert last(changes).outcome is Outcome.ANSWERED_ELSEWHERE
    assert last(changes).answered_by == "102"


def test_the_same_number_in_another_notation_changes_nothing_but_the_name() -> None:
    line = event(
        "NewConnectedLine",
        snapshot(ALICE, "Ringing", own="101", line="0612345678", line_name="Jan", began_with=TRUNK),
    )

    changes = told(owner_of(MINE), [*ringing(), line])

    assert (last(changes).number, last(changes).name) == (CALLER, "Jan")


def test_a_withheld_number_is_none() -> None:
    changes = told(owner_of(MINE), ringing("anonymous", line_name="Anonymous"))

    assert (last(changes).number, last(changes).e164, last(changes).name) == (None, None, None)


def test_dialling_is_an_outbound_call_from_the_first_tone() -> None:
    dials = event("Newchannel", snapshot(ALICE, "Ring", own="101", exten="0301234567"))

    changes = told(owner_of(MINE), [dials])

    assert (last(changes).direction, last(changes).state) == (Direction.OUTBOUND, CallState.DIALLING)
    assert (last(changes).number, last(changes).e164) == ("0301234567", "+31301234567")


def test_an_internal_number_has_no_international_form() -> None:
    dials = event("Newchannel", snapshot(ALICE, "Ring", own="101", exten="102"))

    call = last(told(owner_of(MINE), [dials]))

    assert (call.internal, call.e164) == (True, None)


def test_a_code_that_was_dialled_is_no_call() -> None:
    dials = event("Newchannel", snapshot(ALICE, "Ring", own="101", exten="*97"))
    listens = event("Newstate", snapshot(ALICE, "Up", own="101", exten="*97"))

    assert told(owner_of(MINE), [dials, listens, hung_up(ALICE)]) == []


def test_picking_up_for_a_colleague_is_an_inbound_call_from_the_moment_of_pickup() -> None:
    bob = {"own": "102", "exten": "*8"}
    picks = [
        event("Newchannel", snapshot(BOB, "Ring", **bob)),
        event("NewConnectedLine", snapshot(BOB, "Ring", line=CALLER, **bob)),
        event("Newstate", snapshot(BOB, "Up", line=CALLER, **bob)),
        event(
            "Pickup",
            snapshot(BOB, "Up", line=CALLER, **bob),
            snapshot(ALICE, "Ringing", own="101", began_with=TRUNK, prefix="Target"),
        ),
    ]

    changes = told(Tracker(each_their_own, "NL"), [*ringing(), *picks, hung_up(ALICE)])

    of_bob = [change for change in changes if change.call.owner == "102"]
    assert kinds(of_bob) == ["started", "answered"]
    assert (last(of_bob).number, last(of_bob).via) == (CALLER, Via(ViaKind.PICKUP, "101"))
    assert (last(changes).owner, last(changes).outcome) == ("101", Outcome.ANSWERED_ELSEWHERE)
    assert last(changes).answered_by == "102"


def test_several_phones_of_one_owner_that_ring_for_one_caller_are_one_call() -> None:
    trunk = snapshot(TRUNK, "Ring", own=CALLER)
    mobile = {"own": "101", "line": CALLER, "began_with": TRUNK}
    second_rings = [
        event("Newchannel", snapshot(BOB, **mobile)),
        event("DialBegin", trunk, snapshot(BOB, prefix="Dest", **mobile)),
        event("Newstate", snapshot(BOB, "Ringing", **mobile)),
    ]
    second_lifts = event("Newstate", snapshot(BOB, "Up", **mobile))
    tracker = owner_of(MINE, "PJSIP/102")

    changes = told(tracker, [*ringing(), *second_rings, second_lifts, hung_up(ALICE, "26"), hung_up(BOB)])

    assert kinds(changes) == ["started", "updated", "answered", "ended"]
    assert len({change.call.id for change in changes}) == 1
    assert [change.call.device for change in changes] == [MINE, MINE, "PJSIP/102", "PJSIP/102"]
    assert last(changes).via == Via(ViaKind.RING_GROUP, "+31201000101")
    assert last(changes).outcome is Outcome.ANSWERED


def test_calling_ones_own_other_phone_is_one_outbound_call() -> None:
    alice = snapshot(ALICE, "Ring", own="101", exten="102")
    bob = {"own": "102", "line": "101", "began_with": ALICE}
    messages = [
        event("Newchannel", alice),
        event("Newchannel", snapshot(BOB, **bob)),
        event("DialBegin", alice, snapshot(BOB, prefix="Dest", **bob)),
        event("Newstate", snapshot(BOB, "Ringing", **bob)),
        event("Newstate", snapshot(BOB, "Up", **bob)),
    ]

    changes = told(owner_of(MINE, "PJSIP/102"), messages)

    assert {change.call.direction for change in changes} == {Direction.OUTBOUND}
    assert len({change.call.id for change in changes}) == 1


def test_the_own_phone_of_a_click_to_call_is_an_outbound_call() -> None:
    alice = {"own": "101", "line": "0301234567"}
    rings = [
        event("Newchannel", snapshot(ALICE, own="101")),
        event("DialBegin", snapshot(ALICE, prefix="Dest", **alice)),
        event("Newstate", snapshot(ALICE, "Ringing", **alice)),
    ]

    changes = told(owner_of(MINE), [*rings, hung_up(ALICE, "19")])

    assert changes[0].call.direction is Direction.OUTBOUND
    assert (last(changes).number, last(changes).via) == ("0301234567", Via(ViaKind.CLICK_TO_CALL))
    assert last(changes).outcome is Outcome.OWN_PHONE_NO_ANSWER


def test_a_transfer_is_seen_in_the_bridge_where_the_pbx_sends_no_connected_line() -> None:
    third = "SIP/103-0000000a"
    alice = snapshot(ALICE, "Up", own="101", line=CALLER, began_with=TRUNK)
    swapped = [
        event("BridgeLeave", snapshot(TRUNK, "Up", own=CALLER), BridgeUniqueid="b1"),
        event("Newchannel", snapshot(third, "Up", own="103")),
        event("BridgeEnter", snapshot(third, "Up", own="103"), BridgeUniqueid="b1"),
        event("Hold", alice),
    ]

    changes = told(owner_of(MINE), [*ringing(), *lifted(), *swapped])

    assert (last(changes).number, last(changes).internal) == ("103", True)
    assert last(changes).state is CallState.HELD


def test_a_transfer_is_seen_in_the_connected_line_where_the_pbx_sends_it() -> None:
    line = snapshot(ALICE, "Up", own="101", line="+31687654321", line_name="Piet", began_with=TRUNK)

    changes = told(owner_of(MINE), [*ringing(), *lifted(), event("NewConnectedLine", line)])

    assert (last(changes).number, last(changes).name) == ("+31687654321", "Piet")


def test_whoever_talks_is_found_behind_pipes() -> None:
    one, two = f"{PIPE};1", f"{PIPE};2"
    other = "SIP/trunk-0000000b"
    piped = [
        event("BridgeLeave", snapshot(TRUNK, "Up", own=CALLER), BridgeUniqueid="b1"),
        event("Newchannel", snapshot(one, "Up", began_with=TRUNK)),
        event("Newchannel", snapshot(two, "Up", began_with=TRUNK)),
        event("Newchannel", snapshot(other, "Up", own="+31201112222")),
        event("BridgeEnter", snapshot(one, "Up", began_with=TRUNK), BridgeUniqueid="b1"),
        event("BridgeEnter", snapshot(two, "Up", began_with=TRUNK), BridgeUniqueid="b2"),
        event("BridgeEnter", snapshot(other, "Up", own="+31201112222"), BridgeUniqueid="b2"),
    ]

    changes = told(owner_of(MINE), [*ringing(), *lifted(), *piped])

    assert last(changes).number == "+31201112222"


def test_a_blind_transfer_tells_both_colleagues() -> None:
    trunk = snapshot(TRUNK, "Up", own=CALLER)
    bob = {"own": "102", "line": CALLER, "began_with": TRUNK}
    transfer = event(
        "BlindTransfer",
        snapshot(ALICE, "Up", own="101", prefix="Transferer"),
        snapshot(TRUNK, "Up", own=CALLER, prefix="Transferee"),
        Result="Success",
        Extension="102",
    )
    messages = [
        *ringing(),
        *lifted(),
        transfer,
        hung_up(ALICE),
        event("Newchannel", snapshot(BOB, **bob)),
        event("DialBegin", trunk, snapshot(BOB, prefix="Dest", **bob)),
        event("Newstate", snapshot(BOB, "Ringing", **bob)),
    ]

    changes = told(Tracker(each_their_own, "NL"), messages)

    of_alice = [change.call for change in changes if change.call.owner == "101"][-1]
    assert (of_alice.outcome, of_alice.transferred_to) == (Outcome.TRANSFERRED, "102")
    assert (last(changes).owner, last(changes).transferred_from) == ("102", "101")
    assert last(changes).number == CALLER


def test_hangups_of_channels_never_seen_are_nothing() -> None:
    assert told(owner_of(MINE), [hung_up(ALICE), hung_up(TRUNK)]) == []


def test_joining_in_the_middle_of_a_call_takes_it_as_the_pbx_lists_it() -> None:
    tracker = owner_of(MINE)
    rows = [
        event("Status", snapshot(TRUNK, "Up", own=CALLER, exten="101"), BridgeID="b1"),
        event("Status", snapshot(ALICE, "Up", own="101", line=CALLER, began_with=TRUNK), BridgeID="b1"),
    ]

    changes = tracker.resync(rows)

    assert kinds(changes) == ["started", "answered"]
    assert (last(changes).number, last(changes).direction) == (CALLER, Direction.INBOUND)


@pytest.mark.parametrize("order", [1, -1])
def test_joining_in_the_middle_finds_who_talks_in_whatever_order_the_pbx_lists_them(order: int) -> None:
    rows = [
        event("Status", snapshot(ALICE, "Up", own="101"), BridgeID="b1"),
        event("Status", snapshot(TRUNK, "Up", own=CALLER, began_with=ALICE), BridgeID="b1"),
    ]

    changes = owner_of(MINE).resync(rows[::order])

    assert kinds(changes) == ["started", "answered"]
    assert (last(changes).direction, last(changes).number) == (Direction.OUTBOUND, CALLER)


@pytest.mark.parametrize("order", [1, -1])
def test_joining_while_two_phones_of_one_owner_ring_is_joining_one_call(order: int) -> None:
    rows = [
        event("Status", snapshot(TRUNK, "Ring", own=CALLER, exten="0201000101"), BridgeID=""),
        event("Status", snapshot(ALICE, "Ringing", own="101", began_with=TRUNK), BridgeID=""),
        event("Status", snapshot(BOB, "Ringing", own="102", began_with=TRUNK), BridgeID=""),
    ]

    changes = owner_of(MINE, "PJSIP/102").resync(rows[::order])

    assert kinds(changes) == ["started"]
    assert (last(changes).number, last(changes).dialled) == (CALLER, "0201000101")


def test_a_resync_ends_what_the_pbx_no_longer_lists() -> None:
    tracker = owner_of(MINE)
    told(tracker, [*ringing(), *lifted()])

    changes = tracker.resync([])

    assert kinds(changes) == ["ended"]
    assert tracker.calls == []
    assert tracker.channels == frozenset()


def test_only_what_is_dropped_by_name_ends() -> None:
    tracker = owner_of(MINE)
    told(tracker, ringing())

    assert tracker.drop([uniqueid(TRUNK)]) == []
    assert kinds(tracker.drop([uniqueid(ALICE)])) == ["ended"]


def test_a_uniqueid_that_is_used_again_names_another_call() -> None:
    own = {"own": "101", "line": "0301234567"}
    rings = event("Newstate", snapshot(ALICE, "Ringing", **own) | {"Uniqueid": "cti-1", "Linkedid": "cti-1"})
    ends = event("Hangup", snapshot(ALICE, "Up", **own) | {"Uniqueid": "cti-1", "Linkedid": "cti-1"})

    changes = told(owner_of(MINE), [rings, ends, rings, ends])

    assert kinds(changes) == ["started", "ended", "started", "ended"]
    assert len({change.call.id for change in changes}) == 2


def test_a_call_that_was_taken_for_over_and_goes_on_is_another_call() -> None:
    tracker = owner_of(MINE)
    changes = told(tracker, [*ringing(), *lifted()])
    changes += tracker.resync([])
    changes += told(tracker, lifted())
    changes += told(tracker, [hung_up(ALICE)])

    assert kinds(changes) == ["started", "answered", "ended", "started", "answered", "ended"]
    assert len({change.call.id for change in changes}) == 2


@given(st.lists(st.sampled_from([*ringing(), *lifted(), hung_up(TRUNK), hung_up(ALICE), None]), max_size=25))
def test_events_in_any_order_begin_and_end_each_call_once(stream: list[Message | None]) -> None:
    tracker = owner_of(MINE)
    changes = [c for each in stream for c in (tracker.apply(each) if each else tracker.resync([]))]
    changes += tracker.resync([])

    for call_id in {change.call.id for change in changes}:
        told_of_it = kinds(change for change in changes if change.call.id == call_id)
        assert (told_of_it[0], told_of_it[-1]) == ("started", "ended")
        assert max(map(told_of_it.count, ("started", "answered", "ended"))) == 1


def test_a_state_that_is_no_state_changes_nothing() -> None:
    tracker = owner_of(MINE)
    told(tracker, ringing())
    strange = snapshot(ALICE, "Ringing", own="101", line=CALLER, began_with=TRUNK) | {
        "ChannelState": "6" * 5000
    }

    assert tracker.apply(event("Newstate", strange)) == []


def test_a_call_keeps_its_name_through_a_restart_of_the_daemon_also_on_a_pbx_with_a_systemname() -> None:
    ids = {"Uniqueid": f"pbx-1-{uniqueid(ALICE)}", "Linkedid": f"pbx-1-{uniqueid(TRUNK)}"}
    rings = event("Newstate", snapshot(ALICE, "Ringing", own="101", line="0301234567") | ids)
    runs = [Tracker(lambda device: ME if device == MINE else None, "NL", serial=serial) for serial in "ab"]

    assert len({last(run.apply(rings)).id for run in runs}) == 1


def test_rows_that_a_forgery_took_apart_are_rows_all_the_same() -> None:
    evil = CALLER + "\r\n\r\nEvent: StatusComplete\r\nX: "
    row = event("Status", snapshot(ALICE, "Ringing", own="101", line=evil, began_with=TRUNK), BridgeID="")
    tracker = owner_of(MINE)

    assert kinds(tracker.resync(read(on_the_wire(row)))) == ["started"]
    assert tracker.resync(read(on_the_wire(row))) == []


def test_a_row_without_its_end_keeps_the_call_that_is_known() -> None:
    tracker = owner_of(MINE)
    told(tracker, ringing())
    row = event("Status", snapshot(ALICE, "Ringing", own="101", line=CALLER, began_with=TRUNK))
    del row["Uniqueid"]

    assert tracker.resync([row]) == []


def dials(number: str, tracker: Tracker) -> Call:
    """Alice dials by hand."""
    own = snapshot(ALICE, "Ring", own="101", exten=number)
    return told(tracker, [event("Newchannel", own)])[-1].call


@pytest.mark.parametrize(
    ("region", "prefix", "dialled", "e164"),
    [
        ("NL", "", "0612345678", "+31612345678"),
        ("NL", "0", "00612345678", "+31612345678"),
        ("NL", "0", "0612345678", "+31612345678"),
        ("NL", "0", "0004930901234567", "+4930901234567"),
        ("NL", "9", "90612345678", "+31612345678"),
        ("DK", "0", "032123456", "+4532123456"),
        ("NL", "9", "102", None),
    ],
)
def test_the_prefix_of_an_outside_line_is_no_part_of_the_number(
    region: str, prefix: str, dialled: str, e164: str | None
) -> None:
    tracker = Tracker(lambda device: ME if device == MINE else None, region, outside_prefix=prefix)
    call = dials(dialled, tracker)
    assert (call.number, call.e164) == (dialled, e164)


def test_a_caller_has_dialled_no_prefix_of_ours() -> None:
    tracker = Tracker(lambda device: ME if device == MINE else None, "NL", outside_prefix="0")
    assert last(told(tracker, ringing("0612345678"))).e164 == "+31612345678"
    assert last(told(tracker, [hung_up(ALICE), *ringing("0031612345678")])).e164 == "+31612345678"
