import stat
from pathlib import Path

import pytest

from bubbled.error import ConfigError
from bubbled.settings.rewriting import rewrite, write_whole


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_old_file_is_kept_beside_the_new_with_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("old")
    file.chmod(0o640)
    backup = rewrite(file, "new é", kept_as=".before")
    assert (file.read_text(), backup.read_text()) == ("new é", "old")
    assert (mode(file), mode(backup)) == (0o640, 0o640)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["config.toml", "config.toml.before"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text("old")
    link.symlink_to(real)
    assert rewrite(link, "new", kept_as=".before").read_text() == "old"
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is as it was: No such file"):
        rewrite(tmp_path / "none.toml", "new", kept_as=".before")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_on_the_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.toml"
    file.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bubbled.settings.rewriting.os.fsync", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        rewrite(file, "new", kept_as=".before")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("config.toml", "old")]


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    file = tmp_path / "new"
    write_whole(file, b"one", 0o600, is_new=True)
    with pytest.raises(FileExistsError):
        write_whole(file, b"two", 0o600, is_new=True)
    assert (file.read_bytes(), mode(file), len(list(tmp_path.iterdir()))) == (b"one", 0o600, 1)
