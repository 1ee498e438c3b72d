"""Build the index of a file in a process of its own: a million contacts keep a processor busy for long.

`python -m bubbled.directory.local.indexing` is that process. It reads an `Order` as JSON from its standard
input, and writes a line of JSON for each step. It ends with whoever started it, who keeps that input open.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import resource
import sqlite3
import stat
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import phonenumbers

import bubbled
from bubbled import child
from bubbled.directory.entry import ColumnNames
from bubbled.directory.local.about import FORMAT
from bubbled.directory.local.formats import FORMATS
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

_UNEXPECTED_END: Final = "reading it ended unexpectedly ({}); it may be damaged or too large"
_MOST_MEMORY: Final = 4 * 1024**3  # bytes: a small workbook can unpack to more than the computer has


@dataclass(frozen=True, slots=True)
class Order:
    """What to read and where to put the index.

    Attributes:
        internal: whether the numbers in it are those of colleagues: extensions, as they are dialled.
    """

    kind: str
    path: str
    index: str
    region: str
    columns: ColumnNames = field(default_factory=ColumnNames)
    internal: bool = False

    def identity(self) -> str:
        """Differs when the index would: another file, other settings, another version of the rules.

        Raises:
            DirectoryError: it is no regular file.
            OSError: there is no such file, or it may not be read.
        """
        found = Path(self.path).stat()
        if not stat.S_ISREG(found.st_mode):
            raise DirectoryError("it is not a file")
        rules = repr((FORMAT, phonenumbers.__version__, self.kind, self.region, self.columns, self.internal))
        digest = hashlib.sha256(rules.encode()).hexdigest()[:16]
        return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}-{digest}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of a file is: rows read, and how many there seem to be; None while nobody knows."""

    done: int
    total: int | None


def build_index(order: Order) -> Iterator[Progress]:
    """Build the index here and now.

    Raises:
        DirectoryError: the file cannot be used; says why in one line. The earlier index stays.
    """
    from bubbled.directory.local.bulk import reading  # noqa: PLC0415 - not for those who only ask an index
    from bubbled.directory.local.index_writer import write_index  # noqa: PLC0415 - the same

    share = 0.0

    def tell(read: float) -> None:
        nonlocal share
        share = read

    try:
        entries = FORMATS[order.kind]()(Path(order.path), order.columns, tell)
        keys_in = reading(order.region, is_internal=order.internal)
        for done in write_index(Path(order.index), entries, keys_in, order.identity()):
            yield Progress(done, max(done, round(done / share)) if share else None)
    except OSError as problem:
        raise DirectoryError(f"{problem.strerror or problem}: {problem.filename or order.path}") from problem
    except sqlite3.Error as problem:
        folder = Path(order.index).parent
        raise DirectoryError(f"its index cannot be written to {folder}: {problem}") from problem


async def build_index_elsewhere(order: Order) -> AsyncGenerator[Progress]:
    """Build the index in a process of its own, which is stopped when this is closed or cancelled.

    Raises:
        DirectoryError: as `build_index`; also when the process was killed, or used too much memory.
    """
    process = await child.start(
        *(sys.executable, "-P", "-m", "bubbled.directory.local.indexing"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=None if os.environ.get("BUBBLED_DEBUG") else asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(Path(bubbled.__file__).parents[1])},
    )
    orders, steps = cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)
    try:
        orders.write(json.dumps(asdict(order)).encode() + b"\n")
        async for line in steps:
            yield _heard(line)
        if await process.wait() != 0:
            raise DirectoryError(_UNEXPECTED_END.format(process.returncode))
    finally:
        await child.end(process)


def _heard(line: bytes) -> Progress:
    try:
        step = json.loads(line)
    except ValueError as problem:
        raise DirectoryError(_UNEXPECTED_END.format("half a word")) from problem
    if "failed" in step:
        raise DirectoryError(step["failed"])
    return Progress(step["done"], step["total"])


def main() -> None:
    """Build the index that standard input orders."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    given = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_whoever_ordered, name="end", daemon=True).start()
    columns = given.pop("columns")
    order = Order(**given, columns=ColumnNames(**columns | {"numbers": tuple(columns["numbers"])}))
    try:
        for progress in build_index(order):
            _tell(asdict(progress))
    except DirectoryError as problem:
        _tell({"failed": str(problem)})
    except BrokenPipeError:
        # Whoever ordered the index is gone; Python would complain when it flushes the pipe once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_with_whoever_ordered() -> None:
    """Leave a file that takes hours to its first step; the next index removes the remains."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _tell(step: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(step) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
