"""Looks from outside at the index of a history that is closed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from bubbled.history.row import COLUMNS, from_row
from bubbled.history.shelf import sign
from bubbled.history.words import words_of

if TYPE_CHECKING:
    from pathlib import Path


def rows(path: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def vocabulary(path: Path) -> dict[str, int]:
    """The words in the index, and of how many calls each is."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_words, row)")
        return dict(connection.execute("SELECT term, doc FROM temp.words"))


def agrees(path: Path) -> bool:
    """Whether the index holds the words of all calls, and nothing else."""
    calls = [from_row(row) for row in rows(path, f"SELECT {', '.join(COLUMNS)} FROM calls")]  # noqa: S608 - our own column names
    kept: dict[str, str] = dict(rows(path, "SELECT id, words FROM search_rows"))
    expected: dict[str, int] = {}
    for place, words in rows(path, "SELECT place, words FROM search_rows"):
        for word in words.split():
            signed = f"{sign(place)}{word}"
            expected[signed] = expected.get(signed, 0) + 1
    return kept == {past.call.id: words_of(past) for past in calls} and vocabulary(path) == expected
