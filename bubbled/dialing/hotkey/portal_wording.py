"""What the user is told of the key that the portal gives. In each, {key} is the key that was asked for."""

from __future__ import annotations

from typing import Final

DESCRIPTION: Final = "Call the selected number"
"""What the desktop shows the user beside the key."""

_ELSE: Final = "run `bubbled hotkey` for what else there is."

NO_BUS: Final = (
    "There is no session bus, so {key} dials nothing; bubbled goes on and looks for it every 30 seconds. "
    "Start bubbled within your desktop session."
)
NO_PORTAL: Final = f"This desktop has no portal for shortcuts, so {{key}} dials nothing; {_ELSE}"
ASKED: Final = (
    "The desktop has not given {key} to bubbled yet, so it dials nothing; "
    "if it asks in a window, answer there."
)
DENIED: Final = (
    "{key} was refused to bubbled in the desktop's window, so it dials nothing; "
    f"restart bubbled to be asked again, or {_ELSE}"
)
NOT_GIVEN: Final = f"The desktop does not give {{key}} to bubbled, so it dials nothing; {_ELSE}"
NO_KEY: Final = (
    f'The desktop has no key for "{DESCRIPTION}", so {{key}} dials nothing; choose one in its settings for '
    f"shortcuts, or {_ELSE}"
)
GONE: Final = (
    "The desktop's portal for shortcuts went away, so {key} dials nothing; "
    "bubbled goes on and asks the next one."
)
TAKEN_BACK: Final = (
    "The desktop took {key} back, so it dials nothing; bubbled asks for it again within 30 seconds."
)
