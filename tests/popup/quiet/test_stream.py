import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.popup.quiet import stream
from bubbled.popup.quiet.stream import Streams, UnreadableListError


def node(number: int, **props: str) -> dict[str, Any]:
    written = {name.replace("_", "."): value for name, value in props.items()}
    return {"id": number, "type": "PipeWire:Interface:Node", "info": {"state": "running", "props": written}}


def printed(*nodes: object) -> str:
    return json.dumps(list(nodes), indent=2).replace("[", "[\n", 1) + "\n"


GNOME = node(7, media_class="Stream/Output/Video", node_name="gnome-shell")
SWAY = node(8, media_class="Video/Source", node_name="xdg-desktop-portal-wlr")
GONE = {"id": 7, "info": None}


@pytest.mark.parametrize("shared", [GNOME, SWAY])
def test_a_screen_is_shared(shared: dict[str, Any]) -> None:
    streams = Streams()
    streams.feed(
        printed(node(3, media_class="Audio/Sink"), shared, {"id": 9, "type": "PipeWire:Interface:Core"})
    )
    assert streams.is_any_shared


@pytest.mark.parametrize(
    "other",
    [
        node(7, media_class="Video/Source", device_api="v4l2"),
        node(7, media_class="Video/Source", media_role="Camera"),
        node(7, media_class="Stream/Output/Video", node_name="kwin-screencast-preview"),
        node(7, media_class="Stream/Input/Video"),
        node(7),
        {"id": 7},
        "7",
        None,
    ],
)
def test_a_camera_or_a_preview_is_no_screen(other: object) -> None:
    streams = Streams()
    streams.feed(printed(other))
    assert not streams.is_any_shared


def test_it_is_shared_until_the_last_picture_has_gone() -> None:
    streams = Streams()
    streams.feed(printed(GNOME, SWAY))
    streams.feed(printed(GONE))
    assert streams.is_any_shared
    streams.feed(printed({"id": 8, "info": None}))
    assert not streams.is_any_shared


@given(st.data())
def test_it_may_be_cut_anywhere(data: st.DataObject) -> None:
    text, streams = printed(GNOME) + printed(SWAY) + printed(GONE), Streams()
    cut = data.draw(st.integers(0, len(text)))
    for part in (text[:cut], text[cut:]):
        streams.feed(part)
    assert streams.is_any_shared


@pytest.mark.parametrize("nonsense", ["x\n]\n", "[\n{,}\n]\n", "[" * 100_000 + "\n]\n"])
def test_what_is_no_list_is_refused(nonsense: str) -> None:
    with pytest.raises(UnreadableListError):
        Streams().feed(nonsense)


def test_a_list_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LONGEST_LIST", 100)
    with pytest.raises(UnreadableListError):
        Streams().feed("[" + "1," * 100)
