"""The tables of the history, and how an older file gets them.

`migrations/` holds one numbered SQL file for each version, the first from an empty file on; `PRAGMA
user_version` says which ones a file has had. Once released none is edited; the next version is one more.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from bubbled.history.fault import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import aiosqlite

_FOLDER: Final = resources.files("bubbled.history") / "migrations"


@cache
def migrations() -> tuple[str, ...]:
    """Give the SQL of every version, the first version first."""
    files = sorted(
        (file for file in _FOLDER.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name
    )
    return tuple(file.read_text("utf-8") for file in files)


async def migrate(connection: aiosqlite.Connection, path: Path, steps: Sequence[str]) -> None:
    """Bring the file to the version `len(steps)`, each step whole or not at all.

    Raises:
        FileRefusedError: the file has a later version; nothing was written to it.
    """
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    if version > len(steps):
        raise FileRefusedError(
            f"The call history in {path} is of a newer bubbled (version {version}, this one knows"
            f" {len(steps)}): calls are kept in memory only and the file stays as it is;"
            " update bubbled, or move the file away."
        )
    for number, sql in enumerate(steps[version:], version + 1):
        await connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\n;PRAGMA user_version = {number};\nCOMMIT;")
