from __future__ import annotations

from pathlib import Path

import pytest

from bubbled.dialing.link.folder import Folders

HOME = Path("/home/jan")


def _order(**environ: str) -> list[str]:
    return [str(file.path) for file in Folders.of(environ, HOME).association_files()]


def test_lists_count_in_the_order_of_the_specification() -> None:
    assert _order(XDG_CURRENT_DESKTOP="ubuntu:GNOME") == [
        f"{folder}/{name}"
        for folder in (
            "/home/jan/.config",
            "/etc/xdg",
            "/home/jan/.local/share/applications",
            "/usr/local/share/applications",
            "/usr/share/applications",
        )
        for name in ("ubuntu-mimeapps.list", "gnome-mimeapps.list", "mimeapps.list")
    ]


def test_folders_may_be_elsewhere() -> None:
    assert _order(
        XDG_CONFIG_HOME="/c", XDG_CONFIG_DIRS="/e1:/e2/", XDG_DATA_HOME="/d", XDG_DATA_DIRS="/s1/:/s2"
    ) == [
        "/c/mimeapps.list",
        "/e1/mimeapps.list",
        "/e2/mimeapps.list",
        "/d/applications/mimeapps.list",
        "/s1/applications/mimeapps.list",
        "/s2/applications/mimeapps.list",
    ]


@pytest.mark.parametrize("value", ["", "relative", "./here:../there"])
def test_paths_that_are_not_absolute_do_not_count(value: str) -> None:
    names = ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_DATA_DIRS")
    assert _order(**dict.fromkeys(names, value)) == _order()


def test_a_desktop_cannot_lead_to_other_folders() -> None:
    assert Folders.of({"XDG_CURRENT_DESKTOP": ":../../tmp/x:KDE:"}, HOME).desktops == ("kde",)


def test_only_general_lists_beside_programs_may_declare() -> None:
    files = Folders.of({"XDG_CURRENT_DESKTOP": "XFCE"}, HOME).association_files()
    assert {file.path.name for file in files if file.of_one_desktop} == {"xfce-mimeapps.list"}
    assert {file.path.parent.name for file in files if file.beside_programs} == {"applications"}
