"""What the user is told about the history, and what the log is: each trouble once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.history.fault import FileDamagedError, FileRefusedError

_log = structlog.get_logger()


class Trouble:
    """What keeps the history from being kept as it should be."""

    def __init__(self) -> None:
        self._refusal: str | None = None
        self._delay: str | None = None
        self._set_aside: str | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether the file is not to be used at all."""
        return self._refusal is not None

    @property
    def is_passing(self) -> bool:
        """Whether the file cannot be used now and is to be tried again."""
        return self._delay is not None

    def text(self, lost: int) -> str | None:
        """Give one line for the user: what is wrong now, else what was found; None when all is well.

        Args:
            lost: how many calls were given up because too many waited.
        """
        text = self._refusal or self._delay or self._set_aside
        return f"{text} The oldest {lost} calls are lost." if text and lost else text

    def refuse(self, refusal: FileRefusedError) -> None:
        """Take note that the file is not to be used."""
        self._refusal = str(refusal)
        _log.error("The history is kept in memory only", reason=self._refusal)

    def set_aside(self, aside: Path, damage: FileDamagedError) -> None:
        """Take note that a damaged file was set aside."""
        self._set_aside = (
            f"The call history was damaged: it is set aside as {aside} and a new one is begun;"
            f' to rescue what it holds, try: sqlite3 "{aside}" .recover'
        )
        _log.error("The history was damaged and is set aside", file=str(aside), reason=damage.reason)

    def put_off(self, delay: str) -> None:
        """Take note that the file cannot be used now."""
        if delay != self._delay:
            _log.error("The history cannot be saved now", reason=delay)
        self._delay = delay

    def catch_up(self) -> None:
        """Take note that everything is saved."""
        if self._delay:
            _log.info("The history is saved again")
        self._delay = None
