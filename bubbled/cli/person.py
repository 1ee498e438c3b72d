"""Calls and contacts, given as JSON objects by a daemon of any version, in the words of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.cli.moment import moment

if TYPE_CHECKING:
    from bubbled.control.status import JsonObject

_OUTCOMES = {
    "answered_elsewhere": "answered elsewhere",
    "no_answer": "no answer",
    "own_phone_no_answer": "own phone not answered",
    "own_phone_rejected": "own phone rejected",
}


def who(call: JsonObject) -> str:
    """Name the other party: the contact, else what the PBX says, else that nobody knows."""
    contact = call.get("contact") or {}
    return contact_name(contact) or call.get("name") or ("" if call.get("number") else _nobody(call))


def _nobody(call: JsonObject) -> str:
    # No user withholds from himself whom he calls: the PBX does not tell.
    return "number unknown" if call.get("direction") == "outbound" else "number withheld"


def contact_name(contact: JsonObject) -> str:
    """Name a contact: `Jan Jansen, Bakkerij De Vries`; with "probably" where the directory guesses."""
    known = ", ".join(part for part in (contact.get("name"), contact.get("company")) if part)
    return f"probably {known}" if known and contact.get("probable") else known


def outcome(call: JsonObject) -> str:
    """Say how a call ended or, while it lasts, where it is: `answered elsewhere`, `ringing`."""
    word = str(call.get("outcome") or call.get("state") or "")
    return _OUTCOMES.get(word, word)


def talked_s(call: JsonObject) -> float | None:
    """Give how many seconds the parties talked; None when they did not, or still do."""
    answered, ended = moment(call.get("answered_at")), moment(call.get("ended_at"))
    return (ended - answered).total_seconds() if answered and ended else None


def change_line(change: JsonObject) -> str:
    """Tell a change in one line: `answered  from  Jan Jansen  +31612345678`."""
    call = change["call"]
    way = "to" if call.get("direction") == "outbound" else "from"
    parts = (change["change"], way, who(call), call.get("number"), outcome(call))
    return "  ".join(str(part) for part in parts if part)
