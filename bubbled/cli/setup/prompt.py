"""The line on which a question is answered."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from bubbled.cli.output import for_a_person, harmless
from bubbled.error import ConfigError
from bubbled.setup.completion import paths
from bubbled.setup.question import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bubbled.cli.setup.look import Look
    from bubbled.setup.question import Choice, Question

_MANY: Final = 200


class Prompt(Protocol):
    """Whoever answers."""

    def ask(self, question: Question) -> str:
        """Give the answer to a question, as it is typed; empty for its default."""

    def is_wished(self, text: str, *, default: bool) -> bool:
        """Ask whether something is to be done."""

    def choose(self, choices: Sequence[Choice]) -> str:
        """Ask what to do now, by one letter each; the first is the default."""

    def refuse(self, error: ConfigError) -> None:
        """Take it that an answer cannot be meant; raises where nobody can give another."""


class TerminalPrompt:
    """A person at a terminal."""

    def __init__(self, look: Look) -> None:
        """Say through `look` what a question is about."""
        self._look = look

    def ask(self, question: Question) -> str:
        """See `Prompt.ask`. What is typed for a secret is not shown."""
        self._look.question(question)
        if question.kind is Kind.SECRET:
            kept = " [Enter keeps the present one]" if question.default == "" else ""
            return _hidden(f"  {harmless(question.text)}{kept}: ")
        text = "Your choice" if question.kind is Kind.CHOICE else question.text
        with _completed(_completions(question)):
            return _line(_marked(text, question.default))

    def is_wished(self, text: str, *, default: bool) -> bool:
        """See `Prompt.is_wished`."""
        shown = "[Y/n]" if default else "[y/N]"
        while True:
            said = _line(f"{_bold(text)} {shown} ").strip().lower()
            if said in {"", "y", "yes", "n", "no"}:
                return default if not said else said.startswith("y")

    def choose(self, choices: Sequence[Choice]) -> str:
        """See `Prompt.choose`."""
        self._look.choices(choices)
        letters = [choice.word for choice in choices]
        while True:
            said = _line(_marked("What now?", letters[0])).strip().lower()[:1] or letters[0]
            if said in letters:
                return said

    def refuse(self, error: ConfigError) -> None:
        """See `Prompt.refuse`."""


class Unattended:
    """Nobody: every question takes its default, and one without is a mistake of the caller's."""

    def __init__(self, *, keeps_what_fails: bool) -> None:
        self._keeps = keeps_what_fails

    def ask(self, question: Question) -> str:
        """See `Prompt.ask`.

        Raises:
            ConfigError: there is no default.
        """
        if question.default is None:
            raise ConfigError(
                f"There is no answer to {question.key} ({question.text}); give it as an option or in a file"
            )
        return ""

    def is_wished(self, text: str, *, default: bool) -> bool:  # noqa: ARG002 - as of everybody
        """See `Prompt.is_wished`."""
        return default

    def choose(self, choices: Sequence[Choice]) -> str:  # noqa: ARG002 - as of everybody
        """See `Prompt.choose`.

        Raises:
            ConfigError: what failed is not to be kept.
        """
        if self._keeps:
            return "k"
        raise ConfigError("Nothing is written, because that did not work; --keep writes it all the same")

    def refuse(self, error: ConfigError) -> None:
        """See `Prompt.refuse`."""
        raise error


def _hidden(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise KeyboardInterrupt from None


def _marked(text: str, default: str | None) -> str:
    """A question for one line, with its default."""
    shown = f" [{harmless(default)}]" if default else ""
    return f"{_bold(text)}{shown}: "


def _bold(text: str) -> str:
    """A question so that it can be found again; what does not take room is marked so for the line editor."""
    plain = f"  {harmless(text)}"
    if not for_a_person() or os.environ.get("NO_COLOR"):
        return plain
    return f"\x01\x1b[1m\x02{plain}\x01\x1b[0m\x02"


def _line(prompt: str) -> str:
    """One line from the terminal; bytes that are no text are taken for question marks."""
    if not sys.stdout.isatty():
        # The prompt would come into what a program reads.
        sys.stderr.write(prompt)
        sys.stderr.flush()
        prompt = ""
    try:
        return input(prompt).encode(errors="replace").decode(errors="replace")
    except EOFError:
        raise KeyboardInterrupt from None


def _completions(question: Question) -> Callable[[str], list[str]]:
    if question.kind is Kind.PATH:
        return paths
    words = [harmless(choice.word) for choice in question.choices]
    texts = [choice.text for choice in question.choices if choice.text.isprintable()]
    return lambda typed: [each for each in (*words, *texts) if each.lower().startswith(typed.lower())][:_MANY]


@contextmanager
def _completed(completions: Callable[[str], list[str]]) -> Iterator[None]:
    """Let Tab complete what is typed, where Python has a line editor."""
    try:
        import readline  # noqa: PLC0415 - not everywhere, and it changes `input`
    except ImportError:
        yield
        return

    def complete(typed: str, state: int) -> str | None:
        found = completions(typed)
        return found[state] if state < len(found) else None

    readline.set_completer_delims("")
    readline.set_completer(complete)
    readline.set_auto_history(False)
    readline.parse_and_bind(
        "bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete"
    )
    try:
        yield
    finally:
        readline.set_completer(None)
