"""How long a call has lasted, as a clock shows it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def lasted(since: datetime, now: datetime) -> str:
    """Write the time as `mm:ss`, from an hour on as `h:mm:ss`; a clock that was put back shows `00:00`."""
    seconds = max(0, int((now - since).total_seconds()))
    minutes, hours = seconds // 60 % 60, seconds // 3600
    text = f"{minutes:02}:{seconds % 60:02}"
    return f"{hours}:{text}" if hours else text
