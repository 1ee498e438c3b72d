"""A text of settings in pieces, each with whether others may read it. Pure.

The text may be broken in any line, so nothing is taken for granted: it is read from quote to quote, and only
what stands by a key that is known as harmless is open.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.settings.privacy import Fate, Fates, after_secret_key, passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s.=\[\]{},#"':]+)"""
_NAMES: Final = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADER: Final = re.compile(rf"[ \t]*\[{{1,2}}[ \t]*(?P<keys>{_NAMES})[ \t]*\]{{0,2}}[ \t\r]*(?=\n|#|\Z)")
_KEY: Final = re.compile(rf"[ \t]*(?P<keys>{_NAMES})[ \t]*(?:=|:(?!/))")
_ASTRAY_KEY: Final = re.compile(rf"{_NAMES}[ \t]*=")
_OLD_KEY: Final = re.compile(rf"#+[ \t]*(?P<keys>{_NAMES})[ \t]*=")
_STEP: Final = re.compile(_NAME)
_TOKEN: Final = re.compile(
    r'''(?P<long>"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5})'''
    r"""|(?P<quoted>"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?)"""
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<sign>[\[\]{},=\n]|[ \t\r]+)"
    r"""|(?P<bare>[^\s\[\]{},=#"']+|.)""",
    re.DOTALL,
)
_CLOSED: Final = re.compile(r""""(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_TABLE: Final = re.compile(r"=[ \t]*\{")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and what becomes of it."""

    text: str
    fate: Fate = Fate.OPEN


def pieces_of(text: str) -> Iterator[Piece]:
    """The text in pieces, from its beginning to its end; none that is hidden goes over the end of a line."""
    return _Reader(text, Fates(), Fate.OPEN).pieces()


class _Reader:
    """Reads a text once, from its beginning to its end."""

    def __init__(self, text: str, fates: Fates, section: Fate, *, is_comment: bool = False) -> None:
        self._text = text
        self._is_comment = is_comment
        self._fates = fates
        self._section = section
        self._fate = Fate.UNKNOWN
        self._open: list[tuple[str, Fate]] = []
        self._at = 0
        self._has_hidden = False
        self._has_text = False
        self._awaits_value = False

    def pieces(self) -> Iterator[Piece]:
        while self._at < len(self._text):
            if self._at == 0 or self._text[self._at - 1] == "\n":
                yield from self._line()
            if self._fate.is_shown and _ASTRAY_KEY.match(self._text, self._at):
                yield from self._key(self._open[-1][1] if self._open else self._section)
            elif token := _TOKEN.match(self._text, self._at):
                self._at = token.end()
                yield from self._token(token)

    @property
    def _rest_of_line(self) -> str:
        return self._text[self._at :].partition("\n")[0]

    def _line(self) -> Iterator[Piece]:
        """What a line begins with: a header, a key, or what goes on from the line before."""
        self._has_hidden = self._has_text = self._awaits_value = False
        line = self._rest_of_line
        hidden = self._hidden_from(line) if _is_astray(line) else None
        if hidden is not None:
            yield from self._shown_up_to(self._at + hidden)
            yield from self._hidden_up_to(self._at + len(line[hidden:]))
        elif header := _HEADER.match(self._text, self._at):
            self._section = self._fate = self._fates.inside(Fate.OPEN, _steps(header["keys"]))
            self._open = []
            yield from self._shown_up_to(header.end())
        elif _KEY.match(self._text, self._at):
            is_inside = bool(self._open) and not self._open[-1][1].is_shown
            if not is_inside or self._text[: self._at].rstrip()[-1:] not in {"{", ","}:
                self._open = []
            yield from self._key(self._open[-1][1] if self._open else self._section)
        elif not self._open:
            self._fate = Fate.UNKNOWN

    def _key(self, around: Fate) -> Iterator[Piece]:
        if key := _KEY.match(self._text, self._at):
            self._fate = self._fates.inside(around, _steps(key["keys"]))
            self._has_text, self._awaits_value = False, True
            yield from self._shown_up_to(key.end())

    def _shown_up_to(self, end: int) -> Iterator[Piece]:
        yield Piece(self._text[self._at : end])
        self._at = end

    def _hidden_from(self, line: str) -> int | None:
        """From where on a line is not to be trusted whose quotes have gone astray; None: from nowhere."""
        key = _KEY.match(line)
        if key and not self._fates.inside(self._section, _steps(key["keys"])).is_shown:
            return None  # its key hides all of it
        if key is None and not (self._open and self._fate.is_shown):
            return 0
        table = _TABLE.search(line)
        places = [place for place in (table and table.end(), after_secret_key(line)) if place is not None]
        return min(places, default=None)

    def _hidden_up_to(self, end: int) -> Iterator[Piece]:
        yield from _line_by_line(self._text[self._at : end], Fate.SECRET)
        self._at = end

    def _token(self, token: re.Match[str]) -> Iterator[Piece]:
        match token.lastgroup:
            case "sign":
                yield Piece(token[0])
                yield from self._sign(token[0])
            case "comment":
                yield from self._comment(token[0])
            case "bare":
                yield from self._value("", token[0], "")
            case _:
                quote = token[0][:3] if token.lastgroup == "long" else token[0][0]
                inner = token[0].removeprefix(quote)
                is_closed = inner.endswith(quote)
                yield from self._value(quote, inner.removesuffix(quote), quote if is_closed else "")

    def _sign(self, sign: str) -> Iterator[Piece]:
        match sign:
            case "{" | "[":
                self._open.append((sign, self._fate))
                self._awaits_value = False
            case "}" | "]" if self._open:
                self._fate, self._has_text = self._open.pop()[1], True
            case "=":
                self._fate = Fate.UNKNOWN  # there is no key before it
            case _:
                pass
        if sign in {"{", ","} and self._open and self._open[-1][0] == "{":
            self._fate = Fate.UNKNOWN  # until there is a key
            yield from self._key(self._open[-1][1])

    def _value(self, before: str, inner: str, after: str) -> Iterator[Piece]:
        yield Piece(before)
        # A second text right behind the first is not the value of this key.
        fate = Fate.UNKNOWN if self._has_text and not self._open else self._fate
        self._has_text, self._awaits_value = self._has_text or bool(before), False
        if not fate.is_shown:
            self._has_hidden = True
            yield from _line_by_line(inner, fate)
        elif "\n" in inner:
            yield from _lines_of_text(inner)
        else:
            yield from _without_passwords(inner)
        yield Piece(after)

    def _comment(self, comment: str) -> Iterator[Piece]:
        """A comment may hold a setting that was, and beside a secret its predecessor."""
        if self._has_hidden or (self._awaits_value and not self._fate.is_shown):
            yield Piece("#")
            yield from _line_by_line(comment[1:], Fate.UNKNOWN)
        elif (old := _OLD_KEY.match(comment)) and not self._is_comment:
            yield Piece(comment[: old.start("keys")])
            setting = comment[old.start("keys") :]
            yield from _Reader(setting, self._fates, self._section, is_comment=True).pieces()
        else:
            yield from _lines_of_text(comment)


def _line_by_line(text: str, fate: Fate) -> Iterator[Piece]:
    """Hide each line of a text by itself, so that all lines keep their numbers."""
    for line in text.splitlines(keepends=True):
        inner = line.rstrip("\r\n")
        if inner.strip():
            yield Piece(inner, fate)
            yield Piece(line[len(inner) :])
        else:
            yield Piece(line)


def _lines_of_text(text: str) -> Iterator[Piece]:
    """Text of several lines may be settings between quotes that do not belong together."""
    for line in text.splitlines(keepends=True):
        hidden = after_secret_key(line)
        if hidden is None:
            yield from _without_passwords(line)
        else:
            yield Piece(line[:hidden])
            yield from _line_by_line(line[hidden:], Fate.SECRET)


def _is_astray(line: str) -> bool:
    """Whether quotes on a line do not come in pairs, or not where they should."""
    rest = _CLOSED.sub("\0", line.partition(" #")[0])
    return any(quote in rest for quote in "\"'") or re.search(r"\0[\0\w]|\w\0", rest) is not None


def _without_passwords(text: str) -> Iterator[Piece]:
    at = 0
    for start, end in passwords(text):
        yield Piece(text[at:start])
        yield Piece(text[start:end], Fate.SECRET)
        at = end
    yield Piece(text[at:])


def _steps(keys: str) -> Iterator[str]:
    for written in _STEP.findall(keys):
        try:
            yield next(iter(tomllib.loads(f"{written} = 0"))) if written[0] in "\"'" else written
        except ValueError:
            yield written
