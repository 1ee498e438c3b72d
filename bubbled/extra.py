"""Parts of bubbled that are installed only where they are wanted, such as `bubbled[sql]`."""

from __future__ import annotations

import shlex
import sys


def command_to_install(extra: str) -> str:
    """What to type, for the user; it installs where bubbled runs, whichever `pip` the shell would find."""
    return shlex.join([sys.executable or "python3", "-m", "pip", "install", f"bubbled[{extra}]"])
