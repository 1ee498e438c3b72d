"""A virtual display, read from its pixels."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.popup.screens.conftest import SessionBus

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
SCALE = 3  # what the reader of pixels likes
_PICTURE_PIXELS = 100

# As they come, but for the font, which the reader must know: dunst's own strikes its zeros through.
SETTINGS = {
    "dunst/dunstrc": "[global]\nmarkup = full\nfont = DejaVu Sans 11\n",
    "gtk-3.0/settings.ini": "[Settings]\ngtk-font-name = DejaVu Sans 11\n",
}

# Where Debian keeps programs that nobody starts by hand.
ASIDE = (
    "/usr/lib/x86_64-linux-gnu/xfce4/notifyd",
    "/usr/lib/mate-notification-daemon",
    "/usr/lib/x86_64-linux-gnu/libexec",
)


def program(name: str) -> str:
    path = shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *ASIDE)))
    return path or pytest.fail(f"{name} is missing; scripts/setup installs it")


async def output(
    *command: str, given: bytes | None = None, environment: Mapping[str, str] | None = None
) -> bytes:
    # In a thread, because a test that gives up waiting must not leave half a process behind.
    done = await asyncio.to_thread(
        subprocess.run,
        [program(command[0]), *command[1:]],
        input=given,
        env=environment,
        capture_output=True,
        check=True,
    )
    return done.stdout


@dataclass
class Display:
    """A virtual display and eyes that read it."""

    process: subprocess.Popen[bytes]
    is_dark: bool = False  # light letters on grey, which the reader takes for a picture

    async def words(self) -> list[tuple[str, int, int]]:
        """What can be read, each word with its place in pixels."""
        picture = await output(
            "import", "-window", "root", "-colorspace", "Gray", "-resize", f"{SCALE}00%", "png:-"
        )
        if self.is_dark:
            picture = await output("convert", "-", "-negate", "-level", "30%,70%", "png:-", given=picture)
        table = await output("tesseract", "stdin", "stdout", "--psm", "6", "tsv", given=picture)
        rows = [line.split("\t") for line in table.decode().splitlines()[1:]]
        return [(row[11], int(row[6]) // SCALE, int(row[7]) // SCALE) for row in rows if row[11].strip()]

    async def text(self) -> str:
        return " ".join(word for word, _, _ in await self.words()).replace("—", "--")

    async def reads(self, *there: str, gone: tuple[str, ...] = ()) -> None:
        """Wait until all of this can be read, and none of what should have gone."""

        def fits(text: str) -> bool:
            # In small letters, because the reader takes a small w for a large one and the reverse.
            read = text.lower()
            return all(p.lower() in read for p in there) and not any(p.lower() in read for p in gone)

        await self._until(fits, f"{there} without {gone}")

    async def is_empty(self) -> None:
        await self._until(lambda text: not text, "nothing")

    async def _until(self, fits: Callable[[str], bool], wanted: str) -> None:
        patience = time.monotonic() + 20
        while not fits(text := await self.text()):
            assert time.monotonic() < patience, f"waited for {wanted}, saw: {text}"

    async def click(self, wanted: str, *, button: int = 1) -> None:
        """Click on a word; where it stands several times, on the lowest: buttons are below."""
        *_, (x, y) = ((x, y) for word, x, y in await self.words() if word == wanted)
        await output("xdotool", "mousemove", str(x), str(y), "click", str(button))

    async def choose(self, entry: str) -> None:
        """Pick an entry of dmenu's, by its first letters."""
        await output("xdotool", "search", "--sync", "--onlyvisible", "--class", "dmenu")
        await output("xdotool", "type", entry)
        await output("xdotool", "key", "Return")

    def kill(self) -> None:
        """End it as a crash does, with all that it shows."""
        self.process.kill()
        self.process.wait()

    async def shows(self, colour: str) -> bool:
        """Whether a picture of one colour is somewhere, whatever size it was given."""
        mask = ("-fill", "black", "+opaque", colour, "-fill", "white", "-opaque", colour)
        picture = await output("import", "-window", "root", "png:-")
        mean = await output("convert", "-", *mask, "-format", "%[fx:mean*w*h]", "info:", given=picture)
        return float(mean) > _PICTURE_PIXELS

    async def keep(self, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        await output("import", "-window", "root", "-trim", str(ARTIFACTS / name))


@contextmanager
def virtual_display(folder: Path, monkeypatch: pytest.MonkeyPatch, size: str) -> Iterator[Display]:
    """Run one of that width and height in pixels, and tell every program of it by its environment."""
    reader, writer = os.pipe()
    screen = ["-screen", "0", f"{size}x24"]
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [program("Xvfb"), "-displayfd", str(writer), *screen, "-nolisten", "tcp", "-wr"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writer)
        with os.fdopen(reader) as number:
            environment = {
                "DISPLAY": f":{number.readline().strip()}",
                "HOME": str(folder),  # no settings of whoever runs the tests
                "XDG_CONFIG_HOME": str(folder),
                "NO_AT_BRIDGE": "1",
                "OMP_THREAD_LIMIT": "1",
            }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        for name, text in SETTINGS.items():
            (folder / name).parent.mkdir()
            (folder / name).write_text(text, encoding="utf-8")
        try:
            yield Display(server)
        finally:
            server.terminate()


@pytest.fixture
def display(tmp_path: Path, session_bus: "SessionBus", monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    assert session_bus.address
    with virtual_display(tmp_path, monkeypatch, "760x420") as one:
        yield one


@pytest.fixture
def wide_display(
    tmp_path: Path, session_bus: "SessionBus", monkeypatch: pytest.MonkeyPatch
) -> Iterator[Display]:
    """One on which a whole desktop has room."""
    assert session_bus.address
    with virtual_display(tmp_path, monkeypatch, "1000x640") as one:
        yield one
