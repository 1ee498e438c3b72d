"""From what the settings say of a directory to the directory."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from bubbled.directory.entry import ColumnNames
from bubbled.directory.local.file import FileDirectory
from bubbled.directory.local.formats import FORMATS
from bubbled.directory.local.indexing import Order
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from pathlib import Path


def order(  # noqa: PLR0913 - a directory has that many settings, and each is named where it is given
    *,
    kind: str,
    name: str,
    path: Path,
    region: str,
    cache_dir: Path,
    columns: ColumnNames | None = None,
    internal: bool = False,
) -> Order:
    """Say what of a directory is to be read, and where its index is.

    Args:
        kind: one of `FORMATS`.
        name: what the user calls it.
        path: the file.
        region: where national notation in the file belongs: `NL`.
        cache_dir: where indexes are kept: `$XDG_CACHE_HOME/bubbled/index`.
        columns: headings for a table that does not use the usual ones.
        internal: whether it holds the extensions of colleagues rather than numbers outside.

    Raises:
        DirectoryError: there is no such kind.
    """
    if kind not in FORMATS:
        raise DirectoryError(f'{name} has the unknown kind "{kind}"; use one of {", ".join(FORMATS)}')
    index = str(cache_dir / index_name(name, str(path)))
    return Order(kind, str(path), index, region, columns or ColumnNames(), internal)


def build(what: Order, *, name: str, timeout_s: float) -> FileDirectory:
    """Make a directory, which does nothing before its `start`; it may take `timeout_s` seconds to answer."""
    return FileDirectory(name, what, timeout_s)


def index_name(name: str, source: str) -> str:
    """The file for the index of a directory: readable, and different for those whose names read the same.

    Args:
        name: what the user calls the directory.
        source: whatever makes its contacts others: the path of the file; address and account of a server.
    """
    digest = hashlib.sha256(f"{name}\0{source}".encode("utf-8", "surrogateescape")).hexdigest()[:12]
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return f"{readable or 'directory'}-{digest}.sqlite"
