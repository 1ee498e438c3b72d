from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.directory.factory import build, order
from bubbled.directory.local.formats import FORMATS
from bubbled.directory.order.answer import Question
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Place
from bubbled.directory.port import Phase
from bubbled.error import DirectoryError
from bubbled.model import E164

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.local.file import FileDirectory

CARD = "BEGIN:VCARD\nFN:Jan\nTEL:020-1234567\nEND:VCARD\n"


def made(path: Path, kind: str, name: str = "Klanten") -> FileDirectory:
    cache = path.parent / "cache"
    what = order(kind=kind, name=name, path=path, region="NL", cache_dir=cache)
    return build(what, name=name, timeout_s=2.0)


def test_every_kind_can_be_built(tmp_path: Path) -> None:
    for kind in FORMATS:
        directory = made(tmp_path / "file", kind)
        assert (directory.name, directory.timeout_s, directory.state.phase) == (
            "Klanten",
            2.0,
            Phase.INDEXING,
        )


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DirectoryError, match='Klanten has the unknown kind "sql"; use one of csv, excel, vcard'
    ):
        made(tmp_path / "file", "sql")


async def test_files_are_asked_in_order(tmp_path: Path) -> None:
    cards, table = tmp_path / "jan.vcf", tmp_path / "kees.csv"
    cards.write_text(CARD)
    table.write_text("Naam;Telefoon\nKees;020-1234567\n")
    directories = (made(cards, "vcard", "A: ü/1"), made(table, "csv", "A: ü/2"))
    for directory in directories:
        await directory.start()
        async for _ in directory.states():
            if directory.count is not None:
                break
    lookup = Lookup([Place(directory=directory) for directory in directories])
    answer = await lookup.ask(Question(E164("+31201234567")))
    assert answer.contact is not None
    assert answer.contact.name == "Jan"
    await lookup.aclose()
