from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.condition import parse
from bubbled.model import (
    E164,
    Call,
    CallId,
    CallState,
    Card,
    Contact,
    Dealings,
    Device,
    Direction,
    LastContact,
    Outcome,
    Tone,
    Via,
    ViaKind,
)
from bubbled.popup.layout import Layout, lay_out
from bubbled.popup.subject import Finding, Subject, Unanswered
from bubbled.popup.wording import Wording

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
DUTCH_DESK = Layout(region="NL", wording=Wording(colleagues={"102": "Bob"}), buttons=())
RINGING = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="+31612345678",
    e164=E164("+31612345678"),
    dialled="+31201000101",
)
JAN = Contact(
    directory="Customers",
    name="Jan Jansen",
    company="Bakker & Zn",
    fields=(("city", "Utrecht"), ("postal code", "3511 AB"), ("name", "not this one")),
)
BAS = Contact(directory="Customers", name="Bas Bakker")
CEES = Contact(directory="Customers", name="Cees Smit")


def card(call: Call = RINGING, contact: Contact | None = None, layout: Layout = DUTCH_DESK) -> Card:
    return lay_out(Subject(call=call, finding=Finding(contact=contact)), layout, NOW)


def test_a_known_caller_gets_a_whole_card() -> None:
    last = LastContact(NOW - timedelta(days=10), Direction.INBOUND, Outcome.ANSWERED, "Bob")
    queued = replace(RINGING, via=Via(ViaKind.QUEUE, "Support"))
    assert lay_out(
        Subject(call=queued, finding=Finding(contact=JAN), dealings=Dealings(last=last)), DUTCH_DESK, NOW
    ) == Card(
        headline="Jan Jansen",
        lines=(
            "Bakker & Zn",
            "06 12345678",
            "Queue Support · To 020 100 0101",
            "Last contact: 12 Nov 14:03 with Bob, answered",
        ),
        status="Calling you",
        tone=Tone.RINGING,
        footnote="Customers",
        direction=Direction.INBOUND,
    )


@pytest.mark.parametrize(
    ("contact", "name", "headline"),
    [
        (JAN, "Caller ID", "Jan Jansen"),
        (replace(JAN, name=None), "Caller ID", "Bakker & Zn"),
        (None, "Caller ID", "Caller ID"),
        (None, None, "06 12345678"),
        (None, "0612345678", "06 12345678"),
        (None, "<unknown>", "06 12345678"),
        (Contact(directory="Customers"), "Caller ID", "Caller ID"),
    ],
)
def test_the_headline_is_the_best_there_is(contact: Contact | None, name: str | None, headline: str) -> None:
    assert card(replace(RINGING, name=name), contact).headline == headline


@pytest.mark.parametrize(
    ("direction", "name", "headline"),
    [
        (Direction.INBOUND, None, "Anonymous"),
        (Direction.INBOUND, "anonymous", "Anonymous"),
        (Direction.INBOUND, "J. Jansen", "J. Jansen"),
        (Direction.OUTBOUND, None, "Unknown number"),
    ],
)
def test_a_party_without_a_number_has_a_headline(
    direction: Direction, name: str | None, headline: str
) -> None:
    hidden = replace(RINGING, number=None, e164=None, name=name, direction=direction)
    assert card(hidden).headline == headline


def test_nothing_is_said_twice() -> None:
    assert card(replace(RINGING, dialled=None)).lines == ()
    assert card(replace(RINGING, dialled=None), replace(JAN, name=None)).lines == ("06 12345678",)


def test_a_guess_is_marked() -> None:
    company = Contact(directory="Customers", company="Acme", probable=True)
    assert card(contact=company).lines[0] == "06 12345678 (probably Acme)"


def test_a_number_from_abroad_says_from_where() -> None:
    call = replace(RINGING, number="0032470123456", e164=E164("+32470123456"), name="Luc", dialled="101")
    assert card(call).lines == ("+32 470 12 34 56 BE",)
    assert card(replace(call, name=None)).lines == ("BE",)
    assert card(call, layout=replace(DUTCH_DESK, country=lambda region: f"<{region}>")).lines == (
        "+32 470 12 34 56 <BE>",
    )


