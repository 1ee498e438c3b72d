"""The hand-written truth of a scenario: what a perfect screen pop shows to each user.

Who rings, who it is and how it ends is written by hand in the scenario; the times are what the phones saw.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from bubbled.model import Direction

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.sip.call import Call

USERS = ("101", "102", "103")
_WORDS = {Direction.INBOUND: "incoming", Direction.OUTBOUND: "outgoing"}


@dataclass(slots=True, kw_only=True)
class Popup:
    """One call of one user, as it is stored in `truth.json`.

    Times are in seconds since the recording began. Only where AMI leaves room:

    Attributes:
        popup: incoming, outgoing, or pickup (the user takes a call that rang or waited elsewhere).
        remote_number: who it is at first; None when the user cannot know.
        updates: who it becomes: `{"at", "remote_number", "reason", "transferred_from"}`.
        outcome: as in `bubbled.model.Outcome`, or own_phone_not_answered of click-to-call.
        also_right: outcomes that are right as well.
        optional: no call at all is right as well.
        not_in_ami: what AMI does not tell: remote_number, remote_name.
        closed_at_latest: until when closing is right.
        via: the kind of `Call.via`, where AMI tells it.
        held: from when to when the user held the call.
        joined: the recording began in the middle of the call.
        phone_saw: number and name as the phone showed them.
    """

    popup: str
    remote_number: str | None
    remote_name: str | None
    outcome: str
    shown_at: float | None
    answered_at: float | None
    closed_at: float | None
    closed_at_latest: float | None = None
    transferred_from: str | None = None
    transferred_to: str | None = None
    answered_by: str | None = None
    via: str | None = None
    held: list[tuple[float, float]] = field(default_factory=list)
    updates: list[dict[str, str | float]] = field(default_factory=list)
    also_right: list[str] = field(default_factory=list)
    not_in_ami: str | None = None
    optional: bool = False
    joined: bool = False
    e164: str | None = None
    note: str | None = None
    phone_saw: dict[str, str | None] | None = None

    @classmethod
    def load(cls, said: dict[str, Any]) -> Self:
        """Read one entry of `truth.json`; what older recordings say besides is passed over."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in said.items() if name in known})

    def becomes(self, number: str, at: float, reason: str, *, transferred_from: str) -> None:
        """Say that the user talks to somebody else from then on."""
        self.updates.append({
            "at": round(at, 3),
            "remote_number": number,
            "reason": reason,
            "transferred_from": transferred_from,
        })  # fmt: skip


@dataclass(slots=True)
class Truth:
    """The truth of one scenario: the calls of each user.

    `101+102` is a user with both devices; a name with a slash is the one device of a user.
    """

    scenario: str
    description: str
    users: dict[str, list[Popup]] = field(default_factory=lambda: {user: [] for user in USERS})
    note: str | None = None
    forged: str | None = None

    def popup(
        self, call: Call, number: str | None, outcome: str, name: str | None = None, *, user: str = ""
    ) -> Popup:
        """Say that a phone's call is a call of its user, or of `user`; add to it what else is true."""
        popup = Popup(
            popup=_WORDS[call.direction],
            remote_number=number,
            remote_name=name,
            outcome=outcome,
            shown_at=_round(call.began_at),
            answered_at=_round(call.answered_at),
            closed_at=_round(call.ended_at),
            phone_saw={"number": call.number, "name": call.name},
            held=[(round(begin, 3), round(end, 3)) for begin, end in call.held],
        )
        self.users.setdefault(user or call.line.user, []).append(popup)
        return popup

    def save(self, path: Path) -> None:
        """Write it, without what is not said."""
        users = {user: [_said(popup) for popup in popups] for user, popups in self.users.items()}
        said = {
            "scenario": self.scenario,
            "description": self.description,
            "note": self.note,
            "forged": self.forged,
            "times": "seconds since the recording began",
            "users": users,
        }
        path.write_text(
            json.dumps({k: v for k, v in said.items() if v is not None}, indent=1, ensure_ascii=False) + "\n"
        )


_ALWAYS = ("remote_number", "remote_name", "shown_at", "answered_at", "closed_at")


def _said(popup: Popup) -> dict[str, object]:
    said = {name: value for name, value in asdict(popup).items() if value or name in _ALWAYS}
    return said | {"answered": popup.answered_at is not None}


def _round(at: float | None) -> float | None:
    return None if at is None else round(at, 3)
