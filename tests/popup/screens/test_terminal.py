import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pyte
import pytest

from bubbled.model import Button, Card, PopupId, Tone
from bubbled.popup.screens.terminal import NOT_WRITABLE, TerminalScreen
from bubbled.popup.showing import Showing

ONE, TWO = PopupId("1"), PopupId("2")
JAN = Card("Jan Jansen", ("Bakker & Zn", "06 12345678"), "Calling you", Tone.RINGING, "Customers")
PIET = Card("Piet", (), "Talking", Tone.TALKING)
JAN_ON_SCREEN = [
    "╭─ ☎ Calling you ──────────────────────────────────────╮",
    "│ Jan Jansen                                           │",
    "│ Bakker & Zn                                          │",
    "│ 06 12345678                                          │",
    "╰────────────────────────────────────────── Customers ─╯",
]
MISSED = replace(JAN, status="Missed call 14:03", tone=Tone.MISSED)


LONG = replace(
    JAN, status="Not called: Desk phone (PJSIP/101) is not registered with the PBX; is it switched on?"
)


class Terminal:
    """A pseudo-terminal of 80 x 24, and eyes to read it."""

    def __init__(self) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.file = open(slave, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - a descriptor, closed in `close`
        self._display = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._display)
        os.set_blocking(self.master, False)

    def lines(self) -> list[str]:
        self.file.flush()
        try:
            while received := os.read(self.master, 65536):
                self._stream.feed(received)
        except BlockingIOError:
            pass
        return [line.rstrip() for line in self._display.display if line.strip()]

    def hang_up(self) -> None:
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        with suppress(OSError):  # what was not written cannot be
            self.file.close()
        if self.master >= 0:
            self.hang_up()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    one = Terminal()
    yield one
    one.close()


@pytest.fixture
def screen(terminal: Terminal) -> TerminalScreen:
    return TerminalScreen(file=terminal.file)


async def test_a_card_is_drawn_changed_in_its_place_and_removed(
    screen: TerminalScreen, terminal: Terminal
) -> None:
    await screen.start()
    await screen.show(ONE, replace(JAN, headline="06 12345678", lines=()))
    await screen.update(ONE, JAN)
    assert terminal.lines() == JAN_ON_SCREEN
    await screen.close(ONE)
    assert terminal.lines() == []


