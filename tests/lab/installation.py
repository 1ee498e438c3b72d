"""Where the real Asterisk of the tests is, and why it may not be there."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

USUAL: Final = 22
OLDEST: Final = 16
"""The first whose SIP tells who calls, and that a Debian still in use has."""

INSTALL = "scripts/install-asterisk"


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder that holds a small Debian with Asterisk.

    Attributes:
        root: the folder.
        install: what puts it there.
    """

    root: Path
    install: str = INSTALL

    @classmethod
    def default(cls, major: int = USUAL) -> Installation:
        """Return where `scripts/install-asterisk` puts that version."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cls(cache / "bubbled-lab" / f"asterisk{major}", f"{INSTALL} {major}")

    def missing(self) -> str | None:
        """Say what keeps this machine from running it; None when nothing does."""
        if os.geteuid() != 0:
            return "a real Asterisk runs in a root of its own, which only root may enter"
        if not (self.root / "usr/sbin/asterisk").exists():
            return f"there is no Asterisk in {self.root}; {self.install} puts one there (on Debian)"
        return None

    def major(self) -> int:
        """Return the major version: 22 of `Asterisk 22.10.1~dfsg`.

        Raises:
            OSError: the installation is broken.
        """
        asked = ["chroot", str(self.root), "asterisk", "-V"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 (fixed words and our own path)
        version = re.match(r"Asterisk (\d+)", said.stdout)
        if not version:
            raise OSError(
                f"Asterisk in {self.root} does not run ({said.stderr.strip()}): remove it, run {self.install}"
            )
        return int(version[1])

    def user(self) -> tuple[int, int]:
        """Return the numbers of the user and the group as whom it runs."""
        entries = (line.split(":") for line in (self.root / "etc/passwd").read_text().splitlines())
        return next((int(entry[2]), int(entry[3])) for entry in entries if entry[0] == "asterisk")

    def modules(self) -> Path:
        """Return the folder of its modules, as seen from inside; Debian has moved it between 16 and 22."""
        found = next(self.root.glob("usr/lib/**/asterisk/modules"))
        return Path("/") / found.relative_to(self.root)
