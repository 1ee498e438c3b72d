from collections.abc import Mapping

import pytest

from bubbled.popup.screen import SCREENS, Equipment, Screen, build, choose


async def nowhere(_is_gone: bool) -> Mapping[str, str]:  # noqa: FBT001 - as the port has it
    return {}


EQUIPMENT = Equipment(on_dismissed=lambda *_: None, on_pressed=lambda *_: None, find_desktop=nowhere)


@pytest.mark.parametrize(
    ("wish", "environ", "on_terminal", "has_windows", "names"),
    [
        ("terminal", {"DISPLAY": ":0"}, False, True, ("terminal",)),
        ("native", {}, True, True, ("native",)),
        ("window", {"DISPLAY": ":0"}, False, True, ("window", "native")),
        ("window", {}, False, True, ("window", "native")),
        ("window", {}, True, False, ("window", "native", "terminal")),
        ("auto", {"DISPLAY": ":0"}, False, True, ("window", "native")),
        ("auto", {"DISPLAY": ":0"}, True, True, ("window", "native", "terminal")),
        ("auto", {"DISPLAY": ":0"}, False, False, ("native",)),
        ("auto", {"WAYLAND_DISPLAY": "wayland-0"}, True, False, ("native", "terminal")),
        ("auto", {}, True, True, ("terminal",)),
        ("auto", {"DISPLAY": ""}, True, True, ("terminal",)),
        ("auto", {}, False, True, ("window", "native")),
        ("auto", {}, False, False, ("native",)),
    ],
)
def test_the_screens_are_the_wished_or_the_fitting_the_best_first(
    wish: str,
    environ: dict[str, str],
    on_terminal: bool,  # noqa: FBT001 - pytest passes parameters by name
    has_windows: bool,  # noqa: FBT001 - as above
    names: tuple[str, ...],
) -> None:
    assert choose(wish, environ, on_terminal=on_terminal, has_windows=has_windows) == names


@pytest.mark.parametrize("name", SCREENS)
def test_the_table_makes_each_screen(name: str) -> None:
    screen: Screen = SCREENS[name](EQUIPMENT)
    assert screen.name == name


@pytest.mark.parametrize("names", [("native",), ("window", "native"), ("terminal",)])
def test_a_screen_of_several_begins_with_the_first(names: tuple[str, ...]) -> None:
    assert build(names, EQUIPMENT).name == names[0]
