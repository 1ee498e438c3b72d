import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.screens.image_file import LARGEST_BYTES, WIDEST, is_fit, pixels, usable


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(100)


def jpeg(width: int, height: int, *before: bytes) -> bytes:
    segments = b"".join(b"\xff\xe0" + struct.pack(">H", 2 + len(data)) + data for data in before)
    return b"\xff\xd8" + segments + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(100)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(100)


PNG = png(64, 48)


@pytest.mark.parametrize("image", [png(64, 48), jpeg(64, 48), jpeg(64, 48, b"EXIF" * 99, b""), gif(64, 48)])
def test_the_size_is_read_from_the_head(image: bytes) -> None:
    assert pixels(image) == (64, 48)


@given(st.binary() | st.binary().map(lambda tail: b"\xff\xd8" + tail))
def test_whatever_a_file_holds_is_looked_at_without_harm(content: bytes) -> None:
    pixels(content)


@pytest.mark.parametrize("cut", range(0, len(jpeg(64, 48, b"EXIF")) - 100, 3))
def test_a_picture_that_was_cut_off_early_has_no_size(cut: int) -> None:
    assert pixels(jpeg(64, 48, b"EXIF")[:cut]) is None


def test_a_photo_is_fit(tmp_path: Path) -> None:
    (tmp_path / "jan.jpg").write_bytes(jpeg(WIDEST, WIDEST))
    assert is_fit(tmp_path / "jan.jpg")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        png(WIDEST + 1, 1),
        png(1, 2**32 - 1),
        png(0, 0),
        PNG + bytes(LARGEST_BYTES),
    ],
    ids=["empty", "no picture", "wide", "high", "nothing", "large"],
)
def test_what_could_harm_a_server_is_not(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "picture").write_bytes(content)
    assert not is_fit(tmp_path / "picture")


def test_what_is_no_file_to_read_is_not(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("pipe", "dangling", "missing", "", "n\0l", "x" * 5000):
        assert not is_fit(tmp_path / name)
    assert not is_fit(Path("/dev/zero"))


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
