"""Where a desktop keeps its programs and which of them opens what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AssociationFile:
    """A place where associations may be written.

    Attributes:
        of_one_desktop: whether only one desktop reads it; such a file holds nothing but defaults.
        beside_programs: whether its folder holds .desktop files too.
    """

    path: Path
    of_one_desktop: bool = False
    beside_programs: bool = False


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of the XDG Base Directory Specification, the user's before those of the system.

    Attributes:
        desktops: what the present desktop is called, in lower case, the most special first.
    """

    config: tuple[Path, ...]
    data: tuple[Path, ...]
    desktops: tuple[str, ...] = ()

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path) -> Folders:
        """Take them from the environment; by the specification, paths that are not absolute do not count."""

        def paths(name: str, *defaults: Path) -> tuple[Path, ...]:
            named = environ.get(name, "").split(":")
            return tuple(Path(each) for each in named if each.startswith("/")) or defaults

        return cls(
            config=paths("XDG_CONFIG_HOME", home / ".config")[:1]
            + paths("XDG_CONFIG_DIRS", Path("/etc/xdg")),
            data=paths("XDG_DATA_HOME", home / ".local/share")[:1]
            + paths("XDG_DATA_DIRS", Path("/usr/local/share"), Path("/usr/share")),
            # What is no part of a file name cannot be one.
            desktops=tuple(
                name
                for each in environ.get("XDG_CURRENT_DESKTOP", "").split(":")
                if (name := each.lower()) and "/" not in name
            ),
        )

    @property
    def own_associations(self) -> Path:
        """The file in which the user's choice is kept, on all desktops."""
        return self.config[0] / "mimeapps.list"

    @property
    def applications(self) -> tuple[Path, ...]:
        """Where .desktop files are, the user's own first: of those with the same name the first counts."""
        return tuple(folder / "applications" for folder in self.data)

    def association_files(self) -> list[AssociationFile]:
        """Give every file that may say what opens a type, the one that counts most first.

        MIME Applications Associations specification 1.0.1, section 2.
        """
        return [
            AssociationFile(folder / name, name != "mimeapps.list", folder in self.applications)
            for folder in (*self.config, *self.applications)
            for name in (*(f"{desktop}-mimeapps.list" for desktop in self.desktops), "mimeapps.list")
        ]
