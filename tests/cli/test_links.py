from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal

NOBODY = "tel:\tnobody\t\t\ncallto:\tnobody\t\t\nsip:\tnobody\t\t\n"


@pytest.fixture
def program(tmp_path: Path, environment: dict[str, str]) -> Path:
    """A `bubbled` on the PATH, for links to start, on a system where nobody opens any."""
    path = tmp_path / "bin" / "bubbled"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    environment["PATH"] = f"{path.parent}:{os.environ['PATH']}"
    environment["XDG_DATA_DIRS"] = environment["XDG_CONFIG_DIRS"] = str(tmp_path / "system")
    return path


@pytest.fixture
def linphone(tmp_path: Path) -> Path:
    """A softphone that opens sip: links, with a name that tries to move the cursor."""
    path = tmp_path / "system" / "applications" / "linphone.desktop"
    path.parent.mkdir(parents=True)
    path.write_text(
        "[Desktop Entry]\nType=Application\nName=Lin\x1b[2Jphone\n"
        "Exec=true %u\nMimeType=x-scheme-handler/sip;\n"
    )
    return path


@pytest.mark.usefixtures("program")
async def test_at_first_nobody_opens_links(bubbled: Bubbled) -> None:
    ended = await bubbled("links")
    assert (ended.status, ended.out, ended.err) == (0, NOBODY, "")


async def test_links_are_given_to_bubbled_and_back(bubbled: Bubbled, program: Path, tmp_path: Path) -> None:
    ended = await bubbled("links", "install")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "bubbled opens tel:, callto: and sip: links from now on.\n"

    entry = tmp_path / ".local" / "share" / "applications" / "bubbled-links.desktop"
    assert f"\nExec={program} dial --url %u\n" in entry.read_text()
    because = tmp_path / "config" / "mimeapps.list"
    assert (await bubbled("links", "status")).out == "".join(
        f"{scheme}:\tbubbled\t{entry.name}\t{because}\n" for scheme in ("tel", "callto", "sip")
    )

    removed = await bubbled("links", "remove")
    assert (removed.status, removed.out) == (0, "bubbled opens no links any more; nobody does now.\n")
    assert (await bubbled("links")).out == NOBODY


@pytest.mark.usefixtures("program")
async def test_nothing_to_remove_is_no_failure(bubbled: Bubbled) -> None:
    ended = await bubbled("links", "remove")
    assert (ended.status, ended.out) == (0, "There is nothing to remove: bubbled opens no links.\n")


@pytest.mark.usefixtures("program", "linphone")
async def test_it_is_told_who_opened_links_before_and_does_so_again(bubbled: Bubbled) -> None:
    assert (await bubbled("links", "install")).out == (
        "bubbled opens tel:, callto: and sip: links from now on. "
        "Before, Lin�[2Jphone opened sip: links; `bubbled links remove` brings that back.\n"
    )
    assert (await bubbled("links", "remove")).out == (
        "bubbled opens no links any more; Lin�[2Jphone opens sip: links.\n"
    )


@pytest.mark.usefixtures("program", "linphone")
async def test_fewer_links_may_be_chosen(bubbled: Bubbled) -> None:
    ended = await bubbled("links", "install", "--scheme", "tel", "--scheme", "callto")
    assert ended.out == "bubbled opens tel: and callto: links from now on.\n"
    assert [line.split("\t")[1] for line in (await bubbled("links")).out.splitlines()] == [
        "bubbled",
        "bubbled",
        "Lin�[2Jphone",
    ]


@pytest.mark.usefixtures("program")
async def test_programs_read_json(bubbled: Bubbled, linphone: Path) -> None:
    ended = await bubbled("links", "install", "--scheme", "tel", "--json")
    told = json.loads(ended.out)
    assert told["lost_program"] is None
    assert [(link["scheme"], link["bubbled"]) for link in told["links"]] == [
        ("tel", True),
        ("callto", False),
        ("sip", False),
    ]
    assert told["links"][1] == {
        "scheme": "callto",
        "bubbled": False,
        "name": None,
        "program": None,
        "decided_by": None,
    }
    assert told["links"][2] == {
        "scheme": "sip",
        "bubbled": False,
        "name": "Lin\x1b[2Jphone",
        "program": linphone.name,
        "decided_by": str(linphone),
    }
    assert json.loads((await bubbled("links", "--json")).out) == told


async def test_a_program_that_moved_away_is_told(bubbled: Bubbled, program: Path) -> None:
    await bubbled("links", "install")
    program.unlink()  # noqa: ASYNC240 - a file of the test's own
    ended = await bubbled("links")
    assert (ended.status, ended.out) == (0, NOBODY)
    assert ended.err == (
        f"Warning: links should start {program}, which is gone, so they do not open with bubbled; "
        "`bubbled links install` mends it.\n"
    )


@pytest.mark.usefixtures("program")
async def test_a_list_that_cannot_be_changed_is_one_line(bubbled: Bubbled, tmp_path: Path) -> None:
    odd = tmp_path / "config" / "mimeapps.list"
    odd.mkdir(parents=True)
    ended = await bubbled("links", "install")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        f"bubbled: Cannot change {odd} (it is a folder, not a file), so links open as before; "
        "mend that file or move it away, then try again.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [("instal",), ("install", "--scheme", "mailto"), ("remove", "--scheme", "tel"), ("install", "tel")],
)
async def test_wrong_usage_is_told(bubbled: Bubbled, arguments: tuple[str, ...]) -> None:
    ended = await bubbled("links", *arguments)
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "See `bubbled links --help`." in ended.err


@pytest.mark.usefixtures("program")
async def test_a_person_sees_a_table_and_what_to_do(terminal: Terminal) -> None:
    seen = await terminal("links")
    assert [line.split() for line in seen.screen.splitlines()[0:3:2]] == [
        ["Links", "Opened", "by", "Program", "Because", "of"],
        ["tel:", "nobody"],
    ]
    assert seen.screen.endswith("`bubbled links install` lets bubbled open them.")

    await terminal("links", "install")
    assert "lets bubbled open them" not in (await terminal("links", columns=200)).screen
