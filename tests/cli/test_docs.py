from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from bubbled.cli.main import COMMANDS, run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/lab/*.md")])
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


def prose(page: Path) -> str:
    """A page without its listings, in which brackets are no links and hashes no headings."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchor(heading: str) -> str:
    """What a heading is called in a link, as the forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, wanted = link.partition("#")
    there = page.parent / path if path else page
    if not (wanted and there.exists()):
        return there.exists()
    return wanted in map(anchor, re.findall(r"^#+ (.*)$", prose(there), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_within_the_documentation_leads_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in link]
    assert [link for link in links if not leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_picture_is_described_for_those_who_cannot_see_it(page: Path) -> None:
    pictures = re.findall(r"!\[(.*?)\]\(([^)\s]+)\)", prose(page))
    assert [path for words, path in pictures if not words.strip()] == []


def test_no_picture_is_left_that_nothing_shows() -> None:
    shown = {
        (page.parent / path).resolve()
        for page in PAGES
        for path in re.findall(r"""(?:\]\(|src=")([^)\s"]+\.png)""", prose(page))
    }
    assert set((ROOT / "docs" / "images").iterdir()) == shown


def test_each_page_can_be_reached_from_the_readme() -> None:
    reached, open_pages = set[Path](), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page not in reached:
            reached.add(page)
            links = re.findall(r"\]\(([^)\s#]+\.md)", prose(page))
            open_pages += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert set(PAGES) <= reached
