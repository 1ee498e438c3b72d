"""With a real sway and a window on it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.quiet.full_screen import FullScreen
from bubbled.popup.quiet.sway import fills_a_screen
from tests.dialing.wayland_sway import program, running_sway
from tests.popup.quiet.told import following

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.popup.quiet.port import OnChanged
    from tests.dialing.wayland_sway import Sway


def full_screen(on_changed: OnChanged) -> FullScreen:
    return FullScreen(on_changed, retry_s=0.05)


@pytest.fixture
def sway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    with running_sway() as sway:
        for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, sway.environment[name])
        monkeypatch.delenv("DISPLAY", raising=False)
        yield sway


def command(sway: Sway, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [program("swaymsg"), *words], env=sway.environment, capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.fixture
def window(sway: Sway) -> Iterator[subprocess.Popen[bytes]]:
    """Has the focus."""
    process = subprocess.Popen(  # noqa: S603 - see above
        [program("zenity"), "--info", "--title", "slides"],
        env=sway.environment | {"GDK_BACKEND": "wayland"},
        stderr=subprocess.DEVNULL,
    )
    while '"name": "slides"' not in command(sway, "-t", "get_tree"):
        assert process.poll() is None
    yield process
    process.kill()
    process.wait()


@pytest.mark.desktop
async def test_a_window_fills_the_screen_and_does_so_no_longer(
    sway: Sway, window: subprocess.Popen[bytes]
) -> None:
    async with following(full_screen) as told:
        command(sway, "fullscreen", "enable")
        await told.says(is_quiet=True)
        assert told.source.trouble is None
        command(sway, "fullscreen", "disable")
        await told.says(is_quiet=False)
        command(sway, "fullscreen", "enable")
        await told.says(is_quiet=True)
        window.kill()
        await told.says(is_quiet=False)


@pytest.mark.desktop
@pytest.mark.usefixtures("window")
async def test_a_sway_that_ends_leaves_no_quiet_behind(sway: Sway) -> None:
    command(sway, "fullscreen", "enable")
    async with following(full_screen) as told:
        await told.says(is_quiet=True)
        sway.process.kill()
        await told.says(is_quiet=False)
        await told.has_trouble("")


def node(*inner: dict[str, Any], focused: bool = False, full: int = 0, kind: str = "con") -> dict[str, Any]:
    return {
        "type": kind,
        "focused": focused,
        "fullscreen_mode": full,
        "nodes": list(inner),
        "floating_nodes": [],
    }


@pytest.mark.parametrize(
    ("tree", "fills"),
    [
        (node(node(focused=True)), False),
        (node(node(focused=True, full=1)), True),
        (node(node(node(focused=True), full=2)), True),
        (node(node(full=1), node(focused=True)), False),
        (node(), False),
        (node(node(focused=True), full=1, kind="workspace"), False),
        (node(focused=True, full=1, kind="workspace"), False),
        ({"floating_nodes": [node(focused=True, full=1)]}, True),
    ],
)
def test_what_counts_is_where_the_focus_is(tree: dict[str, Any], *, fills: bool) -> None:
    assert fills_a_screen(tree) is fills


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nodes", "floating_nodes", "focused", "fullscreen_mode", "type"]), inner
        )
    ),
)


@given(values)
def test_whatever_is_told_there_is_an_answer(tree: Any) -> None:
    assert fills_a_screen(tree) in {True, False}
