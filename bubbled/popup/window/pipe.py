"""Orders from standard input, reports to standard output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from bubbled.popup.window.message import LONGEST_LINE, read_order, report_line

if TYPE_CHECKING:
    from bubbled.popup.window.message import Report

_INPUT: Final = 0
_OUTPUT: Final = 1


class Pipe(QObject):
    """Reads whatever has come whenever something has; a line that is no order is passed over."""

    ordered = Signal(object, int)
    """An `Order` and its number."""
    closed = Signal()
    """The daemon is gone, or wants nothing more."""

    def __init__(self) -> None:
        super().__init__()
        self._rest = b""
        os.set_blocking(_INPUT, False)
        self._notifier = QSocketNotifier(_INPUT, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._readable)

    def report(self, report: Report) -> None:
        """Tell the daemon."""
        try:
            os.write(_OUTPUT, report_line(report))
        except OSError:
            self._end()

    def _readable(self) -> None:
        try:
            data = os.read(_INPUT, 1 << 16)
        except BlockingIOError:
            return
        if not data or len(self._rest) > LONGEST_LINE:
            self._end()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            order, n = read_order(line)
        except ValueError:
            return
        self.ordered.emit(order, n)

    def _end(self) -> None:
        self._notifier.setEnabled(False)
        self.closed.emit()
