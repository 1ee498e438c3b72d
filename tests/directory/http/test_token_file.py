from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.token_file import TokenFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "bubbled" / "tokens" / "exact.json")


def test_the_latest_token_is_read_again(file: TokenFile) -> None:
    assert file.read("first") is None
    file.write("first", "second")
    file.write("first", "third")
    assert file.read("first") == "third"
    assert [path.name for path in file.path.parent.iterdir()] == ["exact.json"]


def test_nobody_else_can_read_it(file: TokenFile) -> None:
    file.write("first", "second")
    assert file.path.stat().st_mode & 0o777 == 0o600
    for folder in (file.path.parent, file.path.parent.parent):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_new_token_in_the_settings_counts_from_then_on(file: TokenFile) -> None:
    file.write("first", "second")
    assert file.read("another") is None


def test_the_token_in_the_settings_is_not_written_down(file: TokenFile) -> None:
    file.write("f1rst-s3cret", "second")
    assert "f1rst-s3cret" not in file.path.read_text()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"grown_from": 5}', "\0", '{"refresh_token": "x"}'])
def test_a_damaged_file_holds_no_token(file: TokenFile, text: str) -> None:
    file.path.parent.mkdir(parents=True)
    file.path.write_text(text)
    assert file.read("first") is None


def test_a_token_that_cannot_be_written_leaves_the_earlier_one(
    file: TokenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write("first", "second")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            file.write("first", "third")
    assert file.read("first") == "second"
    assert [path.name for path in file.path.parent.iterdir()] == ["exact.json"]
