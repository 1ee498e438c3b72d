"""Links as programs of the desktop hand them on: to a stand-in for bubbled that tells what it was given."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.link.registration import install, remove, states
from bubbled.dialing.link.scheme import Scheme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dialing.link.conftest import UserDesktop

pytestmark = pytest.mark.desktop

LINKS = (
    "tel:+31201234567",
    "callto:0201234567",
    "sip:0201234567@pbx.example.com;user=phone",
    "tel:+31 20 123 45 67",
    "tel:--help",
    "tel:",
    "tel:$(touch x)",
    "tel:`touch x`",
    "tel:; touch x #",
    "tel:1|touch x&touch x>x",
    """tel:"'"'" touch x '""",
    "tel:%u %F %% %2B31",
    "tel:\\n\\\\",
    "tel:*?[a-z]~$HOME",
    "tel:Zoë 李 🙂",
    "tel:" + "0" * 10_000,
)


@dataclass
class Opening:
    """Opens links with programs of the desktop, on a desktop that bubbled was installed on."""

    desktop: UserDesktop
    told: Path
    """A named pipe, into which the stand-in writes its arguments."""
    empty: Path
    """Where everything happens; a link that is executed leaves something here."""

    async def ask(self, *command: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # xdg-open asks only whether there is a display, and opens nothing without.
            env=self.desktop.environ | {"PATH": os.environ["PATH"], "DISPLAY": ":0", "LANG": "C.UTF-8"},
            cwd=self.empty,
        )
        async with asyncio.timeout(20):
            out, _ = await process.communicate()
        return out.decode()

    async def open(self, *command: str) -> list[str]:
        """Give the arguments that arrived."""
        reader = asyncio.StreamReader()
        pipe = os.fdopen(os.open(self.told, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            said = await self.ask(*command)
            async with asyncio.timeout(20):
                arrived = await reader.read()
        except TimeoutError:
            pytest.fail(f"nothing was started: {said}")
        finally:
            transport.close()
        return arrived.decode().split("\0")[:-1]


def _tells_its_arguments(program: Path, told: Path) -> Path:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" > '{told}'\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def opening(desktop: UserDesktop, stand_in: Path) -> Opening:
    """A desktop without a name, so that xdg-open does it all itself."""
    desktop.current = "X-Generic"
    told, empty = desktop.root / "told", desktop.root / "empty"
    os.mkfifo(told)
    empty.mkdir()
    install(desktop.folders, [str(_tells_its_arguments(stand_in, told))], list(Scheme))
    return Opening(desktop, told, empty)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link[:24])
@pytest.mark.parametrize("command", [("xdg-open",), ("gio", "open")], ids=" ".join)
async def test_a_link_arrives_as_one_untouched_argument(
    opening: Opening, command: tuple[str, ...], link: str
) -> None:
    assert await opening.open(*command, link) == ["dial", "--url", link]
    assert list(opening.empty.iterdir()) == []


@pytest.mark.parametrize("name", ["my apps", "it's", 'a "b" $HOME `id` \\c', "(x)&;|<>*?#~", "zoë"])
async def test_glib_starts_a_bubbled_whatever_its_folder_is_called(opening: Opening, name: str) -> None:
    program = _tells_its_arguments(opening.desktop.root / name / "bubbled", opening.told)
    install(opening.desktop.folders, [str(program)], list(Scheme))
    assert await opening.open("gio", "open", "tel:1") == ["dial", "--url", "tel:1"]


async def test_desktop_programs_see_what_we_see(opening: Opening) -> None:
    for scheme in Scheme:
        assert (
            await opening.ask("xdg-mime", "query", "default", scheme.mime_type) == "bubbled-links.desktop\n"
        )
        about = await opening.ask("gio", "mime", scheme.mime_type)
        assert f"Default application for “{scheme.mime_type}”: bubbled-links.desktop" in about


async def test_the_desktop_entry_is_valid(opening: Opening) -> None:
    (entry,) = (opening.desktop.root / "data" / "applications").glob("*.desktop")
    assert await opening.ask("desktop-file-validate", str(entry)) == ""


async def test_the_index_of_programs_follows(opening: Opening) -> None:
    index = opening.desktop.root / "data" / "applications" / "mimeinfo.cache"
    assert "\nx-scheme-handler/tel=bubbled-links.desktop;\n" in index.read_text()
    remove(opening.desktop.folders)
    assert "bubbled" not in index.read_text()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_the_program_before_opens_links_again(
    desktop: UserDesktop, stand_in: Path, line_end: str
) -> None:
    desktop.current = "X-Generic"
    opening = Opening(desktop, desktop.root / "told", desktop.root)
    desktop.program("linphone")
    desktop.mimeapps.parent.mkdir()
    lines = ("[Default Applications]", "x-scheme-handler/tel=linphone.desktop;", "")
    desktop.mimeapps.write_bytes(line_end.join(lines).encode())
    query = ("xdg-mime", "query", "default", Scheme.TEL.mime_type)

    install(desktop.folders, [str(stand_in)], list(Scheme))
    assert await opening.ask(*query) == "bubbled-links.desktop\n"
    remove(desktop.folders)
    assert await opening.ask(*query) == "linphone.desktop\n"


async def test_what_xdg_mime_chooses_instead_we_see_and_survive(opening: Opening) -> None:
    opening.desktop.program("linphone")
    await opening.ask("xdg-mime", "default", "linphone.desktop", Scheme.TEL.mime_type)
    tel, *others = states(opening.desktop.folders)
    assert tel.opener
    assert tel.opener.program == "linphone.desktop"
    assert all(other.by_bubbled for other in others)

    remove(opening.desktop.folders)
    assert await opening.ask("xdg-mime", "query", "default", Scheme.TEL.mime_type) == "linphone.desktop\n"


async def test_what_glib_chooses_instead_we_see_and_survive(opening: Opening) -> None:
    opening.desktop.program("linphone", "MimeType=x-scheme-handler/tel;")
    await opening.ask("gio", "mime", Scheme.TEL.mime_type, "linphone.desktop")
    tel, *others = states(opening.desktop.folders)
    assert tel.opener
    assert tel.opener.program == "linphone.desktop"
    assert all(other.by_bubbled for other in others)

    install(opening.desktop.folders, [str(opening.desktop.root / "bin" / "bubbled")], list(Scheme))
    about = await opening.ask("gio", "mime", Scheme.TEL.mime_type)
    assert "bubbled-links.desktop" in about.splitlines()[0]
    remove(opening.desktop.folders)
    assert "linphone.desktop" in await opening.ask("gio", "mime", Scheme.TEL.mime_type)
    assert b"bubbled" not in opening.desktop.mimeapps.read_bytes()
