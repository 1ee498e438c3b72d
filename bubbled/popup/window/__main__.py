"""The process that shows windows: `python -m bubbled.popup.window`, see `message` for what it understands."""

from __future__ import annotations

import os
import resource
import sys
from typing import assert_never

from PySide6.QtWidgets import QApplication

from bubbled.popup.language import catalogue
from bubbled.popup.window import desktop
from bubbled.popup.window.message import (
    Close,
    Describe,
    Described,
    Done,
    Focus,
    Look,
    Order,
    Ping,
    Show,
    Update,
)
from bubbled.popup.window.pipe import Pipe
from bubbled.popup.window.shelf import Shelf
from bubbled.popup.window.wording import WindowWording


class Window:
    """Carries out orders."""

    def __init__(self, pipe: Pipe, shelf: Shelf) -> None:
        self._pipe = pipe
        self._shelf = shelf
        pipe.ordered.connect(self._carry_out)
        shelf.reported.connect(pipe.report)

    def _carry_out(self, order: Order, n: int) -> None:
        self._pipe.report(Done(n, self._does(order)))

    def _does(self, order: Order) -> bool:
        """Do it; tells whether there was anything to do it with."""
        match order:
            case Look():
                self._shelf.look(order)
            case Show(popup_id, card):
                self._shelf.show(popup_id, card)
            case Update(popup_id, card):
                return self._shelf.update(popup_id, card)
            case Close(popup_id):
                self._shelf.close(popup_id)
            case Focus():
                return self._shelf.focus()
            case Describe():
                self._pipe.report(Described(desktop.described()))
            case Ping():
                pass
            case unreachable:
                assert_never(unreachable)
        return True


def main() -> int:
    """Run until standard input ends."""
    # Qt aborts where there is no display, and that core is of no use to anybody.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    app = QApplication(["bubbled"])
    app.setApplicationDisplayName("bubbled")
    app.setQuitOnLastWindowClosed(False)
    shelf = Shelf(WindowWording(catalogue(os.environ)))
    pipe = Pipe()
    window = Window(pipe, shelf)
    pipe.closed.connect(app.quit)
    status = app.exec()
    del window
    return status


if __name__ == "__main__":
    sys.exit(main())
