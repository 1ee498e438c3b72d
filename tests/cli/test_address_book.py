from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Terminal


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text("name,phone\nJan Jansen,06 12345678\nNobody,\nPiet,020 1234567 / 0687654321\n")
    return path


async def test_it_says_what_is_in_the_book_and_which_rows_are_nobody(bubbled: Bubbled, book: Path) -> None:
    ended = await bubbled("import", book)

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"{book}: 2 contacts with 3 numbers; 1 more is no contact: ")


async def test_a_program_gets_the_figures(bubbled: Bubbled, book: Path) -> None:
    ended = await bubbled("import", book, "--json")

    told = json.loads(ended.out)
    assert (told["contacts"], told["numbers"], told["rejected"], told["kept"]) == (2, 3, 1, False)


async def test_a_terminal_shows_the_result(terminal: Terminal, book: Path) -> None:
    seen = await terminal("import", book)

    assert "2 contacts with 3 numbers" in seen.screen.replace("\n", "")


async def test_a_directory_of_the_settings_is_kept(bubbled: Bubbled, book: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[me]\nextension = "101"\nregion = "NL"\n'
        '[pbx]\nhost = "127.0.0.1"\nusername = "cti"\nsecret = { env = "AMI_SECRET" }\n'
        f'[[directory]]\nname = "Customers"\nkind = "csv"\npath = "{book}"\n'
    )

    ended = await bubbled("import", book, "--config", config, "--json", XDG_CACHE_HOME=str(tmp_path / "c"))

    assert json.loads(ended.out)["kept"] is True
    assert list((tmp_path / "c" / "bubbled" / "index").glob("customers-*.sqlite"))


@pytest.mark.parametrize(
    ("name", "said"),
    [("customers.pdf", "is no address book by its name"), ("none.csv", "none.csv")],
)
async def test_what_cannot_be_read_is_one_clear_line(
    bubbled: Bubbled, tmp_path: Path, name: str, said: str
) -> None:
    ended = await bubbled("import", tmp_path / name)

    assert ended.status != 0
    assert said in ended.err
    assert ended.err.count("\n") == 1
