"""The user's own phones: what they are called, how they are, and which of them rings. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bubbled.model import Device


class PhoneState(StrEnum):
    """How a phone is, as far as the PBX tells."""

    READY = "ready"
    IN_USE = "in use"
    RINGING = "ringing"
    UNREGISTERED = "not registered"
    """Switched off, or not connected."""
    ABSENT = "unknown to the PBX"
    NOT_TOLD = "not told"


_STATES: Final[Mapping[str, PhoneState]] = {
    "NOT_INUSE": PhoneState.READY,
    "INUSE": PhoneState.IN_USE,
    "BUSY": PhoneState.IN_USE,
    "ONHOLD": PhoneState.IN_USE,
    "RINGING": PhoneState.RINGING,
    "RINGINUSE": PhoneState.RINGING,
    "UNAVAILABLE": PhoneState.UNREGISTERED,
    "INVALID": PhoneState.ABSENT,
}
"""By the words of Asterisk's DEVICE_STATE (main/devicestate.c)."""


def state_of(said: str | None) -> PhoneState:
    """Read what the PBX says of a phone; None when it says nothing."""
    return _STATES.get(said or "", PhoneState.NOT_TOLD)


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone of the user.

    Attributes:
        name: what the user calls it; "" without one.
        is_default: whether it rings when nothing else is said.
    """

    device: Device
    name: str
    state: PhoneState
    is_default: bool


def every(mine: Sequence[Device], first: Device | None, names: Iterable[Device]) -> tuple[Device, ...]:
    """All phones from which the user may call, each once: followed ones, the first to ring, named ones."""
    return tuple(dict.fromkeys([*mine, *([first] if first else []), *names]))


def named(wish: str, devices: Sequence[Device], names: Mapping[Device, str]) -> Device | None:
    """Find the phone that somebody means: by device, by name in any case, or as `101` if only one is so."""
    for device in devices:
        if wish == device:
            return device
    folded = wish.strip().casefold()
    alike = [each for each in devices if folded in {each.casefold(), names.get(each, each).casefold()}]
    alike = alike or [each for each in devices if each.partition("/")[2].casefold() == folded]
    return alike[0] if len(alike) == 1 else None


def choose(
    devices: Sequence[Device],
    wanted: Device | None,
    states: Mapping[Device, PhoneState],
    *,
    skip_unregistered: bool,
) -> Device:
    """Say which phone rings.

    Args:
        devices: all of them, in the user's order; not empty.
        wanted: the one that the user named; None: the first that the PBX knows.
        states: as far as the PBX told them.
        skip_unregistered: whether another one rings where that one is not registered.
    """
    in_order = [wanted, *(each for each in devices if each != wanted)] if wanted else list(devices)
    unfit = {PhoneState.ABSENT} if wanted is None else set[PhoneState]()
    if skip_unregistered:
        unfit = {PhoneState.ABSENT, PhoneState.UNREGISTERED}
    fit = (each for each in in_order if states.get(each, PhoneState.NOT_TOLD) not in unfit)
    return next(fit, in_order[0])
