"""What a key is for, in the words that tell the user why it does nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a key is for.

    Attributes:
        nothing: what it does while it does not work: "dials nothing".
        setting: where it is chosen: "hotkey in [dial]".
        command: what does the same.
    """

    nothing: str
    setting: str
    command: str

    def taken(self, key: object) -> str:
        """Another program has the key."""
        return f"{key} is taken by another program, so it {self.nothing}: free it there, or {self._another}"

    def missing(self, key: object) -> str:
        """There is no such key."""
        return f"No keyboard here has {key}, so it {self.nothing}: {self._another}"

    def away(self, what: str, key: object) -> str:
        """The display cannot be used, for the reason `what`."""
        return (
            f"{what}, so {key} {self.nothing}; bubbled goes on and has the key when the display is back. "
            f"Use `{self.command}` meanwhile."
        )

    def elsewhere(self, key: object) -> str:
        """The desktop has the keys."""
        return (
            f"On Wayland only the desktop has keys, so {key} {self.nothing}: bind the command "
            f"`{self.command}` to it in the desktop's settings."
        )

    @property
    def _another(self) -> str:
        return f"choose another key with {self.setting} of the settings."


DIALLING: Final = Purpose("dials nothing", "hotkey in [dial]", "bubbled dial NUMBER")
MUTING: Final = Purpose("mutes nothing", "mute_key in [popup]", "bubbled mute --toggle")
FOCUSING: Final = Purpose("gives no keyboard to popups", "focus_key in [popup]", "bubbled focus")
