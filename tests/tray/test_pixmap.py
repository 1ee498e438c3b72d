from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from bubbled.tray import pixmap
from bubbled.tray.icon import Icon
from bubbled.tray.pixmap import SIZES, pixmaps

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("icon", Icon)
def test_each_icon_is_there_in_every_size(icon: Icon) -> None:
    assert [(width, height, len(argb)) for width, height, argb in pixmaps(icon)] == [
        (size, size, 4 * size * size) for size in SIZES
    ]


def test_the_bytes_are_alpha_red_green_blue() -> None:
    width, _, argb = pixmaps(Icon.CONNECTED)[-1]
    corner, body = argb[:4], argb[4 * (width * (width // 6) + width // 2) :][:4]
    assert corner[0] == 0
    assert tuple(body) == (255, 0x2F, 0x7F, 0xE0)


@pytest.mark.parametrize("size", SIZES)
def test_the_icons_differ_in_shape_and_not_only_in_colour(size: int) -> None:
    shapes = {icon: next(argb[::4] for width, _, argb in pixmaps(icon) if width == size) for icon in Icon}
    for one, other in itertools.combinations(Icon, 2):
        different = sum(abs(a - b) > 64 for a, b in zip(shapes[one], shapes[other], strict=True))
        assert different > size * size * 0.04, (one, other)


def test_icons_that_are_gone_cost_only_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixmap, "ICONS", tmp_path)
    pixmaps.cache_clear()
    assert pixmaps(Icon.MUTED) == []
    pixmaps.cache_clear()
