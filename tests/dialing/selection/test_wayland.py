"""The Wayland selection with a real compositor (sway), real owners (wl-copy) and the real wl-paste."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.selection.port import (
    LARGEST_BYTES,
    NO_DISPLAY,
    NO_PRIMARY,
    NO_PROGRAM,
    SILENT,
    SelectionError,
)
from bubbled.dialing.selection.wayland import WaylandSelection
from tests.dialing.wayland_sway import Sway, running_sway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.desktop


@pytest.fixture(scope="module")
def sway() -> Iterator[Sway]:
    with running_sway() as desktop:
        yield desktop


@pytest.fixture
def selection(sway: Sway) -> WaylandSelection:
    environment = sway.environment
    return WaylandSelection(environment["WAYLAND_DISPLAY"], environment["XDG_RUNTIME_DIR"])


async def test_what_is_selected_is_read_as_it_is(sway: Sway, selection: WaylandSelection) -> None:
    for text in ("+31 (0)20 123 45 67", "Jos\u00e9: 020\u2011123\n\ttwo lines\r\n", "--help"):
        sway.select(text)
        assert await selection.read() == text


async def test_nothing_selected_is_an_empty_text(sway: Sway, selection: WaylandSelection) -> None:
    sway.clear()
    assert await selection.read() == ""


async def test_a_picture_is_nothing_to_dial(sway: Sway, selection: WaylandSelection) -> None:
    sway.select(b"\x89PNG 0612345678", kind="image/png")
    assert await selection.read() == ""


@pytest.mark.parametrize("kind", ["text/plain", "UTF8_STRING", "STRING"])
async def test_old_names_of_text_are_understood(sway: Sway, selection: WaylandSelection, kind: str) -> None:
    sway.select("0612345678", kind=kind)
    assert await selection.read() == "0612345678"


async def test_bytes_that_are_no_text_are_marked(sway: Sway, selection: WaylandSelection) -> None:
    sway.select(b"06\xff12\x00")
    assert await selection.read() == "06\ufffd12\x00"


async def test_of_a_long_text_only_the_beginning_is_read(sway: Sway, selection: WaylandSelection) -> None:
    sway.select("0123456789" * 500_000)
    assert await selection.read() == ("0123456789" * LARGEST_BYTES)[:LARGEST_BYTES]


async def test_an_owner_that_hangs_is_given_up_and_nothing_is_left_behind(
    sway: Sway, selection: WaylandSelection
) -> None:
    owner = sway.select("0612345678")
    before = sway.clients()
    owner.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(SelectionError, match=SILENT):
            await selection.read()
        assert sway.clients() == before
    finally:
        owner.send_signal(signal.SIGCONT)
    assert await selection.read() == "0612345678"


async def test_whoever_gives_up_waiting_leaves_nothing_behind(
    sway: Sway, selection: WaylandSelection
) -> None:
    owner = sway.select("0612345678")
    before = sway.clients()
    owner.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await selection.read()
        assert sway.clients() == before
    finally:
        owner.send_signal(signal.SIGCONT)


async def test_two_readings_at_once_do_not_disturb_each_other(
    sway: Sway, selection: WaylandSelection
) -> None:
    sway.select("0612345678")
    first, second = await asyncio.gather(selection.read(), selection.read())
    assert first == second == "0612345678"


@pytest.mark.parametrize("display", [None, "", "wayland-9"])
async def test_a_display_that_is_not_there_is_told(display: str | None, tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=NO_DISPLAY):
        await WaylandSelection(display, str(tmp_path)).read()


async def test_a_missing_program_is_told(
    selection: WaylandSelection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SelectionError, match=NO_PROGRAM):
        await selection.read()


@pytest.fixture
def let_it_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Put a wl-paste in place that fails with these words.

    They are those of wl-clipboard 2.1 to 2.3, of which only one can be installed, on other desktops too.
    """
    program = tmp_path / "wl-paste"
    program.write_text(f"#!/bin/sh\ncat '{tmp_path}/words' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return (tmp_path / "words").write_text


@pytest.mark.parametrize(
    "words",
    [
        "Nothing is copied\n",
        'Clipboard content is not available as requested type "text"\nUse "wl-paste --list-types" to view\n',
    ],
)
async def test_a_later_wl_paste_has_nothing_either(
    selection: WaylandSelection, let_it_say: Callable[[str], object], words: str
) -> None:
    let_it_say(words)
    assert await selection.read() == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("The compositor does not seem to support primary selection\n", NO_PRIMARY),
        ("wl-clipboard was built without primary selection support\n", NO_PRIMARY),
        ("Missing a seat\x1b\n", "wl-paste says 'Missing a seat'"),
    ],
)
async def test_a_desktop_without_a_selection_is_told(
    selection: WaylandSelection, let_it_say: Callable[[str], object], words: str, told: str
) -> None:
    let_it_say(words)
    with pytest.raises(SelectionError, match=told):
        await selection.read()
