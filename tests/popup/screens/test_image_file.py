from pathlib import Path

import pytest

from bubbled.popup.screens.image_file import usable
from tests.popup.test_image import PNG


@pytest.mark.parametrize("name", ["avatar-default", "org.kde.phone", "user_1+2"])
async def test_an_icon_of_the_theme_goes_by_its_name(name: str) -> None:
    assert await usable(name) == name


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "http://evil/x.png", "file:///etc/passwd", "a b", "-w"]
)
async def test_what_is_neither_a_path_nor_a_name_is_left_out(name: str) -> None:
    assert await usable(name) == ""


async def test_a_path_is_taken_when_there_is_a_picture(tmp_path: Path) -> None:
    photo = str(tmp_path / "Jan.png")
    assert await usable(photo) == ""
    Path(photo).write_bytes(PNG)  # noqa: ASYNC240 - a few bytes
    assert await usable(photo) == photo
