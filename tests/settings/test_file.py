import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bubbled.error import ConfigError
from bubbled.settings.file import ChangedMeanwhileError, SettingsFile, Written, check
from bubbled.settings.loading import LARGEST_BYTES
from bubbled.settings.mistake import InvalidSettings

GOOD = """\
[me]
extension = "101"
region = "NL"
[pbx]
host = "localhost"
username = "bubbled"
secret = "hunter2"
"""
OTHER = GOOD.replace("101", "102")


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    path = tmp_path / "config" / "config.toml"
    path.parent.mkdir()
    path.write_text(GOOD)
    path.chmod(0o600)
    return SettingsFile(path, tmp_path / "undo")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_what_is_saved_is_there_and_can_be_taken_back(file: SettingsFile) -> None:
    first = file.read()
    second = file.save(OTHER, first.digest)
    assert file.read() == Written(OTHER, second)
    assert file.undo_count() == 1
    assert file.undo(second) == first.digest
    assert file.read() == first
    assert file.undo_count() == 0
    assert names(file.path.parent) == ["config.toml"]


def test_many_steps_can_be_taken_back(file: SettingsFile) -> None:
    digests = [file.read().digest]
    for number in range(200, 225):
        digests.append(file.save(GOOD.replace("101", str(number)), digests[-1]))
    assert file.undo_count() == 25
    while len(digests) > 1:
        assert file.undo(digests.pop()) == digests[-1]
    assert file.read().text == GOOD
    with pytest.raises(ConfigError, match="no change of bubbled to undo"):
        file.undo(digests[0])


def test_the_second_of_two_who_save_is_told(file: SettingsFile) -> None:
    seen = file.read().digest
    file.save(OTHER, seen)
    with pytest.raises(ChangedMeanwhileError, match="by somebody else, so nothing was saved"):
        file.save(GOOD.replace("101", "103"), seen)
    assert file.read().text == OTHER


def test_of_many_who_save_at_once_one_succeeds(file: SettingsFile) -> None:
    seen = file.read().digest
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            file.save(GOOD.replace("101", str(number)), seen)
        except ChangedMeanwhileError:
            outcomes.append("told")
        else:
            outcomes.append("saved")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(200, 208)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["told"] * 7


def test_what_an_editor_has_saved_meanwhile_stays(file: SettingsFile) -> None:
    seen = file.read().digest
    second = file.save(OTHER, seen)
    file.path.write_text(GOOD + "# by hand\n")
    with pytest.raises(ChangedMeanwhileError):
        file.save(GOOD, second)
    with pytest.raises(ChangedMeanwhileError):
        file.undo(second)
    assert file.undo_count() == 0
    with pytest.raises(ConfigError, match="written by hand"):
        file.undo(file.read().digest)
    assert file.read().text.endswith("# by hand\n")


def test_what_cannot_be_used_is_not_saved(file: SettingsFile) -> None:
    seen = file.read().digest
    with pytest.raises(InvalidSettings) as refused:
        file.save(GOOD.replace('"NL"', "7") + "[popup]\ninbund = true\n", seen)
    assert [(each.key, each.line) for each in refused.value.mistakes] == [
        ("me.region", 3),
        ("popup.inbund", 9),
    ]
    assert (file.read().text, file.undo_count()) == (GOOD, 0)


def test_a_file_that_is_gone_is_not_made_again_unseen(file: SettingsFile) -> None:
    seen = file.read().digest
    file.path.unlink()
    with pytest.raises(ChangedMeanwhileError, match="is gone"):
        file.save(OTHER, seen)
    with pytest.raises(InvalidSettings, match="does not exist"):
        file.read()
    file.save(OTHER, None)
    assert file.read().text == OTHER


def test_a_new_file_is_the_users_alone_and_replaces_none(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "new" / "config.toml", tmp_path / "undo")
    file.save(GOOD, None)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert file.undo_count() == 0
    with pytest.raises(ChangedMeanwhileError, match="exists already"):
        file.save(OTHER, None)
    assert file.read().text == GOOD


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o400])
def test_the_mode_stays(file: SettingsFile, mode: int) -> None:
    file.path.chmod(mode)
    second = file.save(OTHER, file.read().digest)
    assert stat.S_IMODE(file.path.stat().st_mode) == mode
    file.undo(second)
    assert stat.S_IMODE(file.path.stat().st_mode) == mode


