from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.action.port import Trouble
from bubbled.action.readiness import Need, lacking

if TYPE_CHECKING:
    from pathlib import Path


def told(
    environment: dict[str, str], *needs: Need, programs: tuple[str, ...] = ()
) -> list[tuple[Trouble, str]]:
    return [(each.trouble, each.about) for each in lacking(needs, programs, environment)]


def folder_with(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).touch(0o755)
    return str(folder)


def test_nothing_is_lacking_where_all_is_there(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "gio", "wl-copy", "kdialog", "shop")
    desktop = {"PATH": path, "WAYLAND_DISPLAY": "wayland-0"}
    assert told(desktop, *Need, programs=("shop", str(tmp_path / "shop"))) == []


def test_each_thing_that_is_lacking_is_told(tmp_path: Path) -> None:
    desktop = {"PATH": folder_with(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}
    assert told(desktop, *Need, programs=("shop",)) == [
        (Trouble.NO_OPENER, ""),
        (Trouble.NO_CLIPBOARD, "wl-copy"),
        (Trouble.NOBODY_ASKS, ""),
        (Trouble.NO_PROGRAM, "shop"),
    ]


def test_x11_needs_no_program_to_copy_and_nothing_is_told_that_nobody_needs(tmp_path: Path) -> None:
    path = folder_with(tmp_path)
    assert told({"PATH": path, "DISPLAY": ":0"}, Need.COPY) == []
    assert told({"PATH": path}) == []
    assert told({"PATH": path}, Need.COPY) == [(Trouble.NO_DESKTOP, "")]
