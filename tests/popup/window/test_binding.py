"""What must hold of the binding of Qt to Python: a version that broke it ended the process within minutes."""

import subprocess
import sys
from typing import Final

import pytest

CALLS: Final = 1000

REFERENCES_LOST: Final = f"""
import sys
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])
label = QLabel()
before = sys.getrefcount(None)
for number in range({CALLS}):
    label.setText(str(number))
print(before - sys.getrefcount(None))
"""


@pytest.mark.desktop
def test_calls_that_give_nothing_take_no_reference_from_none() -> None:
    run = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", REFERENCES_LOST],
        env={"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(run.stdout) < CALLS / 10
