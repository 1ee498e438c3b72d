from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bubbled.cli.open import PAGES
from bubbled.error import ControlError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk

ADDRESS = "http://127.0.0.1:4711/enter?token=t&to="


def a_program(folder: Path, name: str, script: str) -> str:
    """A program of the desktop; gives the PATH on which it is found, and nothing else that opens anything."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)
    return str(folder)


@pytest.mark.parametrize(
    ("arguments", "path"), [((), "/"), *(((name,), path) for name, path in PAGES.items())]
)
async def test_the_address_of_a_page_is_printed(
    bubbled: Bubbled, served: Path, arguments: tuple[str, ...], path: str
) -> None:
    ended = await bubbled("--socket", served, "open", *arguments, "--print")
    assert (ended.status, ended.out, ended.err) == (0, f"{ADDRESS}{path}\n", "")


async def test_programs_are_told_in_json(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "open", "calls", "--json")
    assert (ended.status, ended.out) == (0, f'{{"url": "{ADDRESS}/history"}}\n')


@pytest.mark.parametrize(
    ("name", "words"), [("xdg-open", (f"{ADDRESS}/",)), ("gio", ("open", f"{ADDRESS}/"))]
)
async def test_the_desktop_opens_it(
    bubbled: Bubbled, served: Path, tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    opened = tmp_path / "opened"
    path = a_program(tmp_path / "bin", name, f'printf "%s\\n" "$@" > {opened}')
    ended = await bubbled("--socket", served, "open", PATH=path)
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert opened.read_text().splitlines() == list(words)


async def test_a_browser_that_stays_is_left_to_itself(bubbled: Bubbled, served: Path, tmp_path: Path) -> None:
    end, ended_well = tmp_path / "end", tmp_path / "ended"
    os.mkfifo(end)
    path = a_program(tmp_path / "bin", "xdg-open", f"read line < {end}; echo ended > {ended_well}")
    os.mkfifo(ended_well)
    ended = await bubbled("--socket", served, "open", PATH=path)
    assert (ended.status, ended.err) == (0, "")
    end.write_text("now\n")  # it waits for a reader: the browser lives
    assert ended_well.read_text() == "ended\n"


async def test_where_no_browser_opens_it_is_said_what_to_do(
    bubbled: Bubbled, served: Path, tmp_path: Path
) -> None:
    path = a_program(tmp_path / "bin", "xdg-open", "exit 3")
    ended = await bubbled("--socket", served, "open", PATH=path)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("bubbled: The desktop opened no browser; `bubbled open --print` gives")


async def test_without_a_program_that_opens_addresses_it_is_said_what_to_do(
    bubbled: Bubbled, served: Path, tmp_path: Path
) -> None:
    ended = await bubbled("--socket", served, "open", PATH=str(tmp_path))
    assert ended.status == 1
    assert ended.err.startswith(
        "bubbled: No program opens addresses here (xdg-open, of the package xdg-utils"
    )


async def test_what_the_daemon_refuses_is_said(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("The pages are switched off; switch them on.")
    ended = await bubbled("--socket", served, "open")
    assert (ended.status, ended.err) == (1, "bubbled: The pages are switched off; switch them on.\n")


async def test_a_page_that_there_is_not_is_wrong_usage(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "open", "//evil.example")
    assert ended.status == 2
    assert "//evil.example" in ended.err
