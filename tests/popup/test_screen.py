import pytest

from bubbled.popup.screen import SCREENS, Screen, choose


@pytest.mark.parametrize(
    ("wish", "environ", "on_terminal", "name"),
    [
        ("terminal", {"DISPLAY": ":0"}, False, "terminal"),
        ("native", {}, True, "native"),
        ("auto", {"DISPLAY": ":0"}, True, "native"),
        ("auto", {"WAYLAND_DISPLAY": "wayland-0"}, True, "native"),
        ("auto", {}, True, "terminal"),
        ("auto", {"DISPLAY": ""}, True, "terminal"),
        ("auto", {}, False, "native"),
    ],
)
def test_the_screen_is_the_wished_or_the_fitting(
    wish: str,
    environ: dict[str, str],
    on_terminal: bool,  # noqa: FBT001 - pytest passes parameters by name
    name: str,
) -> None:
    assert choose(wish, environ, on_terminal=on_terminal) == name


@pytest.mark.parametrize("name", SCREENS)
def test_the_table_makes_each_screen(name: str) -> None:
    screen: Screen = SCREENS[name](lambda *_: None, lambda *_: None)
    assert screen.name == name
