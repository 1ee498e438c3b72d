"""How this very bubbled is started, for those who start it later: the desktop, its shortcuts."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def own_command() -> tuple[str, ...]:
    """Give the command line of this bubbled, without arguments; its program by an absolute path.

    Symbolic links are not followed: an update changes where they lead, and leaves where they are.
    """
    running = Path(sys.argv[0]).absolute()
    if running.name == "bubbled" and running.is_file() and os.access(running, os.X_OK):
        return (str(running),)
    if found := shutil.which("bubbled"):
        return (str(Path(found).absolute()),)
    # Without -P, a folder called bubbled in which the desktop happens to be would be run instead.
    return (sys.executable, "-P", "-m", "bubbled")