def test_a_link_stays_a_link(file: SettingsFile, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(file.path)
    linked = SettingsFile(link, tmp_path / "undo")
    second = linked.save(OTHER, linked.read().digest)
    assert (link.is_symlink(), file.read().text) == (True, OTHER)
    # By whatever name the file is known, its past is the same.
    file.undo(second)
    assert (link.is_symlink(), linked.read().text) == (True, GOOD)


def test_a_link_that_leads_to_itself_is_told(file: SettingsFile) -> None:
    file.path.unlink()
    file.path.symlink_to(file.path)
    assert file.undo_count() == 0
    with pytest.raises(ConfigError, match="symbolic links"):
        file.save(OTHER, None)
    with pytest.raises(ConfigError, match="symbolic links"):
        file.undo("0" * 64)


def test_a_broken_file_can_be_read_and_repaired(file: SettingsFile) -> None:
    file.path.write_text(broken := GOOD.replace("[pbx]", "[pbx"))
    seen = file.read()
    assert seen.text == broken
    second = file.save(GOOD, seen.digest)
    file.undo(second)
    assert file.read().text == broken


def test_what_is_no_text_is_refused_with_its_line(file: SettingsFile) -> None:
    file.path.write_bytes(GOOD.encode() + b"# caf\xe9\n")
    with pytest.raises(InvalidSettings, match="line 8: this is not UTF-8"):
        file.read()


@pytest.mark.parametrize("text", [GOOD + "# \ud800\n", GOOD + "#" * LARGEST_BYTES, "", "x"])
def test_a_text_that_no_file_should_hold_is_refused(file: SettingsFile, text: str) -> None:
    with pytest.raises(InvalidSettings):
        file.save(text, file.read().digest)
    assert file.read().text == GOOD


def test_the_largest_text_is_saved(file: SettingsFile) -> None:
    text = GOOD + "#" * (LARGEST_BYTES - len(GOOD))
    file.save(text, file.read().digest)
    assert file.read().text == text


def test_line_ends_and_marks_stay(file: SettingsFile) -> None:
    text = "\ufeff" + GOOD.replace("\n", "\r\n")
    second = file.save(text, file.read().digest)
    assert file.path.read_bytes() == text.encode()
    assert file.read() == Written(text, second)


def test_saving_the_same_is_no_step(file: SettingsFile) -> None:
    seen = file.read().digest
    assert file.save(GOOD, seen) == seen
    assert file.undo_count() == 0


def test_without_room_for_its_past_a_file_is_not_changed(file: SettingsFile, tmp_path: Path) -> None:
    (tmp_path / "undo").write_text("no folder")
    with pytest.raises(ConfigError, match="cannot be written and is as it was"):
        file.save(OTHER, file.read().digest)
    assert file.read().text == GOOD


def test_a_failure_on_the_way_leaves_all_as_it_was(
    file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = file.read()
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "config.toml":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(ConfigError, match="Input/output error"):
        file.save(OTHER, seen.digest)
    assert (file.read(), file.undo_count(), names(file.path.parent)) == (seen, 0, ["config.toml"])


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "bubbled-test", disk], check=True)  # noqa: S603, S607 - programs of the system
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S603, S607 - programs of the system


def fill(path: Path) -> None:
    """Leave no room on a disk."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)


@pytest.mark.mount
@pytest.mark.parametrize("which", ["file", "undo"])
def test_a_full_disk_loses_nothing(disk: Path, tmp_path: Path, which: str) -> None:
    folders = {"file": tmp_path, "undo": tmp_path} | {which: disk}
    path = folders["file"] / "config.toml"
    path.write_text(GOOD)
    file = SettingsFile(path, folders["undo"] / "undo")
    first = file.save(OTHER, file.read().digest)
    fill(disk / "filling")
    with pytest.raises(ConfigError, match="No space left on device"):
        file.save(GOOD + "# more\n" * 2000, first)
    assert (file.read().text, file.undo_count()) == (OTHER, 1)
    (disk / "filling").unlink()
    file.undo(first)
    assert file.read().text == GOOD


@pytest.mark.mount
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "bubbled-test", folder], check=True)  # noqa: S603, S607 - programs of the system
    try:
        (folder / "config.toml").write_text(GOOD)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)  # noqa: S603, S607 - programs of the system
        file = SettingsFile(folder / "config.toml", tmp_path / "undo")
        with pytest.raises(ConfigError, match="Read-only file system"):
            file.save(OTHER, file.read().digest)
        assert (file.read().text, file.undo_count()) == (GOOD, 0)
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S603, S607 - programs of the system


def test_settings_can_be_checked_before_they_are_written(tmp_path: Path) -> None:
    settings, warnings = check(tmp_path / "none.toml", GOOD)
    assert settings.me.extension == "101"
    assert [warning.partition(" ")[0] for warning in warnings] == ["pbx.secret"]
    with pytest.raises(InvalidSettings, match=r"line 2: me.extension"):
        check(tmp_path / "none.toml", GOOD.replace('"101"', "101"))
