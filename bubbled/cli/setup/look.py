"""How setup looks in a terminal; in a pipe the same words, without colours and bars."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bubbled.cli.output import harmless
from bubbled.control.check import Verdict
from bubbled.setup.question import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console

    from bubbled.control.check import Check
    from bubbled.directory.port import State
    from bubbled.setup.question import Choice, Question

_SIGNS: Final = {
    Verdict.OK: ("✓", "green"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.FAILED: ("✗", "red"),
    Verdict.SKIPPED: ("-", "bright_black"),
}
_PLAIN_SIGNS: Final = {Verdict.OK: "ok", Verdict.WARNING: "!", Verdict.FAILED: "FAILED", Verdict.SKIPPED: "-"}


class Look:
    """Writes to a console. Whatever comes from elsewhere is made harmless here, and is never markup."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._is_plain = not console.is_terminal

    def welcome(self, path: str, *, is_new: bool) -> None:
        """Say what this is."""
        what = (
            "Popups for your calls, in a few questions."
            if is_new
            else "What is set now stands in [brackets]."
        )
        self._line(Text("bubbled setup", style="bold"), Text(f"  {path}", style="bright_black"))
        self._line(
            Text(f"{what} Enter takes what stands in [brackets]." if is_new else f"{what} Enter keeps it.")
        )
        self._line(
            Text("Ctrl-C ends it at any time; nothing is written before you say so.", style="bright_black")
        )

    def section(self, title: str) -> None:
        """Begin a part."""
        self.console.print()
        if self._is_plain:
            self._line(Text(title))
        else:
            self.console.print(Rule(Text(title, style="bold"), align="left", style="bright_black"))

    def question(self, question: Question) -> None:
        """Say what is asked, but for the line on which it is answered."""
        self.console.print()
        if question.kind is Kind.CHOICE:
            self._line(Text(harmless(question.text), style="bold"))
            self._choices(question.choices, question.default)
        if question.hint:
            self._line(Text(harmless(question.hint), style="bright_black"))

    def choices(self, choices: Sequence[Choice]) -> None:
        """Say what can be done, by one letter each."""
        for choice in choices:
            self._line(Text(f"{choice.word:>3}  ", style="cyan"), Text(harmless(choice.text)))

    def _choices(self, choices: Sequence[Choice], default: str | None) -> None:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=2, justify="right", style="cyan")
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for number, choice in enumerate(choices, 1):
            style = "bold green" if choice.word == default else ""
            word = Text(harmless(choice.word), style=style)
            grid.add_row(Text(str(number)), word, Text(harmless(choice.text)))
        self.console.print(Padding(grid, (0, 0, 0, 4)))

    def checks(self, checks: Iterable[Check]) -> None:
        """Tell what was found, each with what to do about it."""
        for check in checks:
            self.found(check.verdict, check.text, check.advice, name=check.name)

    def found(self, verdict: Verdict, text: str, advice: str | None = None, *, name: str = "") -> None:
        """Tell one thing."""
        sign, style = _SIGNS[verdict]
        sign = _PLAIN_SIGNS[verdict] if self._is_plain else sign
        named = f"{name}: " if name else ""
        self._hanging(Text(sign, style=f"bold {style}"), Text(f"{named}{harmless(text)}"))
        if advice:
            self._hanging(Text("→" if not self._is_plain else "->", style=style), Text(harmless(advice)))

    def wrong(self, text: str) -> None:
        """Say what is wrong with an answer."""
        self._line(Text(harmless(text), style="red"))

    def note(self, text: str) -> None:
        """Say something by the way."""
        self._line(Text(harmless(text), style="bright_black"))

    def end(self, text: str) -> None:
        """Say how things are left by somebody who has seen enough, on a line of its own."""
        self.console.print()
        self.note(text)

    def text(self, text: str) -> None:
        """Show a text of several lines as it is."""
        for line in text.splitlines():
            self.console.print(Text(f"  {harmless(line)}"), soft_wrap=True)

    def summary(self, lines: Iterable[str]) -> None:
        """Say how it ended, and what to do next."""
        body = Text("\n").join(Text(harmless(line)) for line in lines)
        self.console.print()
        if self._is_plain:
            self.console.print(body)
        else:
            self.console.print(
                Panel(body, title="bubbled is set up", title_align="left", border_style="green")
            )

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[State], None]]:
        """Show that something goes on; what it gives takes the state of an address book that is read."""
        if self._is_plain:
            yield lambda _state: None
            return
        columns = (
            SpinnerColumn(style="cyan"),
            TextColumn("{task.description}", markup=False, style="bright_black"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(harmless(text), total=None)
            yield lambda state: bar.update(task, completed=state.done, total=state.total)

    def _line(self, *parts: Text) -> None:
        self.console.print(Padding(Text.assemble(*parts), (0, 0, 0, 2)))

    def _hanging(self, sign: Text, text: Text) -> None:
        """A sign, and beside it a text that may take several lines."""
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=max(2, len(sign)), justify="right")
        grid.add_column(overflow="fold")
        grid.add_row(sign, text)
        self.console.print(Padding(grid, (0, 0, 0, 2)))
