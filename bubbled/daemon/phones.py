"""The user's own phones on the PBX: how they are, and which of them rings for a call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.dialing import phone
from bubbled.dialing.phone import Phone, PhoneState
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bubbled.dialing.preference import Preference
    from bubbled.model import Device


@dataclass(frozen=True, slots=True)
class PhoneRules:
    """What the settings say about phones.

    Attributes:
        devices: all from which the user may call; not empty.
        first: the one that the settings name; None: the first that the PBX knows.
        names: what the user calls them.
    """

    devices: tuple[Device, ...]
    first: Device | None
    names: Mapping[Device, str]
    skip_unregistered: bool


class Phones:
    """Chooses the phone that rings.

    Attributes:
        rules: may be exchanged.
    """

    def __init__(
        self,
        rules: PhoneRules,
        preference: Preference,
        ask_state: Callable[[Device], Awaitable[str | None]],
    ) -> None:
        """Have `ask_state` tell how a device is, in Asterisk's words; None where it does not tell."""
        self.rules = rules
        self._preference = preference
        self._ask_state = ask_state
        self._found: Device | None = None

    def name(self, device: Device) -> str:
        """Name a phone to its user: `Desk phone (PJSIP/101)`."""
        name = self.rules.names.get(device)
        return f"{name} ({device})" if name else device

    def forget(self) -> None:
        """Look anew which phone the PBX knows: it, or the settings, may have changed."""
        self._found = None

    async def list(self) -> list[Phone]:
        """All phones, in the user's order."""
        states = await self._states()
        skip = self.rules.skip_unregistered
        default = phone.choose(self.rules.devices, self._wanted, states, skip_unregistered=skip)
        return [
            Phone(device, self.rules.names.get(device, ""), states[device], is_default=device == default)
            for device in self.rules.devices
        ]

    def prefer(self, wish: str) -> bool:
        """Let another phone ring from now on; tell whether that could be kept on disk.

        Raises:
            ControlError: there is no such phone.
        """
        device = self.named(wish)
        self._found = None
        return self._preference.choose(None if device == self.rules.first else device)

    def named(self, wish: str) -> Device:
        """Find the phone that somebody means; raises ControlError when there is none, or several."""
        device = phone.named(wish, self.rules.devices, self.rules.names)
        if device is None:
            known = ", ".join(map(self.name, self.rules.devices))
            raise ControlError(f"{wish[:40]!r} is no phone of yours: nothing was done. Yours are {known}.")
        return device

    async def choose(self, wish: str | None) -> Device:
        """Say which phone rings; asks the PBX only where that can matter.

        Raises:
            ControlError: the wished phone is none.
        """
        wanted = self._wanted if wish is None else self.named(wish)
        skip = self.rules.skip_unregistered and wish is None
        if len(self.rules.devices) == 1 or (wanted is not None and not skip):
            return wanted or self.rules.devices[0]
        if self._found is None or skip:
            self._found = phone.choose(
                self.rules.devices, wanted, await self._states(), skip_unregistered=skip
            )
        return self._found

    @property
    def _wanted(self) -> Device | None:
        chosen = self._preference.device
        return chosen if chosen in self.rules.devices else self.rules.first

    async def _states(self) -> dict[Device, PhoneState]:
        said = await asyncio.gather(*map(self._ask_state, self.rules.devices))
        return {device: phone.state_of(each) for device, each in zip(self.rules.devices, said, strict=True)}
