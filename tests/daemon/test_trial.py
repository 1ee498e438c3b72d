from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.trial import ask
from bubbled.directory.order.answer import Question, Reply
from bubbled.directory.port import Phase
from bubbled.model import E164, Extension
from bubbled.settings.directory import FileSettings

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.port import State

JAN = Question(E164("+31612345678"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def a_file(path: Path, text: str | None, **more: object) -> FileSettings:
    if text is not None:
        path.write_text(text)
    facts: dict[str, object] = {"name": "Customers", "kind": "csv", "path": str(path)}
    return FileSettings.model_validate(facts | more)


async def test_a_directory_is_read_first_and_then_asked(tmp_path: Path) -> None:
    book = a_file(tmp_path / "a.csv", "Name,Phone\nJan,06-12345678\n")
    heard: list[State] = []
    trial = await ask(book, "NL", JAN, heard.append)
    assert [contact.name for contact in trial.asked.matches] == ["Jan"]
    assert (trial.asked.outcome, trial.disclosures) == (Reply.HIT, ())
    assert (heard[0].phase, heard[-1].phase) == (Phase.INDEXING, Phase.READY)


async def test_who_cannot_answer_says_why(tmp_path: Path) -> None:
    trial = await ask(a_file(tmp_path / "none.csv", None), "NL", JAN, lambda _state: None)
    assert trial.asked.outcome is Reply.ERROR
    assert "none.csv" in str(trial.asked.error)


async def test_colleagues_are_asked_by_extension(tmp_path: Path) -> None:
    book = a_file(tmp_path / "a.csv", "Name,Phone\nBob,102\n", internal=True)
    trial = await ask(book, "NL", Question(Extension("102"), is_internal=True), lambda _state: None)
    assert [contact.name for contact in trial.asked.matches] == ["Bob"]


async def test_only_colleagues_are_told_extensions_and_they_any_number(tmp_path: Path) -> None:
    extension = Question(Extension("102"), is_internal=True)
    trial = await ask(a_file(tmp_path / "a.csv", "Name,Phone\nJan,06-12345678\n"), "NL", extension)
    assert (trial.asked.outcome, trial.disclosures) == (Reply.NOT_ASKED, ())
    assert "internal numbers" in str(trial.asked.error)
    colleagues = a_file(tmp_path / "b.csv", "Name,Phone\nBob,06-12345678\n", internal=True)
    trial = await ask(colleagues, "NL", JAN)
    assert trial.asked.outcome is not Reply.NOT_ASKED