def test_a_colleague_is_called_by_name() -> None:
    call = replace(RINGING, number="102", e164=None, name="102", internal=True, dialled="101")
    assert (card(call).headline, card(call).lines) == ("Bob", ("102",))


def test_who_dialled_an_outside_number_is_no_colleague_whatever_extension_he_claims() -> None:
    call = replace(RINGING, number="102", e164=None, internal=True, dialled="+31201000101")
    assert card(call).headline == "102"


def test_an_outsider_cannot_pass_for_a_colleague() -> None:
    call = replace(RINGING, number="102", e164=None, dialled="101")
    assert card(call).headline == "102"


def test_the_own_extension_as_dialled_number_says_nothing() -> None:
    assert card(replace(RINGING, dialled="101"), JAN).lines == ("Bakker & Zn", "06 12345678")


@pytest.mark.parametrize(
    ("state", "outcome", "tone"),
    [
        (CallState.RINGING, None, Tone.RINGING),
        (CallState.DIALLING, None, Tone.RINGING),
        (CallState.TALKING, None, Tone.TALKING),
        (CallState.HELD, None, Tone.HELD),
        (CallState.ENDED, Outcome.MISSED, Tone.MISSED),
        (CallState.ENDED, Outcome.BUSY, Tone.ENDED),
    ],
)
def test_the_tone_follows_the_call(state: CallState, outcome: Outcome | None, tone: Tone) -> None:
    assert card(replace(RINGING, state=state, outcome=outcome)).tone is tone


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("$directory: $city", ("Customers: Utrecht",)),
        ("${City}, ${postal code}", ("Utrecht, 3511 AB",)),
        ("$city ($street)", ("Utrecht",)),
        ("$street: $city", ("Utrecht",)),
        ("$street / $house", ()),
        ("$name", ()),
        ("${number_national} $number_e164", ("0612345678 +31612345678",)),
        ("costs $ 5 and $$city", ("costs $ 5 and $city",)),
        ("support desk", ("support desk",)),
        ("", ()),
    ],
)
def test_the_users_own_lines(line: str, shown: tuple[str, ...]) -> None:
    layout = Layout(region="NL", headline="$name", lines=(line,), footnote="")
    made = card(contact=JAN, layout=layout)
    assert (made.headline, made.lines, made.footnote) == ("Jan Jansen", shown, "")


def test_a_headline_that_comes_out_empty_falls_back() -> None:
    assert card(layout=Layout(region="NL", headline="$name")).headline == "06 12345678"


def test_what_a_caller_puts_in_his_name_is_no_template() -> None:
    assert card(replace(RINGING, name="$number $$ ${directory}")).headline == "$number $$ ${directory}"


def found(**more: object) -> Card:
    return lay_out(Subject(call=RINGING, finding=replace(Finding(contact=JAN), **more)), DUTCH_DESK, NOW)  # type: ignore[arg-type]  # the values are a finding's own


def test_others_with_the_number_are_counted_and_can_be_chosen() -> None:
    shown = found(matches=(JAN, BAS, CEES))
    assert shown.lines[:2] == ("Bakker & Zn", "06 12345678 · +2 more")
    assert shown.instead == "To choose: bubbled choose"
    alone = found(contact=BAS, matches=(JAN, BAS))
    assert alone.lines[0] == "06 12345678 · +1 more"


def test_there_is_nothing_to_choose_where_only_one_has_the_number() -> None:
    assert (found().buttons, found().instead) == ((), "")


@pytest.mark.parametrize(
    ("unanswered", "line"),
    [
        ((Unanswered("Customers", is_slow=True),), "Customers is slow"),
        ((Unanswered("Customers", is_slow=True), Unanswered("CRM")), "Customers is slow · CRM is down"),
        (tuple(map(Unanswered, "ABCD")), "A is down · B is down · +2"),
        ((Unanswered("The customers of the whole group"),), "The customers of th… is down"),
    ],
)
def test_directories_that_did_not_answer_are_named(unanswered: tuple[Unanswered, ...], line: str) -> None:
    assert found(unanswered=unanswered).lines[-1] == line
    nobody = lay_out(Subject(call=RINGING, finding=Finding(unanswered=unanswered)), DUTCH_DESK, NOW)
    assert nobody.lines[-1] == line


def test_an_answer_that_may_change_has_dots_in_the_small_print() -> None:
    assert found(is_provisional=True).footnote == "Customers …"


