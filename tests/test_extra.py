import shlex
import subprocess
import sys

from bubbled.extra import command_to_install


def test_the_command_is_for_the_python_that_runs() -> None:
    *words, last = shlex.split(command_to_install("sql"))
    assert words[0] == sys.executable
    assert last == "bubbled[sql]"


def test_a_shell_takes_it_as_one_package() -> None:
    command = command_to_install("sql").replace(shlex.quote(sys.executable), "echo", 1)
    shown = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own words
    assert shown.stdout == "-m pip install bubbled[sql]\n"
