from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bubbled.control.location import client, private_folder, socket_path
from bubbled.error import ControlError


def test_the_socket_is_in_the_runtime_folder() -> None:
    assert socket_path({"XDG_RUNTIME_DIR": "/run/user/7"}) == Path("/run/user/7/bubbled/control.sock")


@pytest.mark.parametrize("environ", [{}, {"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": "run"}])
def test_without_a_usable_runtime_folder_there_is_still_one_absolute_path(environ: dict[str, str]) -> None:
    path = socket_path(environ)
    assert path.is_absolute()
    assert path == socket_path({})


def test_only_a_socket_elsewhere_is_named_to_whoever_types_a_command() -> None:
    environ = {"XDG_RUNTIME_DIR": "/run/user/7"}
    assert client(socket_path(environ), environ) == "bubbled"
    assert client(Path("/srv/my demo/c.sock"), environ) == "bubbled --socket '/srv/my demo/c.sock'"


def test_a_new_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    private_folder(tmp_path / "bubbled")
    assert stat.S_IMODE((tmp_path / "bubbled").stat().st_mode) == 0o700


def test_an_own_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "bubbled").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ControlError, match="not a folder of your own"):
        private_folder(tmp_path / "bubbled")


def test_a_file_in_the_place_of_the_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bubbled").touch()
    with pytest.raises(ControlError, match="--socket"):
        private_folder(tmp_path / "bubbled")
