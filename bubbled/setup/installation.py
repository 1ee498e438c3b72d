"""What starts this bubbled, and letting the desktop open telephone links with it."""

from __future__ import annotations

import os
from pathlib import Path

from bubbled.control.check import Check, Verdict
from bubbled.dialing.link import registration
from bubbled.dialing.link.folder import Folders
from bubbled.dialing.link.scheme import Scheme
from bubbled.dialing.program import own_command
from bubbled.error import BubbledError
from bubbled.settings.loading import default_path


def command(path: Path) -> tuple[str, ...]:
    """What starts bubbled with these settings."""
    named = () if path == default_path() else ("--config", str(path.absolute()))
    return (*own_command(), "run", *named)


def links() -> Check:
    """Have telephone links open with bubbled from now on."""
    try:
        registration.install(Folders.of(os.environ, Path.home()), own_command(), list(Scheme))
    except (BubbledError, OSError) as error:
        return Check("Links", Verdict.FAILED, str(error))
    text = "bubbled opens tel:, callto: and sip: links from now on; `bubbled links remove` takes that back"
    return Check("Links", Verdict.OK, text)
