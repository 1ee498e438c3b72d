"""Completing the path of a file while it is typed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_MANY: Final = 200


def paths(typed: str) -> list[str]:
    """The files and folders that begin so; those are left out whose names a terminal cannot show."""
    folder, begun = os.path.split(typed)
    try:
        found = sorted(Path(folder or ".").expanduser().iterdir())
    except (OSError, RuntimeError, ValueError):
        return []
    hidden = begun.startswith(".")
    fitting = [
        path
        for path in found
        if path.name.startswith(begun) and path.name.isprintable() and (hidden or path.name[0] != ".")
    ]
    return [f"{Path(folder, path.name)}{'/' if path.is_dir() else ''}" for path in fitting[:_MANY]]
