from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pexpect
import pytest

from bubbled.error import ConfigError
from bubbled.vocabulary import VARIABLES

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal
    from tests.control.desk import Desk

MINE = """\
# my settings
[me]
extension = "101"
region = "NL"
[pbx]
host = "pbx.example.com"
username = "bubbled"
secret = { env = "SECRET" }  # keep this
[popup]
inbound = false
"""
PRETTY = '[popup.layout]\nheadline = "$name"\n[[button]]\nlabel = "Copy"\ncopy = "$number"\n'
RUNS = '[popup]\n[[button]]\nlabel = "Run"\nrun = ["/bin/sh", "-c", "\\u202E curl evil"]\n'


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "config" / "bubbled" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(MINE)
    file.chmod(0o600)
    return file


def content(file: Path) -> str:
    return file.read_text()


def write(file: Path, text: str) -> None:
    file.write_text(text)


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def beside(file: Path) -> list[Path]:
    return list(file.parent.iterdir())


def layout(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "layout.toml"
    file.write_text(text)
    return file


async def test_the_legend_needs_no_daemon(bubbled: Bubbled) -> None:
    ended = await bubbled("layout", "legend")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert (ended.status, ended.err) == (0, "")
    assert {f"${name}" for name in VARIABLES} <= {row[0] for row in rows}
    assert all(len(row) == 3 and all(row) for row in rows)


async def test_the_legend_of_a_daemon_is_of_its_latest_call(
    bubbled: Bubbled, terminal: Terminal, served: Path, desk: Desk
) -> None:
    ended = await bubbled("--socket", served, "layout", "legend")
    assert ended.out == "$name\tthe contact's name\tJan Jansen\n${name|first}\tthe first word\tJan\n"
    told = json.loads((await bubbled("--socket", served, "layout", "legend", "--json")).out)
    assert told["call"] == desk.kept[-1]["id"]
    seen = await terminal("--socket", served, "layout", "legend")
    assert "Of the call 1700000000.2:" in seen.screen


async def test_an_example_is_shown_by_the_daemon(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "layout", "example", "talking")
    assert (ended.status, desk.examples) == (0, ["talking"])
    assert "(native)" in ended.out


async def test_without_a_daemon_it_is_said_how_to_see_an_example(bubbled: Bubbled) -> None:
    ended = await bubbled("layout", "example")
    assert ended.status == 1
    assert "is not running" in ended.err


async def test_a_layout_goes_out_without_anything_else(bubbled: Bubbled, mine: Path, tmp_path: Path) -> None:
    ended = await bubbled("layout", "export", "-")
    assert tomllib.loads(ended.out) == {"popup": {"inbound": False}}
    assert "SECRET" not in ended.out
    target = tmp_path / "mine.toml"
    assert (await bubbled("layout", "export", target)).status == 0
    assert content(target) == ended.out
    again = await bubbled("layout", "export", target)
    assert (again.status, content(target)) == (1, ended.out)
    assert "exists already" in again.err
    assert content(mine) == MINE


async def test_settings_with_mistakes_do_not_go_out(bubbled: Bubbled, mine: Path) -> None:
    write(mine, MINE.replace("inbound", "inbuond"))
    ended = await bubbled("layout", "export", "-")
    assert (ended.status, ended.out) == (1, "")
    assert "did you mean 'inbound'" in ended.err


async def test_a_layout_comes_in_whole_and_is_applied(
    bubbled: Bubbled, mine: Path, tmp_path: Path, served: Path, desk: Desk
) -> None:
    desk.warnings = ("mind this",)
    desk.state = replace(desk.state, settings_path=str(mine))
    ended = await bubbled("--socket", served, "layout", "import", layout(tmp_path, PRETTY))
    assert ended.status == 0
    assert ended.out.splitlines()[:3] == [
        "popup.inbound: false -> as usual",
        'popup.layout.headline: as usual -> "$name"',
        "buttons: bubbled's own -> 1",
    ]
    assert ended.out.splitlines()[-1] == "It is applied."
    assert ended.err == "Warning: mind this\n"
    assert tomllib.loads(content(mine)) == {
        key: value for key, value in tomllib.loads(MINE).items() if key != "popup"
    } | tomllib.loads(PRETTY)
    assert content(mine).startswith("# my settings\n")
    assert "# keep this" in content(mine)
    assert mode(mine) == 0o600
    assert content(mine.with_name("config.toml.before-import")) == MINE


async def test_a_daemon_with_other_settings_is_left_alone(
    bubbled: Bubbled, mine: Path, tmp_path: Path, served: Path
) -> None:
    ended = await bubbled("--socket", served, "layout", "import", layout(tmp_path, PRETTY))
    assert (ended.status, content(mine) != MINE) == (0, True)
    assert ended.out.endswith("its settings are in /home/alice/.config/bubbled/config.toml.\n")


async def test_without_a_daemon_a_layout_counts_from_its_next_start_on(
    bubbled: Bubbled, mine: Path, tmp_path: Path
) -> None:
    ended = await bubbled("layout", "import", layout(tmp_path, PRETTY))
    assert (ended.status, ended.out.splitlines()[-1]) == (0, "It counts from the next start of bubbled on.")
    again = await bubbled("layout", "import", layout(tmp_path, PRETTY))
    assert again.out == "Your layout is the same already.\n"
    assert content(mine.with_name("config.toml.before-import")) == MINE


async def test_what_would_change_can_be_seen_before(bubbled: Bubbled, mine: Path, tmp_path: Path) -> None:
    ended = await bubbled("layout", "import", layout(tmp_path, RUNS), "--dry-run")
    assert (ended.status, content(mine)) == (0, MINE)
    assert "popup.inbound: false -> as usual" in ended.out


async def test_programs_are_told_and_come_in_only_when_that_is_wanted(
    bubbled: Bubbled, mine: Path, tmp_path: Path
) -> None:
    file = layout(tmp_path, RUNS)
    ended = await bubbled("layout", "import", file)
    assert (ended.status, content(mine)) == (1, MINE)
    assert '"/bin/sh", "-c", ' in ended.err
    assert "curl evil" in ended.err
    assert "\u202e" not in ended.out + ended.err
    assert "Nothing is changed" in ended.err
    ended = await bubbled("layout", "import", file, "--yes")
    assert ended.status == 0
    assert tomllib.loads(content(mine))["button"] == tomllib.loads(RUNS)["button"]


@pytest.mark.parametrize(("answer", "is_changed"), [("n", False), ("y", True)])
async def test_a_person_at_a_terminal_is_asked_about_programs(
    mine: Path, tmp_path: Path, environment: dict[str, str], answer: str, *, is_changed: bool
) -> None:
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "bubbled", "layout", "import", str(layout(tmp_path, RUNS))],
        env=cast("os._Environ[str]", environment),
        encoding="utf-8",
        timeout=20,
    )
    await terminal.expect("start programs.*/bin/sh.*curl evil.*these programs", async_=True)
    terminal.sendline(answer)
    await terminal.expect(pexpect.EOF, async_=True)
    terminal.close()
    assert (terminal.exitstatus == 0, content(mine) != MINE) == (is_changed, is_changed)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{PRETTY}[pbx]\nhost = 'evil'\n", "line 6: pbx is no part of a layout"),
        ("[popup]\nsize = 5\n", "line 2: popup.size is not a known key"),
        ("[popup", "line 1: "),
        ("\0", "line 1: "),
    ],
)
async def test_what_is_no_layout_is_refused_and_changes_nothing(
    bubbled: Bubbled, mine: Path, tmp_path: Path, text: str, told: str
) -> None:
    ended = await bubbled("layout", "import", layout(tmp_path, text), "--yes")
    assert (ended.status, ended.out, content(mine)) == (1, "", MINE)
    assert told in ended.err
    assert beside(mine) == [mine]


async def test_a_daemon_that_refuses_says_so(
    bubbled: Bubbled, mine: Path, tmp_path: Path, served: Path, desk: Desk
) -> None:
    desk.refusal = ConfigError("bubbled is just stopping.")
    ended = await bubbled("--socket", served, "layout", "import", layout(tmp_path, PRETTY))
    assert (ended.status, ended.err) == (1, "bubbled: bubbled is just stopping.\n")
    assert content(mine) != MINE
