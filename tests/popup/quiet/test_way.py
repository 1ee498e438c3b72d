import pytest

from bubbled.popup.quiet.way import Question, Setting, way_of


@pytest.mark.parametrize(
    ("server", "quiet", "not_quiet"),
    [
        ("Plasma", [True], [False, None, 1]),
        ("dunst", [True], [False, None]),
        ("Xfce Notify Daemon", [True], [False, None]),
        ("gnome-shell", ["false"], ["true", ""]),
        ("Notification Daemon", ["true"], ["false", ""]),
        ("cinnamon", ["false"], ["true", ""]),
        ("mako", [["default", "do-not-disturb"], ["dnd"]], [["default"], [], None, "dnd"]),
        ("SwayNotificationCenter", [True], [False, None]),
    ],
)
def test_each_server_tells_in_its_own_way(server: str, quiet: list[object], not_quiet: list[object]) -> None:
    way = way_of(server)
    assert way is not None
    assert [way.is_quiet(answer) for answer in quiet] == [True] * len(quiet)
    assert [way.is_quiet(answer) for answer in not_quiet] == [False] * len(not_quiet)
    assert isinstance(way.asks, Question | Setting)


@pytest.mark.parametrize("server", ["lxqt-notificationd", "", "Windows"])
def test_of_others_nothing_is_known(server: str) -> None:
    assert way_of(server) is None
