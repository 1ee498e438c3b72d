"""Who opens a type of link now, found as desktops find it.

After the MIME Applications Associations specification 1.0.1, sections 3 and 4. Unlike it, and like GLib and
xdg-utils, a default is not asked whether it says itself that it opens the type.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bubbled.dialing.link import desktop_entry
from bubbled.dialing.link.association import ADDED, DEFAULT, REMOVED, programs
from bubbled.dialing.link.file import content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bubbled.dialing.link.desktop_entry import DesktopEntry
    from bubbled.dialing.link.folder import Folders


@dataclass(frozen=True, slots=True)
class Opener:
    """A program that opens a type of link.

    Attributes:
        program: its desktop file id.
        decided_by: the file that makes it the one.
    """

    program: str
    name: str
    decided_by: Path


def opener(folders: Folders, mime_type: str) -> Opener | None:
    """Tell who opens a type; None when nobody does."""
    for program, decided_by in (*_defaults(folders, mime_type), *_associated(folders, mime_type)):
        entry = installed(folders, program)
        if entry:
            return Opener(program, entry.name or program, decided_by)
    return None


def installed(folders: Folders, program: str) -> DesktopEntry | None:
    """Give what a desktop file id stands for; None when it is not installed, or what it runs is not."""
    for folder in folders.applications:
        # one-two.desktop is also one/two.desktop (Desktop Entry Specification, "Desktop File ID").
        for name in (program, program.replace("-", "/", 1)):
            if text := content(folder / name):
                entry = desktop_entry.read(text)
                return entry if not entry.hidden and _runs(entry) else None
    return None


def _runs(entry: DesktopEntry) -> bool:
    needed = (entry.program, entry.try_program or entry.program)
    return all(program and shutil.which(program) for program in needed)


def _defaults(folders: Folders, mime_type: str) -> Iterator[tuple[str, Path]]:
    for file in folders.association_files():
        for program in programs(content(file.path), DEFAULT, mime_type):
            yield program, file.path


def _associated(folders: Folders, mime_type: str) -> Iterator[tuple[str, Path]]:
    """Give who opens a type without being its default, the most preferred first, as section 3 suggests."""
    passed: set[str] = set()
    for file in folders.association_files():
        if file.of_one_desktop:
            continue
        text = content(file.path)
        yield from (
            (program, file.path) for program in programs(text, ADDED, mime_type) if program not in passed
        )
        passed.update(programs(text, REMOVED, mime_type))
        if file.beside_programs:
            yield from _declared(file.path.parent, mime_type, passed)


def _declared(folder: Path, mime_type: str, passed: set[str]) -> Iterator[tuple[str, Path]]:
    """Give the programs in a folder that say themselves that they open a type, and note all as passed."""
    for path in sorted(folder.rglob("*.desktop")):
        program = str(path.relative_to(folder)).replace("/", "-")
        if program not in passed and mime_type in desktop_entry.read(content(path)).mime_types:
            yield program, path
        passed.add(program)
