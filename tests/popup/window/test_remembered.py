from pathlib import Path

import pytest

from bubbled.popup.window.placement import Corner, Place
from bubbled.popup.window.remembered import RememberedPlaces

DESK, ROAD = "HDMI-1 1920x1080+0+0", "eDP-1 1280x800+0+0"
PLACE = Place("HDMI-1", Corner.TOP_LEFT, (40, 50))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "window-place.json"


def test_a_place_is_remembered_for_its_monitors_and_after_a_restart(file: Path) -> None:
    RememberedPlaces(str(file)).put(DESK, PLACE)
    again = RememberedPlaces(str(file))
    assert again.get(DESK) == PLACE
    assert again.get(ROAD) is None


def test_it_can_be_forgotten(file: Path) -> None:
    places = RememberedPlaces(str(file))
    places.put(DESK, PLACE)
    places.put(DESK, None)
    assert RememberedPlaces(str(file)).get(DESK) is None


def test_only_the_latest_layouts_are_kept(file: Path) -> None:
    places = RememberedPlaces(str(file))
    for number in range(30):
        places.put(str(number), PLACE)
    again = RememberedPlaces(str(file))
    assert again.get("9") is None
    assert again.get("10") == again.get("29") == PLACE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"x": 1}',
        b'{"HDMI-1 1920x1080+0+0": {"monitor": "x", "corner": "middle"}}',
        b'{"HDMI-1 1920x1080+0+0": {"monitor": "x", "corner": "top-left", "offset": [Infinity, 0]}}',
        b'{"HDMI-1 1920x1080+0+0": {"monitor": "x", "corner": "top-left", "offset": [0, -1e30]}}',
        b" " * 100_000 + b"{}",
        b"[" * 9999,
    ],
)
def test_a_broken_file_costs_only_what_was_remembered(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    places = RememberedPlaces(str(file))
    assert places.get(DESK) is None
    places.put(DESK, PLACE)
    assert RememberedPlaces(str(file)).get(DESK) == PLACE


def test_a_place_that_cannot_be_written_holds_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    places = RememberedPlaces(str(tmp_path / "state" / "window-place.json"))
    places.put(DESK, PLACE)
    assert places.get(DESK) == PLACE
    assert RememberedPlaces("").get(DESK) is None
