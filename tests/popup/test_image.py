import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.image import LARGEST_BYTES, WIDEST, content, pixels


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
def test_whatever_a_file_holds_is_looked_at_without_harm(image: bytes) -> None:
    pixels(image)


@pytest.mark.parametrize("cut", range(0, len(jpeg(64, 48, b"EXIF")) - 100, 3))
def test_a_picture_that_was_cut_off_early_has_no_size(cut: int) -> None:
    assert pixels(jpeg(64, 48, b"EXIF")[:cut]) is None


def test_a_photo_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "jan.jpg").write_bytes(jpeg(WIDEST, WIDEST))
    assert content(tmp_path / "jan.jpg")


@pytest.mark.parametrize(
    "image",
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
def test_what_could_harm_who_shows_it_cannot(tmp_path: Path, image: bytes) -> None:
    (tmp_path / "picture").write_bytes(image)
    assert not content(tmp_path / "picture")


def test_what_is_no_file_to_read_cannot(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("pipe", "dangling", "missing", "", "n\0l", "x" * 5000):
        assert not content(tmp_path / name)
    assert not content(Path("/dev/zero"))
