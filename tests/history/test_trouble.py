from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from bubbled.history.fault import FileDamagedError, FileRefusedError
from bubbled.history.trouble import Trouble

PATH = Path("/home/eve/history.sqlite")


def test_without_trouble_there_is_nothing_to_tell() -> None:
    assert Trouble().text(lost=0) is None


def test_what_is_wrong_now_comes_before_what_was_found() -> None:
    trouble = Trouble()
    trouble.set_aside(PATH, FileDamagedError(PATH, "malformed"))
    assert "set aside as /home/eve/history.sqlite" in (trouble.text(lost=0) or "")
    trouble.put_off("The disk is full.")
    assert trouble.is_passing
    assert trouble.text(lost=0) == "The disk is full."
    assert trouble.text(lost=3) == "The disk is full. The oldest 3 calls are lost."
    trouble.catch_up()
    assert not trouble.is_passing
    assert "set aside" in (trouble.text(lost=0) or "")
    trouble.refuse(FileRefusedError("Another bubbled."))
    assert trouble.is_lasting
    assert trouble.text(lost=0) == "Another bubbled."


def test_the_log_hears_of_each_trouble_once() -> None:
    trouble = Trouble()
    with capture_logs() as logs:
        for reason in ("full", "full", "locked"):
            trouble.put_off(reason)
        for _ in range(2):
            trouble.catch_up()
    assert [(entry["event"], entry.get("reason")) for entry in logs] == [
        ("The history cannot be saved now", "full"),
        ("The history cannot be saved now", "locked"),
        ("The history is saved again", None),
    ]
