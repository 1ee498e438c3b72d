"""Popups of calls that go from hand to hand, by recordings of a real PBX."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bubbled.model import ME, Contact, Dealings, Device, Owner
from bubbled.pbx.replay import replay
from bubbled.popup.command import ClosePopup, Command, ShowPopup, UpdatePopup
from bubbled.popup.layout import Layout
from bubbled.popup.presenter import PopupRules, Presenter
from bubbled.popup.rule import Rule
from bubbled.popup.subject import Finding
from bubbled.popup.wording import Wording

WAYS = re.compile("by|Picked up|parked")
RECORDINGS = Path(__file__).parents[1] / "recordings"
NOW = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
COLLEAGUES = {"101": "Alice", "102": "Bob", "103": "Carol"}
JAN = Finding(contact=Contact(directory="Customers", name="Jan"))
NOTE = Dealings(note="Wants a quote", noted_by="101")


class Seat:
    """Where one user sits; each popup has a letter, and the address book and the history know Jan at once."""

    def __init__(self, extension: str, rule: Rule | None = None) -> None:
        self._me = Device(f"PJSIP/{extension}")
        wording = Wording(colleagues=COLLEAGUES)
        self.presenter = Presenter(
            PopupRules(layout=Layout(region="NL", wording=wording), rule=rule or Rule(region="NL"))
        )
        self._letters: dict[str, str] = {}
        self.seen: list[str] = []

    def plays(self, name: str) -> list[str]:
        """What changed on the screen during a recording: who, what of it, by which way."""
        now = NOW
        for at, change in replay(RECORDINGS / name / "call.ami", self._owner, "NL"):
            now, call = NOW + timedelta(seconds=at or 0), change.call
            self._see(self.presenter.call_changed(change, now))
            if call.e164 is not None:
                self._see(self.presenter.contact_found(call.id, JAN, now, about=call.e164))
                self._see(self.presenter.dealings_found(call.id, NOTE, now, about=call.e164))
        self._see(self.presenter.woke(now + timedelta(seconds=4)))
        return self.seen

    def _owner(self, device: Device) -> Owner | None:
        return ME if device == self._me else None

    def _see(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case ShowPopup(popup_id, card) | UpdatePopup(popup_id, card):
                    letter = self._letters.setdefault(popup_id, "abc"[len(self._letters)])
                    ways = [line for line in card.lines if WAYS.search(line)]
                    told = " | ".join((card.headline, card.status, *ways))
                    if self.seen[-1:] != [f"{letter} {told}"]:
                        self.seen.append(f"{letter} {told}")
                case ClosePopup(popup_id):
                    self.seen.append(f"{self._letters[popup_id]} closed")
                case _:
                    pass


FROM_ALICE = "Transferred by 101 (Alice)"
HER_NOTE = "Note by 101 (Alice): Wants a quote"
BY_THE_NUMBER = "To 020 100 0101"


def whole(extension: str, name: str, rule: Rule | None = None) -> list[str]:
    """What a user saw from the moment on at which the address book and the history had answered."""
    return [
        told.removesuffix(f" | {HER_NOTE}") for told in Seat(extension, rule).plays(name) if is_whole(told)
    ]


def is_whole(told: str) -> bool:
    return HER_NOTE in told or ("Jan" not in told and "06 12345678" not in told)


@pytest.mark.parametrize("name", ["xfer-blind-refer", "xfer-blind-feature"])
def test_who_gets_a_call_by_a_blind_transfer_sees_the_customer_by_whom_and_her_note(name: str) -> None:
    assert whole("102", name) == [
        f"a Jan | Calling you | {FROM_ALICE} · {BY_THE_NUMBER}",
        f"a Jan | Talking | {FROM_ALICE} · {BY_THE_NUMBER}",
        "a closed",
    ]


@pytest.mark.parametrize("name", ["xfer-blind-refer", "xfer-blind-feature"])
def test_the_popup_of_who_transferred_says_to_whom_and_goes(name: str) -> None:
    assert whole("101", name)[-2:] == ["a Jan | Transferred to 102 (Bob)", "a closed"]


def test_a_colleague_who_asked_becomes_the_customer_by_an_attended_transfer() -> None:
    assert whole("102", "xfer-attended-refer") == [
        "a Alice | Calling you",
        "a Alice | Talking",
        "a Jan | Talking",
        f"a Jan | Talking | {FROM_ALICE}",
        "a closed",
    ]


def test_of_an_attended_transfer_who_made_it_is_told_once() -> None:
    assert whole("101", "xfer-attended-refer")[-5:] == [
        "b Bob | Talking",
        "a Jan | Talking",
        "a Jan | Transferred to 102 (Bob)",
        "b closed",
        "a closed",
    ]


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        (Rule(region="NL", internal=False), "a Jan | Talking"),
        (Rule(region="NL", queues=("support",)), "a Alice | Calling you"),
        (Rule(region="NL", internal=False, queues=("support",)), f"a Jan | Talking | {FROM_ALICE}"),
    ],
    ids=["no colleagues", "a queue", "both"],
)
def test_whatever_else_pops_up_a_customer_who_is_handed_over_does(rule: Rule, first: str) -> None:
    seen = whole("102", "xfer-attended-refer", rule)
    assert seen[0] == first
    assert seen[-2:] == [f"a Jan | Talking | {FROM_ALICE}", "a closed"]


def test_who_picks_a_call_up_sees_whose_it_was() -> None:
    assert whole("103", "pickup-group", Rule(region="NL", queues=("support",))) == [
        f"a Jan | Talking | Picked up from 101 (Alice) · {BY_THE_NUMBER}",
        "a closed",
    ]
    assert whole("101", "pickup-group")[-2:] == ["a Jan | Answered by 103 (Carol)", "a closed"]


def test_who_fetches_a_parked_call_sees_the_customer() -> None:
    assert whole("102", "park-refer", Rule(region="NL", numbers=("+31201000199",))) == [
        f"a Jan | Talking | Was parked at 701 · {BY_THE_NUMBER}",
        "a closed",
    ]
    assert whole("101", "park-refer")[-2:] == ["a Jan | Parked", "a closed"]