@pytest.mark.parametrize(
    ("name", "footnote"),
    [
        ("Google", "Google Maps"),
        ("Our Google Maps", "Our Google Maps"),
        ("Places", "Places (Google Maps)"),
    ],
)
def test_a_public_source_is_named_also_where_the_user_wants_no_small_print(name: str, footnote: str) -> None:
    shop = Contact(directory=name, name="Phone shop", id="ChIJ1", transient=True)
    own = replace(DUTCH_DESK, headline="$name", lines=(), footnote="")
    assert lay_out(Subject(call=RINGING, finding=Finding(contact=shop)), own, NOW).footnote == footnote


texts = st.one_of(st.none(), st.text(st.characters(), max_size=300))


@given(outside=st.fixed_dictionaries(dict.fromkeys(["name", "number", "dialled", "company", "via"], texts)))
def test_no_text_from_outside_gets_out_of_its_line(outside: dict[str, str | None]) -> None:
    call = replace(
        RINGING,
        name=outside["name"],
        number=outside["number"],
        dialled=outside["dialled"],
        e164=None,
        via=Via(ViaKind.QUEUE, outside["via"]),
    )
    contact = Contact(directory="d", company=outside["company"])
    shown = card(call, contact)
    for line in (shown.headline, *shown.lines):
        assert line
        assert len(line) <= 120
        assert line.splitlines() == [line]
        assert not set(line) & set("\0\x1b\x7f\u202e\u2028")


def test_the_usual_card_is_calm_and_most_telling_first() -> None:
    last = LastContact(NOW - timedelta(days=10), Direction.INBOUND, Outcome.ANSWERED, "102")
    subject = Subject(
        call=replace(RINGING, via=Via(ViaKind.QUEUE, "Support")),
        finding=Finding(contact=JAN, unanswered=(Unanswered("CRM"),)),
        dealings=Dealings(last=last, calls=7, note="Wants an offer", noted_by="102"),
    )
    assert lay_out(subject, replace(DUTCH_DESK, numbers={"+31201000101": "Sales"}), NOW).lines == (
        "Bakker & Zn",
        "06 12345678 · 7 calls before",
        "Queue Support · To Sales",
        "Last contact: 12 Nov 14:03 with 102 (Bob), answered",
        "Note by 102 (Bob): Wants an offer",
    )


def test_who_is_called_is_shown_with_the_last_contact_too() -> None:
    last = LastContact(NOW - timedelta(days=1), Direction.OUTBOUND, Outcome.NO_ANSWER, "102")
    call = replace(RINGING, direction=Direction.OUTBOUND, state=CallState.DIALLING, dialled=None)
    shown = lay_out(Subject(call=call, dealings=Dealings(last=last)), DUTCH_DESK, NOW)
    assert shown.lines == ("Last contact: 102 (Bob) called yesterday 14:03, no answer",)


STARTED, ANSWERED = NOW - timedelta(seconds=60), NOW - timedelta(seconds=50)


@pytest.mark.parametrize(
    ("state", "since"),
    [
        (CallState.RINGING, STARTED),
        (CallState.DIALLING, STARTED),
        (CallState.TALKING, ANSWERED),
        (CallState.HELD, ANSWERED),
        (CallState.ENDED, None),
    ],
)
def test_the_time_of_a_call_counts_from_its_answer_on(state: CallState, since: datetime | None) -> None:
    call = replace(RINGING, state=state)
    subject = Subject(call=call, started_at=STARTED, answered_at=ANSWERED)
    assert lay_out(subject, DUTCH_DESK, NOW).since == since


def test_who_is_marked_as_important_is_the_users_condition() -> None:
    layout = replace(DUTCH_DESK, vip=parse("inbound and city == 'utrecht'"))
    assert card(contact=JAN, layout=layout).is_vip
    assert not card(contact=BAS, layout=layout).is_vip
    assert not card(contact=JAN).is_vip


def test_a_card_has_the_picture_that_the_user_wants() -> None:
    layout = replace(DUTCH_DESK, picture="~/photos/$number_e164.jpg", home="/home/alice")
    assert card(layout=layout).picture == "/home/alice/photos/+31612345678.jpg"
    assert card().picture == ""
