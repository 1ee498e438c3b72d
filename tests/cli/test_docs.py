from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from bubbled.cli.main import COMMANDS, run

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
PRESENT = [command.name or "" for command in COMMANDS if find_spec(command.module)]


@pytest.fixture(autouse=True)
def _a_terminal_of_the_usual_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


INNER = [
    [command.name or "", inner]
    for command in COMMANDS
    if isinstance(group := command.load(), click.Group)
    for inner in group.commands
]


@pytest.mark.parametrize("arguments", [[], *([name] for name in PRESENT), *INNER], ids=" ".join)
def test_the_guide_shows_each_command_as_its_help_does(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--help"]) == 0
    assert f"```text\n{capsys.readouterr().out.strip()}\n```" in PAGE
    heading = "#" * (1 + len(arguments))
    assert not arguments or f"\n{heading} bubbled {' '.join(arguments)}\n" in PAGE


def test_the_list_of_commands_says_what_each_does(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    listed = capsys.readouterr().out
    assert all(command.short_help and command.short_help in listed for command in COMMANDS)
