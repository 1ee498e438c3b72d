"""The user's own query, with parameters named after the notations of a number. Pure.

That it is one SELECT is looked at here only for the sake of good advice: what keeps a query from writing is
the read-only connection, and the rights of its account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.directory.kinds.sql.address import Family
from bubbled.directory.notation import Notation, write
from bubbled.error import DirectoryError
from bubbled.settings.suggestion import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bubbled.model import E164, Extension

# What is no code: comments, texts and quoted names, each to its end, or to that of the query.
_COMMENT: Final = r"--[^\n]*|/\*.*?(?:\*/|\Z)"
# MySQL runs what stands in `/*! ... */`, and takes `5--3` for a subtraction.
_COMMENT_OF_MYSQL: Final = r"--(?=\s|\Z)[^\n]*|\#[^\n]*|/\*(?!M?!).*?(?:\*/|\Z)"
_PLAIN: Final = r"'[^']*(?:'|\Z)|\"[^\"]*(?:\"|\Z)"
_BACKSLASHED: Final = r"'(?:[^'\\]|\\.)*(?:'|\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\Z)"
_NO_CODE: Final = {
    Family.SQLITE: rf"{_COMMENT}|{_PLAIN}|`[^`]*(?:`|\Z)|\[[^\]]*(?:\]|\Z)",
    Family.POSTGRESQL: rf"{_COMMENT}|\b[eE]'(?:[^'\\]|\\.)*(?:'|\Z)|{_PLAIN}|(\$\w*\$).*?(?:\1|\Z)",
    Family.MARIADB: rf"{_COMMENT_OF_MYSQL}|{_BACKSLASHED}|`[^`]*(?:`|\Z)",
}
# Neither a cast (`::text`) nor a part of something else (`a[1:2]`).
_PARAMETER: Final = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")
_BEGINS: Final = re.compile(r"[\s(]*(\w*)")
_INTO: Final = re.compile(r"\binto\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT.

    Attributes:
        text: as SQLAlchemy's `text` wants it: every colon that begins no parameter is escaped.
        notations: those that it names, in their order, each once.
    """

    text: str
    notations: tuple[Notation, ...]

    def values(self, number: E164 | Extension) -> Mapping[str, str]:
        """What to bind to its parameters, by their names."""
        return {notation.value: write(number, notation) for notation in self.notations}


def read_query(text: str, family: Family) -> Query:
    """Read a query such as `SELECT name, phone FROM customer WHERE phone IN (:e164, :national)`.

    Raises:
        DirectoryError: it is no SELECT, or more than one statement, or names no notation, or an unknown one.
    """
    pieces = tuple(_pieces(text, family))
    code = "".join(
        piece if is_code else " x " for piece, is_code in pieces if is_code or not _is_comment(piece)
    )
    _check(code.strip())
    notations = tuple(dict.fromkeys(_notation(found[1]) for found in _PARAMETER.finditer(code)))
    if not notations:
        raise DirectoryError(
            f"query names no number to look for; compare a column with one of {_parameters()}"
        )
    written = "".join(_escaped(piece) if is_code else piece.replace(":", r"\:") for piece, is_code in pieces)
    return Query(written.strip(), notations)


def _pieces(text: str, family: Family) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and of each whether it is code."""
    end = 0
    for found in re.finditer(_NO_CODE[family], text, re.DOTALL):
        yield text[end : found.start()], True
        yield found[0], False
        end = found.end()
    yield text[end:], True


def _is_comment(piece: str) -> bool:
    return piece.startswith(("--", "/*", "#"))


def _check(code: str) -> None:
    if ";" in code.rstrip("; \t\r\n"):
        raise DirectoryError("query holds more than one statement; leave one SELECT")
    begins = _BEGINS.match(code)
    word = begins[1] if begins else ""
    if word.upper() not in {"SELECT", "WITH"}:
        raise DirectoryError(f'query must be a SELECT, but begins with "{word[:20]}"; it may only read')
    if _INTO.search(code):
        raise DirectoryError("query writes with INTO; leave that out, because it may only read")


def _notation(name: str) -> Notation:
    try:
        return Notation(name.lower())
    except ValueError:
        near = nearest(name, list(Notation))
        hint = f'did you mean ":{near}"?' if near else f"known are {_parameters()}"
        raise DirectoryError(f'query has the unknown parameter ":{name[:40]}"; {hint}') from None


def _parameters() -> str:
    return ", ".join(f":{notation}" for notation in Notation)


def _escaped(code: str) -> str:
    """Code in which only its parameters keep their plain colon, and without the semicolon that ends it."""
    pieces = []
    end = 0
    for found in _PARAMETER.finditer(code):
        pieces += [code[end : found.start()].replace(":", r"\:"), f":{found[1].lower()}"]
        end = found.end()
    return "".join([*pieces, code[end:].replace(":", r"\:")]).replace(";", "")
