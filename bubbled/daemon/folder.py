"""Where the daemon keeps what is its own (XDG Base Directory Specification 0.8)."""

from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path:
    """What may be deleted at any time."""
    return _of("XDG_CACHE_HOME", ".cache")


def state() -> Path:
    """What should outlive the daemon."""
    return _of("XDG_STATE_HOME", ".local/state")


def _of(variable: str, fallback: str) -> Path:
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / fallback) / "bubbled"
