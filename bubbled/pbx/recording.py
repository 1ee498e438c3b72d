"""Recordings of what a PBX said: write them as it speaks, read them back with their times.

A recording is a file of the bytes as they came, banner included. Beside it, in a file with `.timing.jsonl`
instead of its suffix, stands a line `{"offset": byte, "t": seconds}` for each piece that was received.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack, suppress
from itertools import chain, pairwise
from typing import IO, TYPE_CHECKING, NamedTuple

from bubbled.error import PbxError
from bubbled.pbx.ami.framing import Framer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from bubbled.pbx.ami.framing import Message

_CHUNK = 65_536
_SEPARATOR = b"\r\n\r\n"


class Moment(NamedTuple):
    """A message and when its last byte came, in seconds from the start; None where no times were kept."""

    t: float | None
    message: Message


def timing_path(path: Path) -> Path:
    """Where the times of the recording at `path` stand."""
    return path.with_suffix(".timing.jsonl")


def read_recording(path: Path, wanted: Iterable[str] | None = None) -> Iterator[Moment]:
    """Yield the messages of a recording, of its events only those in `wanted` (None: all).

    What a kill or a full disk left unfinished at the end, of the text or of the times, is left out.

    Raises:
        PbxError: the file cannot be read.
    """
    framer = Framer(wanted)
    for t, data in read_pieces(path):
        for message in framer.feed(data):
            yield Moment(t, message)


def read_pieces(path: Path) -> Iterator[tuple[float | None, bytes]]:
    """Yield the bytes of a recording in pieces, each with its time in seconds; None where none was kept.

    Raises:
        PbxError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _pieces(file, _times(path))
    except OSError as error:
        raise PbxError(
            f"The recording {path} cannot be read ({error.strerror}): it is not replayed. Check the path."
        ) from error


def _pieces(file: IO[bytes], times: list[tuple[int, float]]) -> Iterator[tuple[float | None, bytes]]:
    """The file's bytes, cut where a new time begins; what lies before the first time gets that one too."""
    end = (os.fstat(file.fileno()).st_size, 0.0)
    t = times[0][1] if times else None
    for (begin, _), (following, next_t) in pairwise(chain([(0, 0.0)], times, [end])):
        left = following - begin
        while left > 0 and (data := file.read(min(left, _CHUNK))):
            left -= len(data)
            yield t, data
        t = next_t


def _times(path: Path) -> list[tuple[int, float]]:
    """Offsets and times in rising order; lines that make no sense are passed over."""
    times: list[tuple[int, float]] = []
    with suppress(FileNotFoundError), timing_path(path).open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with suppress(ValueError, KeyError, TypeError, OverflowError):
                entry = json.loads(line)
                offset, t = int(entry["offset"]), float(entry["t"])
                if not times or offset > times[-1][0]:
                    times.append((offset, t))
    return times


class Recorder:
    """Writes a recording that is usable at any moment, also after kill -9; readable by its owner alone.

    Attributes:
        failure: what stopped the recording; None while all is well.
    """

    def __init__(
        self,
        path: Path,
        *,
        blank: Callable[[bytes], bytes] = bytes,
        clock: Callable[[], float] = time.monotonic,
        on_failure: Callable[[PbxError], None] = lambda _failure: None,
    ) -> None:
        """Create the two files.

        Args:
            path: must not exist yet.
            blank: sees all bytes before they are written, and may hold some back until the next call.
            clock: seconds, from any start.
            on_failure: told once, when nothing more can be written.

        Raises:
            PbxError: a file is already there or cannot be made.
        """
        self.failure: PbxError | None = None
        self._path = path
        self._blank = blank
        self._clock = clock
        self._on_failure = on_failure
        self._offset = 0
        self._end = b""
        with ExitStack() as undo:
            self._text = _create(path)
            undo.callback(path.unlink)
            undo.callback(self._text.close)
            self._timing = _create(timing_path(path))
            undo.pop_all()
        self._begun = clock()

    def write(self, data: bytes) -> None:
        """Take bytes as they came; never raises, so that it can be the tap of a connection."""
        self._end = (self._end + data)[-len(_SEPARATOR) :]
        if self.failure is None and (blanked := self._blank(data)):
            try:
                self._append(blanked)
            except OSError as error:
                self.failure = PbxError(
                    f"The recording {self._path} stops here ({error.strerror}); what it holds is good. "
                    "Make room and record again."
                )
                self._on_failure(self.failure)

    def end_connection(self) -> None:
        """Close a message that a lost connection cut short, so that it swallows nothing of the next."""
        if self._end and self._end != _SEPARATOR:
            self.write(_SEPARATOR)

    def close(self) -> None:
        """Close the files."""
        for file in (self._timing, self._text):
            # A full disk lets closing fail too, and was told of already.
            with suppress(OSError):
                file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, data: bytes) -> None:
        """Write the time first: a time without bytes does no harm, bytes without time would get another's."""
        entry = {"offset": self._offset, "t": round(self._clock() - self._begun, 4)}
        self._timing.write(json.dumps(entry).encode() + b"\n")
        self._timing.flush()
        self._text.write(data)
        self._text.flush()
        self._offset += len(data)


def _create(path: Path) -> IO[bytes]:
    try:
        return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
    except OSError as error:
        raise PbxError(
            f"The recording {path} cannot be begun ({error.strerror}): nothing is recorded. "
            "Choose a new file in a folder that you may write to."
        ) from error
