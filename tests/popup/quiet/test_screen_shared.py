"""With a real PipeWire, in which a test picture stands for that of the screen."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from bubbled.popup.quiet.screen_shared import ScreenShared
from tests.popup.quiet.told import following

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bubbled.popup.quiet.port import OnChanged

CONFIGURATION = """
context.properties = { core.daemon = true core.name = pipewire-0 support.dbus = false }
context.spa-libs = { support.* = support/libspa-support videotestsrc = videotestsrc/libspa-videotestsrc }
context.modules = [
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-access }
]
"""


def screen_shared(on_changed: OnChanged) -> ScreenShared:
    return ScreenShared(on_changed, retry_s=0.05)


def program(name: str) -> str:
    return shutil.which(name) or pytest.fail(f"{name} is missing; scripts/setup installs it")


class PipeWire:
    """A daemon of its own, and one program that gives it a picture for as long as it runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "pipewire.conf").write_text(CONFIGURATION)
        self._daemon: subprocess.Popen[bytes] | None = None
        self._source: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._daemon = self._begin("pipewire", "-c", str(self._folder / "pipewire.conf"))
        while not (self._folder / "pipewire-0").exists():
            assert self._daemon.poll() is None

    def share(self, properties: str) -> None:
        self._source = self._begin("pw-cli")
        assert self._source.stdin
        self._source.stdin.write(
            f"create-node spa-node-factory factory.name=videotestsrc {properties}\n".encode()
        )
        self._source.stdin.flush()

    def unshare(self) -> None:
        self._end(self._source)

    def kill(self) -> None:
        self._end(self._daemon)

    def end(self) -> None:
        self._end(self._source)
        self._end(self._daemon)

    def _begin(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [program(name), *arguments],
            env=os.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _end(self, process: subprocess.Popen[bytes] | None) -> None:
        if process is not None:
            process.kill()
            with process:  # waits for it and closes its pipes
                pass


@pytest.fixture
def pipewire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeWire]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    daemon = PipeWire(tmp_path)
    yield daemon
    daemon.end()


SCREEN = "node.name=gnome-shell media.class=Stream/Output/Video"


@pytest.mark.desktop
async def test_the_screen_is_shared_and_no_longer(pipewire: PipeWire) -> None:
    pipewire.start()
    async with following(screen_shared) as told:
        pipewire.share(SCREEN)
        await told.says(is_quiet=True)
        pipewire.unshare()
        await told.says(is_quiet=False)


@pytest.mark.desktop
async def test_a_pipewire_that_begins_later_and_ends(pipewire: PipeWire) -> None:
    async with following(screen_shared) as told:
        await told.has_trouble("No PipeWire runs")
        pipewire.start()
        pipewire.share(SCREEN)
        await told.says(is_quiet=True)
        await told.has_trouble(None)
        pipewire.kill()
        await told.says(is_quiet=False)
        await told.has_trouble("No PipeWire runs")


async def test_nonsense_shares_nothing_and_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried = tmp_path / "tried"
    (tmp_path / "pw-dump").write_text(f"#!/bin/sh\necho once >> {tried}\necho x\necho ]\n")
    (tmp_path / "pw-dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    async with following(screen_shared) as told, asyncio.timeout(20):
        while not tried.exists() or len(tried.read_text().split()) < 2:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.005)
        assert told.is_quiet is None


async def test_without_the_program_that_tells_this_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with following(screen_shared) as told:
        await told.has_trouble("pw-dump")
