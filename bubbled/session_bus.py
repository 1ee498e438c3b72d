"""Where the session bus of the user is, on which the programs of a desktop talk to each other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def address(environment: Mapping[str, str] = os.environ) -> str | None:
    """Give the address of the bus, as the D-Bus Specification writes it: `unix:path=/run/user/1000/bus`.

    $DBUS_SESSION_BUS_ADDRESS has it; systemd puts the bus into $XDG_RUNTIME_DIR, without that variable.

    Args:
        environment: the variables that tell.

    Returns:
        None where neither tells; dbus-fast then still looks for one that an X11 session without systemd left.
    """
    if told := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return told
    runtime = environment.get("XDG_RUNTIME_DIR")
    # A folder in memory, so that no event loop is held up by it.
    return f"unix:path={runtime}/bus" if runtime and os.path.exists(f"{runtime}/bus") else None  # noqa: PTH110 - as above
