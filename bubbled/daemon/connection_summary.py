"""How it stands with the PBX, for `systemctl status`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.control.status import Connection


def summary(connection: Connection) -> str:
    """Say it in one line."""
    return f"{connection.state.value} {connection.host}" + (
        f": {connection.detail}" if connection.detail else ""
    )
