"""A user's desktop of our own, in which nothing of the person who runs the tests is seen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.link.folder import Folders

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = {"default": "Default Applications", "added": "Added Associations", "removed": "Removed Associations"}


@dataclass
class UserDesktop:
    """The folders of a user and of the system, with programs and lists in them."""

    root: Path
    current: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return {
            "HOME": str(self.root),
            "XDG_CONFIG_HOME": str(self.root / "config"),
            "XDG_CONFIG_DIRS": str(self.root / "etc"),
            "XDG_DATA_HOME": str(self.root / "data"),
            "XDG_DATA_DIRS": str(self.root / "system"),
            "XDG_CURRENT_DESKTOP": self.current,
        }

    @property
    def folders(self) -> Folders:
        return Folders.of(self.environ, self.root)

    @property
    def mimeapps(self) -> Path:
        return self.root / "config" / "mimeapps.list"

    def program(self, name: str, *lines: str, folder: str = "system") -> Path:
        """Install a program that runs `true`, unless `lines` say otherwise."""
        path = self.root / folder / "applications" / f"{name}.desktop"
        path.parent.mkdir(parents=True, exist_ok=True)
        title = name.rsplit("/", 1)[-1].title()
        path.write_text(
            "\n".join(["[Desktop Entry]", "Type=Application", f"Name={title}", "Exec=true %u", *lines, ""])
        )
        return path

    def list(self, path: str, **groups: str) -> Path:
        """Write a list: `default="tel=one.desktop"`."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            "".join(f"[{GROUPS[group]}]\nx-scheme-handler/{entry}\n" for group, entry in groups.items())
        )
        return file

    def files(self) -> dict[str, bytes]:
        """Give every file of the user's, but for the index that the desktop makes for itself."""
        found = (path for folder in ("config", "data") for path in (self.root / folder).rglob("*"))
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in found
            if path.is_file() and path.name != "mimeinfo.cache"
        }


@pytest.fixture
def desktop(tmp_path: Path) -> UserDesktop:
    return UserDesktop(tmp_path)


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """An executable that a test may let links start."""
    path = tmp_path / "bin" / "bubbled"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    assert os.access(path, os.X_OK)
    return path
