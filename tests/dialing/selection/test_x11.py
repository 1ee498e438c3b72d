"""The X11 selection on a real X server, with xclip, xterm and an owner of our own that misbehaves."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from Xlib.protocol import request

from bubbled.dialing.selection.port import LARGEST_BYTES, SILENT, SelectionError
from bubbled.dialing.selection.x11 import X11Selection
from bubbled.display import Display
from tests.dialing.x11_server import line, program

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.dialing.x11_server import XServer

pytestmark = pytest.mark.desktop

NUMBER = "+31 (0)20 123 45 67"
FIVE_MEGABYTES = 5_000_000


@asynccontextmanager
async def reading(display: Display) -> AsyncIterator[X11Selection]:
    selection = X11Selection(display)
    try:
        yield selection
    finally:
        await selection.aclose()


@pytest.fixture
async def selection(x_server: XServer) -> AsyncIterator[X11Selection]:
    async with reading(x_server.display) as made:
        yield made


def owner(x_server: XServer, behaviour: str, text: str | bytes = NUMBER) -> subprocess.Popen[bytes]:
    data = text.encode() if isinstance(text, str) else text
    return x_server.begin_own("x11_owner.py", behaviour, given=data)


@pytest.fixture
def xclip(x_server: XServer, tmp_path: Path) -> subprocess.Popen[bytes]:
    """A program that everybody has, and five megabytes selected in it."""
    text = tmp_path / "text"
    text.write_text("0612345678\n" * (FIVE_MEGABYTES // 11))
    return x_server.begin(program("xclip"), "-quiet", "-selection", "primary", str(text))


async def until_read(selection: X11Selection, text: str) -> None:
    async with asyncio.timeout(10):
        while await selection.read() != text:
            pass


async def until_seen_off(selection: X11Selection) -> None:
    """A simple program drops what others ask while it still brings something."""
    async with asyncio.timeout(10):
        await asyncio.gather(*selection._leaving)


@pytest.mark.parametrize(
    "text", [NUMBER, "Jos\u00e9: 020\u2011123\n\ttwo lines\r\n", "--help", "a\0b", "\u260e " * 1000, ""]
)
async def test_what_is_selected_is_read_as_it_is(
    x_server: XServer, selection: X11Selection, text: str
) -> None:
    owner(x_server, "whole", text)
    assert await selection.read() == text


async def test_nothing_selected_is_an_empty_text(selection: X11Selection) -> None:
    assert await selection.read() == ""


async def test_an_old_program_hands_over_latin_1(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "latin_1", "Jos\u00e9 020".encode("latin-1"))
    assert await selection.read() == "Jos\u00e9 020"


async def test_a_text_is_what_its_owner_says_it_is(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "says_latin_1", "Jos\u00e9 020".encode("latin-1"))
    assert await selection.read() == "Jos\u00e9 020"


async def test_bytes_that_are_no_text_are_marked(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "whole", b"06\xff12")
    assert await selection.read() == "06\ufffd12"


@pytest.mark.parametrize(
    "behaviour",
    ["refuses", "a_picture", "in_16_bits", "in_32_bits", "pieces_in_16_bits", "nothing_there"],
)
async def test_what_is_no_text_is_nothing_to_dial(
    x_server: XServer, selection: X11Selection, behaviour: str
) -> None:
    owner(x_server, behaviour, "0612345678  ")
    assert await selection.read() == ""


async def test_much_that_is_no_text_is_nothing_either(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "pieces_in_16_bits", "x" * 200_000)
    assert await selection.read() == ""
    await until_seen_off(selection)
    owner(x_server, "whole")
    assert await selection.read() == NUMBER


@pytest.mark.parametrize("behaviour", ["pieces", "pieces_of_pieces"])
async def test_a_text_that_comes_in_pieces_is_put_together(
    x_server: XServer, selection: X11Selection, behaviour: str
) -> None:
    text = "".join(f"line {number}: \u260e\n" for number in range(2500))
    owner(x_server, behaviour, text)
    assert await selection.read() == text
    assert await selection.read() == text


@pytest.mark.parametrize("length", [LARGEST_BYTES - 1, LARGEST_BYTES, LARGEST_BYTES + 1, FIVE_MEGABYTES])
@pytest.mark.parametrize("behaviour", ["whole", "pieces"])
async def test_a_long_text_is_cut(
    x_server: XServer, selection: X11Selection, behaviour: str, length: int
) -> None:
    if behaviour == "whole":
        length = min(length, 200_000)  # more is too much for one request of a simple program
    owner(x_server, behaviour, "x" * length)
    assert await selection.read() == "x" * min(length, LARGEST_BYTES)
    await until_seen_off(selection)
    assert await selection.read() == "x" * min(length, LARGEST_BYTES)


async def test_a_real_program_that_was_given_up_lives_on(
    xclip: subprocess.Popen[bytes], selection: X11Selection
) -> None:
    text = ("0612345678\n" * LARGEST_BYTES)[:LARGEST_BYTES]
    await until_read(selection, text)
    await until_seen_off(selection)
    xclip.send_signal(signal.SIGSTOP)
    with pytest.raises(SelectionError):
        await selection.read()
    xclip.send_signal(signal.SIGCONT)
    await until_seen_off(selection)
    assert await selection.read() == text


@pytest.mark.usefixtures("xclip")
async def test_five_megabytes_in_a_real_program_are_cut_and_leave_it_well(
    x_server: XServer, selection: X11Selection
) -> None:
    text = ("0612345678\n" * LARGEST_BYTES)[:LARGEST_BYTES]
    await until_read(selection, text)
    await until_seen_off(selection)
    assert await selection.read() == text
    await until_seen_off(selection)
    whole = await asyncio.to_thread(x_server.run, "xclip", "-o", "-selection", "primary")
    assert len(whole) == FIVE_MEGABYTES // 11 * 11, "others still get it all"


@pytest.fixture
def terminal(x_server: XServer, tmp_path: Path) -> None:
    """A terminal with `31201234567 Jansen` at its top."""
    shown = tmp_path / "shown"
    os.mkfifo(shown)
    # It answers where its cursor is when it has shown what came before.
    script = f"stty raw; printf '31201234567 Jansen\\033[6n'; head -c 7; echo >{shown}; cat"
    x_server.begin(program("xterm"), "-geometry", "40x5+0+0", "-b", "0", "-e", "sh", "-c", script)
    shown.read_text()


@pytest.mark.usefixtures("terminal")
async def test_a_double_click_in_a_terminal_is_read(x_server: XServer, selection: X11Selection) -> None:
    x_server.run("xdotool", "mousemove", "20", "8", "click", "--repeat", "2", "--delay", "20", "1")
    await until_read(selection, "31201234567")


@pytest.mark.parametrize("behaviour", ["silent", "ends", "stalls"])
async def test_an_owner_that_does_not_hand_it_over_is_given_up(
    x_server: XServer, selection: X11Selection, behaviour: str
) -> None:
    owner(x_server, behaviour)
    async with asyncio.timeout(10):
        with pytest.raises(SelectionError) as failure:
            await selection.read()
    assert str(failure.value) == SILENT
    owner(x_server, "whole", "the next")
    assert await selection.read() == "the next"


async def test_an_owner_that_is_frozen_is_given_up_until_it_thaws(
    x_server: XServer, selection: X11Selection
) -> None:
    program = owner(x_server, "counting")
    assert await selection.read() == "1"
    program.send_signal(signal.SIGSTOP)
    turns = 0
    reading = asyncio.create_task(selection.read())
    async with asyncio.timeout(10):
        while not reading.done():
            await asyncio.sleep(0)
            turns += 1
    assert turns > 1000, "everything else goes on"
    with pytest.raises(SelectionError):
        await reading
    program.send_signal(signal.SIGCONT)
    assert await selection.read() == "3", (
        "its answer to the second request is not taken for that to the third"
    )


async def test_a_late_answer_is_not_taken_for_the_present_one(
    x_server: XServer, selection: X11Selection
) -> None:
    owner(x_server, "late")
    with pytest.raises(SelectionError):
        await selection.read()
    assert await selection.read() == NUMBER


async def test_an_answer_that_comes_twice_is_taken_once(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "twice")
    for count in range(1, 21):
        assert await selection.read() == str(count)


async def test_an_old_answer_that_comes_again_is_passed_over(
    x_server: XServer, selection: X11Selection
) -> None:
    owner(x_server, "answering_again")
    for _ in range(5):
        assert await selection.read() == NUMBER


async def test_nothing_is_left_where_owners_put_it(x_server: XServer, selection: X11Selection) -> None:
    long = owner(x_server, "whole_until_taken", "x" * 200_000)
    assert len(await selection.read()) == LARGEST_BYTES
    assert await line(long) == "taken"


async def test_what_an_owner_left_is_not_taken_for_what_is_selected(
    x_server: XServer, selection: X11Selection
) -> None:
    untidy = owner(x_server, "leaving_something")
    assert await selection.read() == NUMBER
    assert [await line(untidy), await line(untidy)] == ["taken", "left"]
    assert await selection.read() == ""


async def test_readings_at_the_same_time_do_not_mix(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "counting")
    counts = await asyncio.gather(*(selection.read() for _ in range(20)))
    assert [int(count) for count in counts] == list(range(1, 21))


async def test_a_reading_that_nobody_waits_for_any_more_leaves_nothing_behind(
    x_server: XServer, selection: X11Selection
) -> None:
    owner(x_server, "late")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await selection.read()
    assert await selection.read() == NUMBER


async def test_a_display_that_comes_back_is_found(x_server: XServer, selection: X11Selection) -> None:
    owner(x_server, "whole")
    assert await selection.read() == NUMBER
    x_server.kill()
    with pytest.raises(SelectionError, match="so nothing that is selected can be dialled"):
        await selection.read()
    x_server.start()
    owner(x_server, "whole", "again")
    assert await selection.read() == "again"


async def test_a_display_that_hangs_is_given_up(x_server: XServer, selection: X11Selection) -> None:
    x_server.freeze()
    async with asyncio.timeout(10):
        with pytest.raises(SelectionError, match=r"The X display .* does not answer"):
            await selection.read()
    x_server.thaw()
    assert await selection.read() == ""


@pytest.mark.parametrize(
    ("display", "words"),
    [
        (Display(), "There is no X display, so nothing that is selected can be dialled"),
        (Display(x11=":59000"), "The X display :59000 cannot be reached (Connection refused), so nothing"),
    ],
)
async def test_no_display_is_told_in_one_line(display: Display, words: str) -> None:
    async with reading(display) as selection:
        with pytest.raises(SelectionError) as failure:
            await selection.read()
    assert str(failure.value).startswith(words)
    assert "\n" not in str(failure.value)


async def test_nothing_piles_up_between_two_readings(x_server: XServer, selection: X11Selection) -> None:
    await selection.read()
    x_server.run("xmodmap", "-e", "keysym F9 = F9")  # every program is told
    requestor = selection._requestor
    assert requestor
    await requestor._connection.ask(request.GetInputFocus)
    assert requestor._news.empty()


async def test_one_connection_is_kept_and_let_go_at_the_end(x_server: XServer) -> None:
    def opened() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is enough

    before = opened()
    async with reading(x_server.display) as selection:
        for _ in range(3):
            await selection.read()
            assert opened() == before + 1
    await asyncio.sleep(0)
    assert opened() == before
