"""From what a server answers to its data, or to what the user should know and do. Pure.

Nothing that the server wrote reaches the user but its short error code: prose could hold numbers and names.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.directory.http.port import Response

DEEPEST: Final = 64
"""How many objects and lists may stand within one another."""

MOST_VALUES: Final = 100_000
"""How many objects, lists and values in them an answer may hold. Reading so many takes some 30 milliseconds,
during which no call is heard; a page of 250 contacts has some 20,000."""

_NO_CONTENT = 204
_CLIENT_ERROR = 400
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERROR = 500
_UNAVAILABLE = 503

_RATE = re.compile(r"limit|quota|exhaust|throttl|too_?many", re.IGNORECASE)
_CODE = re.compile(r"(?=.{2,60}\Z)(?!(?:\D*\d){5})[A-Za-z][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*\Z")
_CODE_KEYS = ("errorCode", "error_code", "errorType", "code", "reason", "category", "status", "error")
_MOST_CODES = 20
_SECONDS = re.compile(r"\s*(\d{1,9})(?:\.\d*)?\s*\Z")
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class RefusalError(DirectoryError):
    """The source refuses this question, and will again: wrong address, no such record, a mistake in it.

    Attributes:
        status: of HTTP: 400, 404, 410, 422 and so on; never 401, 403 or 429.
        codes: short error codes in the answer, outermost first: `INVALID_ARGUMENT`, `syncStateNotFound`.
    """

    def __init__(self, text: str, status: int, codes: tuple[str, ...]) -> None:
        super().__init__(text)
        self.status = status
        self.codes = codes


def data(response: Response, source: str, now: datetime) -> Any:
    """The JSON value of an answer; None for 204 and an empty answer, with which some sources say "nobody".

    Args:
        response: as it came.
        source: how the user knows it, usually the host; errors begin with it.
        now: with zone; for `Retry-After` as a date.

    Raises:
        CredentialsError: 401, or 403 for any other reason than too many questions.
        BusyError: too many questions: 429; 503 that says when to come back; 403 with such a code.
        RefusalError: any other 4xx.
        DirectoryError: 5xx, a redirect, or something that is no JSON.
    """
    if response.status == _NO_CONTENT:
        return None
    if not 200 <= response.status < 300:  # noqa: PLR2004 - what HTTP calls success
        raise refusal(response, source, now)
    return None if not response.body.strip() else parsed(response, source)


def refusal(  # noqa: PLR0911 - one for each thing that the user can do
    response: Response, source: str, now: datetime
) -> DirectoryError:
    """What an answer that is no success means; see `data`."""
    status, codes = response.status, error_codes(response)
    said = f"{source} answers {status}" + (f" ({codes[0]})" if codes else "")
    pause_s = retry_after_s(response, now)
    is_rate = status == _FORBIDDEN and any(_RATE.search(code) for code in codes)
    if is_rate or status == _TOO_MANY or (status == _UNAVAILABLE and pause_s is not None):
        return BusyError(f"{said}: it is asked too much for now; it is left alone for a while", pause_s)
    if status == _UNAUTHORIZED:
        return CredentialsError(
            f"{said}: it does not accept our account; check key, password or consent in the settings"
        )
    if status == _FORBIDDEN:
        return CredentialsError(f"{said}: our account may not read there; let its administrator allow it")
    if status == _NOT_FOUND:
        return RefusalError(f"{said}: there is nothing at that address; check it", status, codes)
    if _CLIENT_ERROR <= status < _SERVER_ERROR:
        return RefusalError(f"{said}: it does not understand the question; check the preset", status, codes)
    if status >= _SERVER_ERROR:
        return DirectoryError(f"{said}: it has trouble of its own; it is asked again at the next call")
    return DirectoryError(f"{said}, which is no answer; check the address in the settings")


def parsed(response: Response, source: str) -> Any:
    """The body of an answer as JSON value, in which every text can be written as UTF-8.

    Raises:
        DirectoryError: it is a web page, no JSON, nested beyond `DEEPEST`, or more than `MOST_VALUES`.
    """
    if _is_page(response):
        raise DirectoryError(f"{source} answers with a web page, not with data; is the address right?")
    if _is_too_much(response.body):
        raise DirectoryError(
            f"{source} answers with more than {MOST_VALUES} values, which are not read: "
            "does the question ask for few contacts, and for few fields of each?"
        )
    try:
        value = _loaded(response.body)
        is_too_deep = _is_deeper(value, DEEPEST)
    except ValueError:
        raise DirectoryError(
            f"{source} answers with something that is no JSON; is the address right?"
        ) from None
    except RecursionError:
        is_too_deep = True
    if is_too_deep:
        raise DirectoryError(f"{source} answers with data that is nested too deep; is the address right?")
    return value


def error_codes(response: Response) -> tuple[str, ...]:
    """The short codes by which the answer names what is wrong, outermost first, each once."""
    if _is_too_much(response.body):
        return ()
    try:
        value = _loaded(response.body)
        codes = dict.fromkeys(islice(_codes(value, DEEPEST), _MOST_CODES))
    except (ValueError, RecursionError):
        return ()
    return tuple(codes)


def is_code(text: str) -> bool:
    """Whether it is a short code, which may be told: no prose, and of digits too few for a phone number."""
    return _CODE.match(text) is not None


def retry_after_s(response: Response, now: datetime) -> float | None:
    """How long the server asks to be left alone (RFC 9110, 10.2.3); None where it does not say."""
    text = response.headers.get("retry-after", "")[:100]
    if seconds := _SECONDS.match(text):
        return float(seconds[1])
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def _is_page(response: Response) -> bool:
    kind = response.headers.get("content-type", "").lower()
    return kind.startswith("text/html") or response.body.lstrip()[:1] == b"<"


def _is_too_much(body: bytes) -> bool:
    """By what stands around values, which is counted a hundred times faster than they are read."""
    return sum(body.count(sign) for sign in b",[{") > MOST_VALUES


def _loaded(body: bytes) -> Any:
    value = json.loads(body, parse_constant=_refuse)
    if not _LONE_SURROGATE.search(body):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _is_deeper(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _codes(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key in _CODE_KEYS:
            code = value.get(key)
            if isinstance(code, str) and is_code(code):
                yield code
    if depth:
        for child in _children(value):
            yield from _codes(child, depth - 1)
