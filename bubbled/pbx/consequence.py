"""What it means for the user that his calls cannot be followed by one way. Pure."""

from __future__ import annotations

from typing import Final

NO_CALLS: Final = "no calls pop up"
"""What every reason says why a PBX cannot be followed; whoever finds one knows of no other way."""


def beside(reason: str, way: str) -> str:
    """Put a reason right where calls are followed all the same, by another way: `AMI` or `SIP`."""
    return reason.replace(NO_CALLS, f"calls pop up by {way} alone")
