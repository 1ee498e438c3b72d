from datetime import datetime, timedelta, timezone

from bubbled.model import (
    E164,
    Call,
    CallId,
    CallState,
    Contact,
    Device,
    Direction,
    Mute,
    Outcome,
    Tone,
)
from bubbled.popup.layout import Layout
from bubbled.popup.mute_card import MOST_NAMED, MuteCards
from bubbled.popup.subject import Finding, Subject

NOW = datetime(2026, 11, 27, 14, 3, tzinfo=timezone(timedelta(hours=1)))
CARDS = MuteCards(Layout(region="NL"))


def subject(name: str, *, minutes_ago: int = 5, outcome: Outcome | None = Outcome.MISSED) -> Subject:
    call = Call(
        id=CallId(name),
        device=Device("PJSIP/101"),
        direction=Direction.INBOUND,
        state=CallState.ENDED if outcome else CallState.TALKING,
        number="+31612345678",
        e164=E164("+31612345678"),
        outcome=outcome,
    )
    contact = Contact(directory="Customers", name=name) if name else None
    return Subject(
        call=call, finding=Finding(contact=contact), started_at=NOW - timedelta(minutes=minutes_ago)
    )


def test_who_called_meanwhile_is_named_the_latest_first() -> None:
    calls = [
        subject("Jan", minutes_ago=24 * 60),
        subject("", outcome=Outcome.ANSWERED),
        subject("Bas", minutes_ago=1, outcome=None),
    ]
    card = CARDS.missed(calls, NOW)
    assert (card.headline, card.status, card.tone) == (
        "While muted: 3 calls",
        "No longer muted",
        Tone.NOTICE,
    )
    assert card.lines == ("14:02 Bas", "13:58 06 12345678, answered", "yesterday 14:03 Jan, missed")


def test_a_long_list_ends_with_where_the_rest_is() -> None:
    card = CARDS.missed([subject(f"Caller {number}") for number in range(MOST_NAMED + 2)], NOW)
    assert card.headline == "While muted: 7 calls"
    assert len(card.lines) == MOST_NAMED + 1
    assert card.lines[0] == "13:58 Caller 6, missed"
    assert card.lines[-1] == "and 2 more: bubbled calls"


def test_a_strangers_name_stays_one_harmless_line() -> None:
    (line,) = CARDS.missed([subject("Jan\n<b>\x1b[31m\u202e")], NOW).lines
    assert line.isprintable()
    assert "<b>" in line  # escaped by the screen, where it enters another language


def test_muting_and_its_end_are_told() -> None:
    cards = [CARDS.changed(mute, NOW) for mute in (Mute(), Mute(NOW + timedelta(hours=1)), None)]
    assert [(card.headline, card.status) for card in cards] == [
        ("Popups are muted", "Until you unmute them"),
        ("Popups are muted", "Until 15:03"),
        ("Popups are shown again", "No longer muted"),
    ]
