"""The picture of `bubbled setup` in a terminal: the whole dialogue with the demo PBX, as tmux shows it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.async_api import async_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bubbled.pbx.demo import CONTACTS, DemoPbx
from tests.cli.setup.tmux import Tmux
from tests.web.browsing import CHROMIUM
from tests.web.pictures.camera import shrink
from tests.web.pictures.office import home

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHEET: Final = (
    "<body style='margin:0'><pre style='margin:0;padding:14px 18px;width:max-content;"
    "font:14px/1.35 DejaVu Sans Mono,monospace;color:{foreground};background:{background}'>{code}</pre>"
)
_COLUMNS: Final = 110

_DIALOGUE: Final[Mapping[str, str]] = {
    "Your choice": "",
    "Name or address of the PBX": "localhost",
    "Name of the manager account": "bubbled",
    "Its secret": "made-up",
    "Your extension": "101",
    "Your country": "NL",
    "Your choice [file]": "",
    "Path of the file": "customers.csv",
    "What shall it be called": "",
    "A phone number": "06 12345678",
}
"""What is asked, in this order, and what is answered."""


async def picture_of_setup(images: Path) -> None:
    """Answer all questions but the last, and take the picture."""
    with home("en") as (folder, _):
        shutil.copy(CONTACTS, folder / "customers.csv")
        async with DemoPbx(port=5038, secret="made-up"):
            terminal = await Tmux.start(folder / "tmux", _environment(folder), _command(folder))
            try:
                for question, answer in _DIALOGUE.items():
                    await terminal.answers(question, answer)
                await terminal.asks("Write the settings into")
                shown = await terminal._ask("capture-pane", "-e", "-p", "-S", "-1000")
            finally:
                await terminal.close()
    await shrink(await _drawn(shown.rstrip()), images / "setup-terminal.png")


def _environment(folder: Path) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "LANG": "en_GB.UTF-8",
        "TZ": "Europe/Amsterdam",
        "TERM": "xterm-256color",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }


def _command(folder: Path) -> list[str]:
    left_out = ("--no-service", "--no-links", "--no-test")
    return ["env", "-C", str(folder), sys.executable, "-m", "bubbled", "setup", *left_out]


async def _drawn(shown: str) -> bytes:
    """Draw what a terminal shows, with its colours."""
    console = Console(record=True, width=_COLUMNS, file=Path(os.devnull).open("w"))  # noqa: ASYNC230, SIM115 - the null device
    console.print(Text.from_ansi(f"$ bubbled setup\n{shown}"), soft_wrap=True)
    sheet = console.export_html(theme=MONOKAI, inline_styles=True, code_format=_SHEET)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.set_content(sheet)
        picture = await page.locator("pre").screenshot()
        await browser.close()
    return picture
