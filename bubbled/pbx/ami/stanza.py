"""What the PBX administrator adds to manager.conf for bubbled. Pure.

Sources: configs/samples/manager.conf.sample of Asterisk; rights and filters as measured on 16 and 22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.pbx.ami.team_note import EVENT, NAME, RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable

FILTERS_BY_NAME_SINCE = 22
"""The first Asterisk whose `eventfilter` can be told the exact name of an event."""

_FILTER_OF_NOTES = f"eventfilter(name({EVENT}),header({EVENT}),method(exact)) = {NAME}"
# A regular expression over the whole event: dialplans may raise events of their own by the same name.
_OLD_FILTER_OF_NOTES = f"eventfilter = ^Event: {EVENT}[[:space:]].*[[:space:]]{EVENT}: {NAME}[[:space:]]"


def stanza(
    username: str,
    events: Iterable[str],
    *,
    permit: str | None,
    asterisk: int | None,
    shares_notes: bool = False,
) -> str:
    """Write the account with no more rights than bubbled needs, to be pasted into manager.conf.

    Args:
        username: of the account.
        events: the names of all events that bubbled reads; the PBX keeps the others to itself.
        permit: the address from which bubbled connects; None leaves it to be filled in.
        asterisk: the major version of the PBX; None where unknown: the filter is one that all understand.
        shares_notes: whether notes go to the colleagues and come from them.
    """
    names = sorted(events)
    by_name = asterisk is not None and asterisk >= FILTERS_BY_NAME_SINCE
    filters = _filters(names) if by_name else [_old_filter(names)]
    if shares_notes:
        filters.append(_FILTER_OF_NOTES if by_name else _OLD_FILTER_OF_NOTES)
    return "\n".join([*_account(username, permit, shares_notes=shares_notes), *filters])


def _account(username: str, permit: str | None, *, shares_notes: bool) -> list[str]:
    more = f",{RIGHT}" if shares_notes else ""
    purpose = f"; notes of colleagues ({RIGHT})" if shares_notes else ""
    return [
        f"[{username}]",
        "secret = CHOOSE-A-LONG-ONE",
        "; only from the computer that bubbled runs on",
        "deny = 0.0.0.0/0",
        "deny = ::/0",
        f"permit = {_single(permit) if permit else 'ADDRESS-OF-THAT-COMPUTER/32'}",
        f"; read: follow calls; write: pick up calls in progress (call), dial (originate){purpose}",
        f"read = call{more}",
        f"write = call,originate{more}",
        "; milliseconds that a busy computer may take to read, before the PBX hangs up on it",
        "writetimeout = 5000",
    ]


def _single(address: str) -> str:
    return f"{address}/128" if ":" in address else f"{address}/32"


def _filters(names: Iterable[str]) -> list[str]:
    return [f"eventfilter(name({name})) =" for name in names]


def _old_filter(names: Iterable[str]) -> str:
    """One regular expression, anchored at both ends: else Hangup would let HangupRequest through."""
    return f"eventfilter = ^Event: ({'|'.join(names)})[[:space:]]"