async def test_two_cards_stand_below_each_other(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.show(ONE, JAN)
    await screen.show(TWO, PIET)
    assert terminal.lines()[:5] == JAN_ON_SCREEN
    assert terminal.lines()[5].startswith("╭─ ● Talking")
    await screen.close(ONE)
    assert terminal.lines()[0].startswith("╭─ ● Talking")
    await screen.close(TWO)
    assert terminal.lines() == []


async def test_a_missed_call_remains_printed(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.show(ONE, JAN)
    await screen.show(TWO, PIET)
    await screen.update(ONE, MISSED)
    await screen.aclose()
    lines = terminal.lines()
    assert lines[0].startswith("╭─ ✗ Missed call 14:03")
    assert lines[1:] == JAN_ON_SCREEN[1:]


async def test_what_is_printed_meanwhile_stands_above(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.show(ONE, JAN)
    print("a line of the log")  # noqa: T201 - as a library might
    assert terminal.lines() == ["a line of the log", *JAN_ON_SCREEN]
    await screen.aclose()


async def test_nothing_is_updated_that_is_not_up(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.update(ONE, JAN)
    await screen.close(ONE)
    assert terminal.lines() == []


async def test_a_caller_cannot_steer_the_terminal(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.show(ONE, replace(JAN, headline="\x1b[2J\x1b]0;owned\x07[red]\r\n\u202eevil"))
    assert terminal.lines()[1] == "│ ␛[2J␛]0;owned␇[red]␍␊�evil                           │"
    await screen.aclose()


async def test_buttons_are_told_by_what_to_type(screen: TerminalScreen, terminal: Terminal) -> None:
    buttons = (Button("crm", "Open in CRM"), Button("note", "Note", "What about?"))
    await screen.show(ONE, replace(JAN, buttons=buttons, instead="bubbled press 1: Open in CRM · 2: Note"))
    assert terminal.lines()[4] == "│ bubbled press 1: Open in CRM · 2: Note               │"
    await screen.aclose()


async def test_who_is_important_is_marked(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.show(ONE, replace(JAN, is_vip=True))
    assert terminal.lines()[1] == "│ ★ Jan Jansen                                         │"
    await screen.aclose()


async def test_a_very_long_name_stays_in_its_card(screen: TerminalScreen, terminal: Terminal) -> None:
    await screen.show(ONE, replace(JAN, headline="x" * 200, lines=()))
    lines = terminal.lines()
    assert [len(line) for line in lines] == [56] * 6
    assert sum(line.count("x") for line in lines) == 200
    await screen.aclose()


async def test_doctor_hears_of_the_terminal(screen: TerminalScreen) -> None:
    assert await screen.describe() == "a terminal of 80 x 24, cards drawn in their place"


class TestWithoutTerminal:
    async def test_each_change_is_one_plain_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANG", "nl_NL.UTF-8")
        monkeypatch.delenv("LC_ALL", raising=False)
        monkeypatch.delenv("LC_MESSAGES", raising=False)
        file = io.StringIO()
        screen = TerminalScreen(file=file)
        await screen.start()
        await screen.show(ONE, JAN)
        await screen.update(ONE, replace(JAN, headline="\x1b[31m[bold]Jan\n"))
        await screen.close(ONE)
        await screen.aclose()
        assert file.getvalue().splitlines() == [
            "Calling you: Jan Jansen | Bakker & Zn | 06 12345678 | Customers",
            "Calling you: ␛[31m[bold]Jan␊ | Bakker & Zn | 06 12345678 | Customers",
            "Gesloten: ␛[31m[bold]Jan␊",
        ]
        assert await screen.describe() == "no terminal, one line of text for each change"

    async def test_a_file_of_few_letters_gets_question_marks(self) -> None:
        written = io.BytesIO()
        screen = TerminalScreen(file=io.TextIOWrapper(written, encoding="ascii"))
        await screen.start()
        await screen.show(ONE, replace(PIET, headline="Zoë 👧"))
        assert written.getvalue() == b"Talking: Zo? ?\n"
        assert screen.trouble is None

    async def test_a_closed_pipe_is_trouble_and_no_end(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        file = open(writer, "w", encoding="utf-8")  # noqa: PTH123, SIM115, ASYNC230 - a pipe
        screen = TerminalScreen(file=file)
        await screen.start()
        await screen.show(ONE, JAN)
        assert screen.trouble == NOT_WRITABLE
        await screen.close(ONE)
        await screen.aclose()
        with pytest.raises(BrokenPipeError):
            file.close()


async def test_a_terminal_that_hangs_up_is_trouble_and_no_end(
    screen: TerminalScreen, terminal: Terminal
) -> None:
    await screen.show(ONE, JAN)
    terminal.hang_up()
    await screen.show(ONE, PIET)
    assert screen.trouble == NOT_WRITABLE
    await screen.close(ONE)
    await screen.aclose()


async def test_a_status_that_is_too_long_for_the_frame_stands_within(terminal: Terminal) -> None:
    screen = TerminalScreen(file=terminal.file)
    await screen.show(ONE, LONG)
    shown = " ".join(line.strip("│ ") for line in terminal.lines())
    assert "is not registered with the PBX; is it switched on?" in shown
    await screen.aclose()


async def test_it_is_told_once_that_a_card_is_drawn(terminal: Terminal) -> None:
    told: list[tuple[PopupId, Showing]] = []
    screen = TerminalScreen(lambda *shown: told.append(shown), file=terminal.file)
    await screen.show(ONE, JAN)
    await screen.update(ONE, PIET)
    assert told == [(ONE, Showing(screen="terminal"))]
    await screen.close(ONE)
    terminal.hang_up()
    await screen.show(ONE, JAN)
    assert len(told) == 1, "nobody can see it"
