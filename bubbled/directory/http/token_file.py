"""A file for the one refresh token that counts, for sources that give a new one at every use."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LARGEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class TokenFile:
    """Keeps the latest refresh token, readable by the user alone.

    It stands beside the token in the settings, with which it began: where the user puts a new one there, what
    grew from the earlier one counts no more.

    Attributes:
        path: below `$XDG_STATE_HOME`; its folder is made when it is first written.
    """

    path: Path

    def read(self, first: str) -> str | None:
        """The latest token that grew from the one in the settings; None where there is none."""
        try:
            with self.path.open("rb") as file:
                kept: Any = json.loads(file.read(_LARGEST_BYTES))
        except (OSError, ValueError):
            return None
        if not isinstance(kept, dict) or kept.get("grown_from") != _digest(first):
            return None
        token = kept.get("refresh_token")
        return token if isinstance(token, str) and token else None

    def write(self, first: str, token: str) -> None:
        """Keep a token: wholly or, after a crash or on a full disk, not at all.

        Raises:
            OSError: it cannot be written.
        """
        # One by one, since `parents` would make those above for everybody to look into.
        for folder in (self.path.parent.parent, self.path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"grown_from": _digest(first), "refresh_token": token})
        # Made with mode 0600.
        descriptor, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
