import stat
from pathlib import Path

import pytest

from bubbled.error import ConfigError
from bubbled.settings.undo import MOST_STEPS, UndoSteps, digest_of, undo_folder


def test_steps_are_for_the_user_alone(tmp_path: Path) -> None:
    steps = UndoSteps(tmp_path / "state" / "undo", tmp_path / "config.toml")
    with steps.held():
        step = steps.keep(b"before", digest_of(b"after"))
    assert stat.S_IMODE(step.stat().st_mode) == 0o600
    assert stat.S_IMODE(step.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in step.parent.iterdir()} == {0o600}


def test_only_what_bubbled_has_written_can_be_undone(tmp_path: Path) -> None:
    steps = UndoSteps(tmp_path, tmp_path / "config.toml")
    with steps.held():
        steps.keep(b"one", digest_of(b"two"))
        latest = steps.keep(b"two", digest_of(b"three"))
    assert steps.latest(digest_of(b"three")) == latest
    assert steps.count(digest_of(b"three")) == 2
    assert steps.latest(digest_of(b"by an editor")) is None
    assert steps.count(digest_of(b"by an editor")) == 0


def test_a_change_by_hand_in_between_ends_the_way_back(tmp_path: Path) -> None:
    steps = UndoSteps(tmp_path, tmp_path / "config.toml")
    with steps.held():
        steps.keep(b"one", digest_of(b"two"))
        steps.keep(b"by an editor", digest_of(b"three"))
    assert steps.count(digest_of(b"three")) == 1


def test_the_oldest_steps_are_forgotten(tmp_path: Path) -> None:
    steps = UndoSteps(tmp_path, tmp_path / "config.toml")
    with steps.held():
        for number in range(MOST_STEPS + 5):
            steps.keep(b"%d" % number, digest_of(b"%d" % (number + 1)))
    assert steps.count(digest_of(b"%d" % (MOST_STEPS + 5))) == MOST_STEPS


def test_files_do_not_share_their_steps(tmp_path: Path) -> None:
    one, other = (UndoSteps(tmp_path, tmp_path / name) for name in ("a.toml", "b.toml"))
    with one.held():
        one.keep(b"before", digest_of(b"after"))
    assert other.count(digest_of(b"after")) == 0


def test_without_a_home_nothing_is_kept_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", lambda _uid: (_ for _ in ()).throw(KeyError("no such user")))
    with pytest.raises(ConfigError, match="no home folder"):
        undo_folder({})


def test_steps_are_where_the_state_of_the_user_is() -> None:
    assert undo_folder({"XDG_STATE_HOME": "/state"}) == Path("/state/bubbled/settings-undo")
    assert undo_folder({"XDG_STATE_HOME": "state"}) == Path.home() / ".local/state/bubbled/settings-undo"
