"""Giving telephone links to bubbled and taking them from it, for the user and for every desktop."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.dialing.link import desktop_entry
from bubbled.dialing.link.association import DEFAULT, programs, put_first, take_out
from bubbled.dialing.link.file import change, content, content_to_change
from bubbled.dialing.link.opener import installed, opener
from bubbled.dialing.link.scheme import Scheme

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from bubbled.dialing.link.folder import Folders
    from bubbled.dialing.link.opener import Opener

PATIENCE_S: Final = 10.0
"""How long the desktop's index of programs may take to follow."""

_ALL_TYPES: Final = tuple(scheme.mime_type for scheme in Scheme)


@dataclass(frozen=True, slots=True)
class LinkState:
    """Who opens the links of a scheme; None: nobody."""

    scheme: Scheme
    opener: Opener | None

    @property
    def by_bubbled(self) -> bool:
        """Whether it is bubbled."""
        return self.opener is not None and self.opener.program == desktop_entry.BUBBLED


def states(folders: Folders) -> tuple[LinkState, ...]:
    """Tell who opens the links of each scheme now."""
    return tuple(LinkState(scheme, opener(folders, scheme.mime_type)) for scheme in Scheme)


def lost_program(folders: Folders) -> str | None:
    """Give the program that links would start but that is gone; None while all is well, or not installed."""
    text = content(_entry_path(folders))
    if not text or installed(folders, desktop_entry.BUBBLED):
        return None
    return desktop_entry.read(text).program


def install(folders: Folders, command: Sequence[str], schemes: Collection[Scheme]) -> None:
    """Let bubbled, started by `command`, open the links of exactly these schemes.

    A second time is as once. Lists that one desktop reads instead of the general one are followed where they
    name somebody for such links.

    Raises:
        LinkError: a file cannot be changed, and nothing is.
    """
    mine = [scheme.mime_type for scheme in Scheme if scheme in schemes]
    files = {_entry_path(folders): desktop_entry.written(command, mine)}
    for path in _lists(folders):
        text = content_to_change(path)
        without = take_out(text, set(_ALL_TYPES).difference(mine), desktop_entry.BUBBLED)
        general = path == folders.own_associations
        wanted = [each for each in mine if general or programs(text, DEFAULT, each)]
        files[path] = put_first(without, wanted, desktop_entry.BUBBLED)
    _apply(folders, files)


def remove(folders: Folders) -> bool:
    """Take out exactly what `install` put in; who opened the links before does so again.

    Returns:
        Whether there was anything to take out.

    Raises:
        LinkError: a file cannot be changed, and nothing is.
    """
    files = {_entry_path(folders): ""}
    for path in _lists(folders):
        files[path] = take_out(content_to_change(path), _ALL_TYPES, desktop_entry.BUBBLED)
    return _apply(folders, files)


def _entry_path(folders: Folders) -> Path:
    return folders.applications[0] / desktop_entry.BUBBLED


def _lists(folders: Folders) -> list[Path]:
    """Give the user's own lists: the general one, and those that a desktop may read before it."""
    general = folders.own_associations
    return [general, *sorted(general.parent.glob(f"*-{general.name}"))]


def _apply(folders: Folders, files: Mapping[Path, str]) -> bool:
    """Change what is to become different, and tell the desktop; False if nothing is."""
    changed = {path: text for path, text in files.items() if text != content_to_change(path)}
    if not changed:
        return False
    change(changed)
    _refresh_index(folders.applications[0])
    return True


def _refresh_index(applications: Path) -> None:
    """Let desktops that keep an index of who can open what read the folder anew; others need nothing."""
    if program := shutil.which("update-desktop-database"):
        # Without it, or when it fails, the lists still say who opens links.
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 - a program of the system and a folder
                [program, "--quiet", str(applications)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
            )
