"""Which phones rang, anybody's, for whoever asks why his own did not. Pure.

Of calls among others nothing else is remembered: no number, no name, not who called whom.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bubbled.story.circumstance import Heard

if TYPE_CHECKING:
    from bubbled.model import Device
    from bubbled.pbx.ami.channel import Channel

MOST_DEVICES: Final = 30
"""Devices that are named; more are counted."""

_MOST_COUNTED: Final = 1000

_LONGEST_NAME: Final = 80
_NUMBER: Final = re.compile(r"\d{6}")


class Rung:
    """Devices that rang, and those that were to ring and did not, since they were taken last."""

    def __init__(self) -> None:
        self._rang: dict[Device, None] = {}
        self._unreached: dict[Device, None] = {}
        self._others: set[str] = set()
        self._callers = 0

    def rang(self, channel: Channel) -> None:
        """Take note that a phone rings."""
        if channel.is_local or channel.device in self._rang:
            return
        if len(self._rang) < MOST_DEVICES and _may_be_named(channel):
            self._rang[channel.device] = None
        elif len(self._others) < _MOST_COUNTED:
            self._others.add(channel.device[:_LONGEST_NAME])

    def unreached(self, channel: Channel) -> None:
        """Take note that a phone was to ring and could not."""
        if len(self._unreached) < MOST_DEVICES and not channel.is_local and _may_be_named(channel):
            self._unreached[channel.device] = None

    def called(self, channel: Channel) -> None:
        """Take note that somebody calls, from inside or outside."""
        if not channel.is_local and channel.began_by_itself:
            self._callers = min(self._callers + 1, _MOST_COUNTED)

    def take(self) -> Heard:
        """Give what was noted, and begin anew."""
        heard = Heard(
            rang=tuple(self._rang),
            unreached=tuple(self._unreached),
            others=len(self._others),
            callers=self._callers,
        )
        self._rang, self._unreached, self._others, self._callers = {}, {}, set(), 0
        return heard


def _may_be_named(channel: Channel) -> bool:
    """Some trunks have the caller's number in the name of a channel: such a one is counted, and not named."""
    return len(channel.device) <= _LONGEST_NAME and not _NUMBER.search(channel.device)
