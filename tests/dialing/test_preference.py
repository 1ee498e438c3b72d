from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.preference import Preference
from bubbled.model import Device

if TYPE_CHECKING:
    from pathlib import Path

MOBILE = Device("Local/0612345678@from-internal")


def test_a_choice_outlives_the_daemon(tmp_path: Path) -> None:
    path = tmp_path / "state" / "dial-from"
    assert Preference(path).device is None
    assert Preference(path).choose(MOBILE)
    assert Preference(path).device == MOBILE
    assert Preference(path).choose(None)
    assert Preference(path).device is None
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no device", b"PJSIP/101\nAction: x", b"x" * 100_000])
def test_whatever_is_wrong_with_the_file_there_is_no_choice_then(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dial-from"
    path.write_bytes(content)
    assert Preference(path).device is None


def test_a_folder_in_the_place_of_the_file_keeps_the_choice_only_for_now(tmp_path: Path) -> None:
    (tmp_path / "dial-from" / "x").mkdir(parents=True)
    preference = Preference(tmp_path / "dial-from")
    assert preference.choose(MOBILE) is False
    assert preference.device == MOBILE
    assert [each.name for each in tmp_path.iterdir()] == ["dial-from"]


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dial-from")
    assert Preference(tmp_path / "dial-from").device is None
