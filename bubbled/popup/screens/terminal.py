"""Cards in a terminal: drawn in place, or one plain line for each change where nobody draws."""

from __future__ import annotations

import os
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bubbled.model import Tone
from bubbled.popup.language import catalogue
from bubbled.popup.screens.trouble import Trouble
from bubbled.popup.showing import Showing, unheard
from bubbled.popup.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from bubbled.model import Card, PopupId
    from bubbled.popup.showing import OnShown

WIDTH: Final = 56
"""Columns of a card: what a name and a last contact need, and a small terminal has."""

_LONGEST_TITLE: Final = WIDTH - 8
"""Characters of a status that fit into the frame of a card; a longer one stands within."""

NOT_WRITABLE: Final = (
    "The terminal cannot be written to, so no popups can be shown; bubbled goes on. "
    "Start it in a terminal that is open."
)

_STYLES: Final[Mapping[Tone, str]] = {
    Tone.RINGING: "bold green",
    Tone.TALKING: "bold cyan",
    Tone.HELD: "bold yellow",
    Tone.MISSED: "bold red",
    Tone.ENDED: "bright_black",
    Tone.QUESTION: "bold yellow",
    Tone.NOTICE: "yellow",
}
_SIGNS: Final[Mapping[Tone, str]] = {
    Tone.RINGING: "☎",
    Tone.TALKING: "●",
    Tone.HELD: "‖",
    Tone.MISSED: "✗",
    Tone.ENDED: "○",
    Tone.QUESTION: "?",
    Tone.NOTICE: "!",
}

_VIP: Final = "★"


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave the exit to the daemon: rich would end the process."""
        raise BrokenPipeError


class TerminalScreen:
    """Shows cards below the cursor for as long as they are up; missed calls stay in the scrollback.

    Nothing can be dismissed or pressed here. Where standard output is no terminal, or one that cannot move
    its cursor, each change is one line of plain text.

    Args:
        on_shown: as the port says.
        file: where to draw instead of standard output.
    """

    name = "terminal"

    def __init__(self, on_shown: OnShown = unheard, *, file: TextIO | None = None) -> None:
        self._on_shown = on_shown
        self._console = _Console(file=file, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._trouble = Trouble()
        self._words = catalogue(os.environ)
        self._cards: dict[PopupId, Card] = {}
        self._live: Live | None = None
        self._draws = self._console.is_terminal and not self._console.is_dumb_terminal

    @property
    def trouble(self) -> str | None:
        """Why cards cannot be shown now; None while they can."""
        return self._trouble.text

    async def start(self) -> None:
        """Let a terminal of few letters show a question mark for the others."""
        if isinstance(self._console.file, TextIOWrapper):
            self._console.file.reconfigure(errors="replace")

    async def show(self, popup_id: PopupId, card: Card) -> None:
        """Draw a card."""
        is_new = popup_id not in self._cards
        self._cards[popup_id] = card
        self._safely(lambda: self._changed(card))
        if is_new and self.trouble is None:
            self._on_shown(popup_id, Showing(screen=self.name))

    async def update(self, popup_id: PopupId, card: Card) -> None:
        """Draw the card anew in its place."""
        if popup_id in self._cards:
            await self.show(popup_id, card)

    async def close(self, popup_id: PopupId) -> None:
        """Remove the card."""
        if card := self._cards.pop(popup_id, None):
            self._safely(lambda: self._closed(card))

    async def describe(self) -> str:
        """Tell how large the terminal is, or that there is none."""
        if self._draws:
            return f"a terminal of {self._console.width} x {self._console.height}, cards drawn in their place"
        return "no terminal, one line of text for each change"

    async def aclose(self) -> None:
        """Remove every card; missed calls stay where they were printed."""
        self._cards.clear()
        self._safely(self._draw)

    def _changed(self, card: Card) -> None:
        if not self._draws:
            self._print_line(f"{card.status}: {_headline(card)}", *card.lines, card.instead, card.footnote)
            return
        if card.tone is Tone.MISSED:
            self._console.print(_panel(card))
        self._draw()

    def _closed(self, card: Card) -> None:
        if self._draws:
            self._draw()
        else:
            self._print_line(self._words.gettext("Closed") + f": {card.headline}")

    def _print_line(self, *parts: str) -> None:
        print(visible(" | ".join(filter(None, parts))), file=self._console.file, flush=True)

    def _draw(self) -> None:
        """Bring the drawn cards up to date; the terminal is only taken over while there are any."""
        panels = [_panel(card) for card in self._cards.values() if card.tone is not Tone.MISSED]
        if not panels:
            self._rest()
            return
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(Group(*panels), refresh=True)

    def _rest(self) -> None:
        live, self._live = self._live, None
        if live:
            live.update("")
            live.stop()

    def _safely(self, draw: Callable[[], None]) -> None:
        try:
            draw()
        except (OSError, ValueError):  # gone, full, or closed under us
            self._give_up()
            return
        # Rich draws nothing, and says nothing, on a terminal that hung up.
        if self._draws and not self._console.is_terminal:
            self._give_up()
        else:
            self._trouble.over()

    def _give_up(self) -> None:
        # First let go of standard output and error, which go through the drawing: the log would break too.
        with suppress(OSError, ValueError):
            self._rest()
        self._trouble.report(NOT_WRITABLE)


def _headline(card: Card) -> str:
    return f"{_VIP} {card.headline}" if card.is_vip else card.headline


def _panel(card: Card) -> RenderableType:
    style = _STYLES[card.tone]
    rows = Table.grid(expand=True)
    status = visible(card.status)
    fits = len(status) <= _LONGEST_TITLE
    rows.add_row(Text(visible(_headline(card)), style="bold", overflow="fold"))
    if not fits:
        rows.add_row(Text(status, style=style, overflow="fold"))
    for line in card.lines:
        rows.add_row(Text(visible(line), overflow="fold"))
    if card.instead:
        rows.add_row(Text(visible(card.instead), style="dim", overflow="fold"))
    return Panel(
        rows,
        title=Text(f"{_SIGNS[card.tone]} {status if fits else ''}".rstrip(), style=style),
        title_align="left",
        subtitle=Text(visible(card.footnote), style="dim") if card.footnote else None,
        subtitle_align="right",
        border_style=style,
        width=WIDTH,
        padding=(0, 1),
    )
