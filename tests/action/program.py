"""A program of the user's, which writes down what it was started with, and ends as it is told."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = """#!/usr/bin/env python3
import json, os, sys
facts = {"arguments": sys.argv[1:], "folder": os.getcwd(), "session": os.getsid(0) == os.getpid(),
         "display": os.environ.get("DISPLAY"), "input": sys.stdin.read()}
with open(os.environ["WROTE"] + ".new", "w") as file:
    json.dump(facts, file)
os.rename(os.environ["WROTE"] + ".new", os.environ["WROTE"])
print("words " * 100_000)
sys.exit(int(os.environ.get("STATUS", "0")))
"""


class UserProgram:
    """Lies on the path as `shop`, also for the desktop's openers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._wrote = folder / "wrote.json"
        self.path = folder / "shop"
        self.path.write_text(_SCRIPT)
        self.path.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "WROTE": str(self._wrote),
            "DISPLAY": ":99",
        }

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self._wrote.read_text())
        return facts

    def taken(self) -> list[str]:
        """The arguments of the latest start, which is forgotten then."""
        arguments: list[str] = self.facts["arguments"]
        self._wrote.unlink()
        return arguments

    @property
    def files(self) -> list[str]:
        """Whatever lies in the folder."""
        return sorted(each.name for each in self.folder.iterdir())

    def opens(self, *schemes: str) -> None:
        """Become what the desktop opens addresses of these schemes with."""
        applications = self.folder / ".local" / "share" / "applications"
        applications.mkdir(parents=True)
        types = [f"x-scheme-handler/{scheme}" for scheme in schemes]
        (applications / "shop.desktop").write_text(
            f"[Desktop Entry]\nType=Application\nName=Shop\nExec=shop %u\nMimeType={';'.join(types)};\n"
        )
        defaults = "".join(f"{each}=shop.desktop\n" for each in types)
        (applications / "mimeapps.list").write_text(f"[Default Applications]\n{defaults}")
