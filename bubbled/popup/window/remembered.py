"""Whereto the user dragged windows, for each layout of monitors."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bubbled.popup.window.placement import Corner, Place
from bubbled.settings.small_file import read_small_file

_MOST_LAYOUTS: Final = 20
_LARGEST_BYTES: Final = 1 << 16
_FARTHEST: Final = 100_000
"""Pixels: more than all monitors that anybody has beside each other, and few enough for Qt to count."""


class RememberedPlaces:
    """Keeps places in a file; one that cannot be read or written costs only what was remembered.

    Args:
        path: of the file; empty: they are kept for as long as the process lives.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None
        self._places = self._read()

    def get(self, layout: str) -> Place | None:
        """Give the place for a layout of monitors."""
        return self._places.get(layout)

    def put(self, layout: str, place: Place | None) -> None:
        """Remember a place, or (None) forget it."""
        self._places.pop(layout, None)
        if place is not None:
            self._places[layout] = place
        for oldest in list(self._places)[:-_MOST_LAYOUTS]:
            del self._places[oldest]
        with suppress(OSError):
            self._write()

    def _read(self) -> dict[str, Place]:
        if self._path is None:
            return {}
        try:
            return places_from_json(json.loads(read_small_file(self._path, _LARGEST_BYTES)[0]))
        except (OSError, ValueError, RecursionError):
            return {}

    def _write(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(places_json(self._places)), encoding="utf-8")
        os.replace(beside, self._path)  # noqa: PTH105 - the whole file or none of it


def places_json(places: dict[str, Place]) -> dict[str, Any]:
    """Give places as they stand in the file."""
    return {
        layout: {"monitor": place.monitor, "corner": place.corner.value, "offset": list(place.offset)}
        for layout, place in places.items()
    }


def places_from_json(shape: object) -> dict[str, Place]:
    """Read places of a file; what is none is passed over."""
    places = {}
    for layout, each in shape.items() if isinstance(shape, dict) else ():
        with suppress(KeyError, TypeError, ValueError, OverflowError):
            x, y = map(int, each["offset"])
            place = Place(str(each["monitor"]), Corner(each["corner"]), (x, y))
            if max(abs(x), abs(y)) <= _FARTHEST:
                places[str(layout)] = place
    return places
