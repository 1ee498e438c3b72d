"""What may be shown to others of an exchange with a source, and what stands for the rest. Pure.

The rule is not to find what is private, but to keep only what cannot be:

- Of a request: what the preset writes into every request. The number that was asked about is replaced by one
  that stands in for it, in its notation; secrets and variables by their names; what came from an earlier
  answer (ids, page tokens) by what stands for it there; host and headers are left out.
- Of an answer: its structure, names of fields and whole texts that are words of the preset or stand in the
  request too, true, false, null and numbers below 1,000. Each other text, names of other fields among them,
  is replaced by one of its shape, always the same for the same text: `Jan Jansen` by `Xxx Xxxxxx`, other
  phone numbers by `00-00000001`, times by `2001-01-01`, addresses by such of no host. The number is replaced
  as in requests.
"""

from __future__ import annotations

import re
import tomllib
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from bubbled.directory.http.stand_in import Disguise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from urllib.parse import SplitResult

    from bubbled.model import E164

SOURCE: Final = "https://source.example"
"""Stands for the host that was asked, whatever it is."""

_ELSEWHERE = "https://elsewhere.example"
_LINK = re.compile(r"https?://|/\w", re.IGNORECASE)
_PATH_SIGNS = ":@$,()'*"
_SMALL = 1000
_FOR_READERS = frozenset({"about", "variables", "secrets"})
_WORD = re.compile(r"[\w@$.-]+")
_SHORTEST_PRIVATE = 4
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[T ]\d\d:\d\d\S*)?\Z")
_KEPT_SIGNS = frozenset(" \t\n!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def words_of(preset: str) -> frozenset[str]:
    """The words that a preset (its TOML text) compares and asks with; not those that are for its readers.

    Comments, and the tables `about`, `variables` and `secrets`, hold examples: names and numbers.
    """
    document = tomllib.loads(preset)
    asking = {key: value for key, value in document.items() if key not in _FOR_READERS}
    words = {word for text in _texts(asking) for word in _WORD.findall(text)}
    return frozenset(words.union(*(word.split(".") for word in words)))


class Blanking:
    """Blanks the exchanges of one lookup, and remembers what stands for what."""

    def __init__(
        self, number: E164, *, private: Mapping[str, str] | None = None, known: frozenset[str] = frozenset()
    ) -> None:
        """Blank a lookup of `number`; `variables` tells what stands for what is private.

        Args:
            number: that is asked about.
            private: by name what the user's settings hold, secrets and variables; of less than four signs it
                is no secret, and stays.
            known: texts that may stay; see `words_of`.

        Raises:
            DirectoryError: no other number can stand in for this one.
        """
        self._disguise = Disguise(number)
        self.variables: Final = {name: _stand_in(name, value) for name, value in (private or {}).items()}
        secrets = ((value, self.variables[name]) for name, value in (private or {}).items())
        self._private = sorted(
            (pair for pair in secrets if len(pair[0]) >= _SHORTEST_PRIVATE),
            key=lambda pair: len(pair[0]),
            reverse=True,
        )
        self._known = known
        self._own: set[str] = set()
        self._given = dict(self._private)
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._host = ""

    @property
    def stand_in(self) -> E164:
        """The number to ask about when the exchange is replayed."""
        return self._disguise.stand_in

    # Requests

    def url(self, url: str) -> str:
        """The address of a request, at `SOURCE`."""
        parts = urlsplit(url)
        self._host = parts.netloc
        return SOURCE + self._location(parts, self._asked)

    def question(self, value: Any) -> Any:
        """The JSON value of a request's body."""
        if isinstance(value, dict):
            return {self._asked(key): self.question(child) for key, child in value.items()}
        if isinstance(value, list):
            return [self.question(child) for child in value]
        if isinstance(value, str):
            return self._asked(value)
        if isinstance(value, int) and not isinstance(value, bool):
            blanked = self._asked(str(value))
            return int(blanked) if blanked.lstrip("-").isdecimal() else blanked
        return value

    def form(self, text: str) -> str:
        """A request's body of another kind: fields of a form."""
        fields = parse_qsl(text, keep_blank_values=True)
        return urlencode([(self._asked(key), self._asked(value)) for key, value in fields])

    def _asked(self, text: str) -> str:
        """A part of a request: what the preset writes stays."""
        if text in self._given and not self._is_known(text):
            return self._given[text]
        pieces = self._disguise.split(text)
        blanked = "".join(piece if is_number else self._named(piece) for piece, is_number in pieces)
        if blanked == text:
            self._own.add(text)
        return blanked

    def _is_known(self, text: str) -> bool:
        return text in self._own or text in self._known

    def _named(self, text: str) -> str:
        """With the names of secrets and variables in their places."""
        for value, instead in self._private:
            text = text.replace(value, instead)
        return text

    # Answers

    def answer(self, value: Any) -> Any:
        """The JSON value of an answer."""
        if isinstance(value, dict):
            return {self._answered(key): self.answer(child) for key, child in value.items()}
        if isinstance(value, list):
            return [self.answer(child) for child in value]
        if isinstance(value, str):
            return self._answered(value)
        if isinstance(value, float) and not value.is_integer():
            return 0.0
        if isinstance(value, int | float) and abs(value) >= _SMALL:
            return type(value)(self._answered(str(abs(int(value)))))
        return value

    def _answered(self, text: str) -> str:
        """A text of an answer: only what the request holds too, or the preset, stays."""
        if not text or (
            self._is_known(text) and self._named(text) == text and not self._disguise.finds(text)
        ):
            return text
        if text not in self._given:
            self._given[text] = self._placeholder(text)
        return self._given[text]

    def _placeholder(self, text: str) -> str:
        parts = _link(text)
        if parts is not None and parts.netloc not in {"", self._host}:
            return self._distinct(_ELSEWHERE + "/0")
        if parts is not None:
            return (SOURCE if parts.netloc else "") + self._location(parts, self._answered)
        if self._disguise.finds(text):
            return "".join(
                piece if is_number else _shape(piece) for piece, is_number in self._disguise.split(text)
            )
        if time := _TIME.match(text):
            return "2001-01-01" + (f"{text[10]}00:00:00Z" if time["time"] else "")
        return self._distinct(_shape(text))

    def _distinct(self, shape: str) -> str:
        """A text of this shape that stands for nothing else."""
        for number in count(self._numbers.get(shape, 0)):
            text = _numbered(shape, number)
            if text not in self._taken:
                break
        self._numbers[shape] = number + 1
        self._taken.add(text)
        return text

    def _location(self, parts: SplitResult, blanked: Callable[[str], str]) -> str:
        """Path and query, each part of them blanked."""
        path = "/".join(quote(blanked(unquote(step)), safe=_PATH_SIGNS) for step in parts.path.split("/"))
        fields = parse_qsl(parts.query, keep_blank_values=True)
        query = urlencode([(blanked(key), blanked(value)) for key, value in fields], quote_via=quote)
        return f"{path}?{query}" if query else path


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _texts(child)


def _stand_in(name: str, value: str) -> str:
    """What stands for a variable: its name, or, where there must perhaps be a number, one."""
    if len(value) < _SHORTEST_PRIVATE:
        return value
    return f"9{'0' * (len(value) - 1)}" if value.isdecimal() else name.upper()


def _link(text: str) -> SplitResult | None:
    """The parts of an address, whole or on the same host."""
    try:
        return urlsplit(text) if _LINK.match(text) else None
    except ValueError:
        return None


def _shape(text: str) -> str:
    """Of a text only where there are capitals, digits and signs."""
    shape = "".join(_sign(sign) for sign in text)
    # A number must not begin with zeros, which are lost where it is read as one.
    return f"1{shape[1:]}" if shape.strip("0") == "" and len(shape) > 1 else shape


def _sign(sign: str) -> str:
    if sign in _KEPT_SIGNS:
        return sign
    if sign.isdigit():
        return "0"
    return "X" if sign.isupper() else "x"


def _numbered(shape: str, number: int) -> str:
    """The shape with a number written into its zeros, from behind, or after it where they are too few."""
    left = str(number) if number else ""
    signs = list(shape)
    for position in range(len(signs) - 1, -1, -1):
        if left and signs[position] == "0":
            signs[position], left = left[-1], left[:-1]
    return "".join(signs) + (str(number) if left else "")
