"""Recordings of what a source was asked and answered, blanked, for others to check a preset against.

A recording is a file of JSON lines: first
`{"recording": 1, "number": "+31634567890", "variables": {"domain": "DOMAIN"}}` with the number to ask about
and the settings to ask with, then for each exchange
`{"request": {"method", "url", "body"}, "response": {"status", "headers", "body"}}`, where a body is
`{"json": value}`, `{"text": text}` or null. Nothing in it is as it was, see `blanking`.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict, deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from bubbled.directory.http.port import Response
from bubbled.error import DirectoryError
from bubbled.number import to_e164
from bubbled.settings.small_file import read_small_file

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.http.blanking import Blanking
    from bubbled.directory.http.port import Request, Transport
    from bubbled.model import E164

_VERSION = 1
_LARGEST_BYTES = 32 * 1024 * 1024
_KEPT_HEADERS = {
    "content-type": frozenset({"application/json", "text/html", "application/vnd.api+json"}),
    "retry-after": frozenset(map(str, range(3601))),
}
"""What an answer's headers may say in a recording."""


class RecordingTransport:
    """Writes every exchange down, blanked, as it goes by.

    It belongs around the transport that adds the credentials, so that it never sees them.
    """

    def __init__(self, transport: Transport, file: Path, blanking: Blanking) -> None:
        """Send through `transport`, which is closed in the end, and write to `file`, which must be new.

        Raises:
            DirectoryError: the file exists, or cannot be written.
        """
        self._transport = transport
        self._file = file
        self._blanking = blanking
        head = {"recording": _VERSION, "number": blanking.stand_in, "variables": blanking.variables}
        self._write(head, os.O_CREAT | os.O_EXCL)

    async def send(self, request: Request) -> Response:
        """See `Transport.send`. What fails without an answer is not written.

        Raises:
            DirectoryError: the recording cannot be written, either.
        """
        response = await self._transport.send(request)
        self._write({"request": self._asked(request), "response": self._answered(response)}, os.O_APPEND)
        return response

    async def aclose(self) -> None:
        """See `Transport.aclose`."""
        await self._transport.aclose()

    def _asked(self, request: Request) -> dict[str, Any]:
        url = self._blanking.url(request.url)
        return {"method": request.method, "url": url, "body": self._body(request.body)}

    def _body(self, body: bytes | None) -> dict[str, Any] | None:
        if body is None:
            return None
        try:
            return {"json": self._blanking.question(json.loads(body))}
        except (ValueError, RecursionError):
            return {"text": self._blanking.form(body.decode(errors="replace"))}

    def _answered(self, response: Response) -> dict[str, Any]:
        said = {name: value.partition(";")[0].strip() for name, value in response.headers.items()}
        headers = {name: value for name, value in said.items() if value in _KEPT_HEADERS.get(name, ())}
        body: dict[str, Any] | None = {"text": "<html></html>" if _is_page(response) else "blanked"}
        with suppress(ValueError, RecursionError):
            body = {"json": self._blanking.answer(json.loads(response.body))}
        return {"status": response.status, "headers": headers, "body": body if response.body else None}

    def _write(self, line: dict[str, Any], flags: int) -> None:
        try:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CLOEXEC | flags, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise DirectoryError(
                f"the recording {self._file} cannot be written ({error.strerror}): give another file"
            ) from None


class ReplayTransport:
    """Answers from a recording, each request as it was answered then; asked again, as the last time."""

    def __init__(self, file: Path) -> None:
        """Answer from `file`; scheme and host of a request do not matter, see `blanking.SOURCE`.

        Ask about `number`, with what `variables` has of the settings.

        Raises:
            DirectoryError: it cannot be read, or is no recording.
        """
        self._file = file
        self._answers: dict[str, deque[Response]] = defaultdict(deque)
        try:
            content, _ = read_small_file(file, _LARGEST_BYTES)
            lines = [json.loads(line) for line in content.splitlines()]
            self.number: Final = _number(lines[0]["number"])
            self.variables: Final = dict(lines[0]["variables"])
            for line in lines[1:]:
                self._answers[_key_of(line["request"])].append(_response(line["response"]))
        except OSError as error:
            raise DirectoryError(f"the recording {file} cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            raise DirectoryError(f"{file} is no recording of a directory") from None

    async def send(self, request: Request) -> Response:
        """The answer of the recording.

        Raises:
            DirectoryError: it holds no such request.
        """
        body = request.body
        asked: dict[str, Any] = {"method": request.method, "url": request.url, "body": None}
        if body is not None:
            try:
                asked["body"] = {"json": json.loads(body)}
            except ValueError:
                asked["body"] = {"text": body.decode(errors="replace")}
        answers = self._answers.get(_key_of(asked))
        if not answers:
            raise DirectoryError(
                f"the recording {self._file} holds no such request; has the preset changed since?"
            )
        return answers.popleft() if len(answers) > 1 else answers[0]

    async def aclose(self) -> None:
        """Nothing is open."""


def _key_of(request: dict[str, Any]) -> str:
    """What makes two requests the same: all but scheme and host, and however it is quoted."""
    parts = urlsplit(request["url"])
    query = parse_qsl(parts.query, keep_blank_values=True)
    body = request["body"] or {}
    if "text" in body:
        body = {"text": parse_qsl(body["text"], keep_blank_values=True)}
    return json.dumps([request["method"], unquote(parts.path), query, body], sort_keys=True)


def _number(text: str) -> E164:
    number = to_e164(text, "ZZ")
    if number is None:
        raise ValueError("no number")
    return number


def _response(response: dict[str, Any]) -> Response:
    body = response["body"] or {"text": ""}
    text = json.dumps(body["json"]) if "json" in body else body["text"]
    return Response(int(response["status"]), dict(response["headers"]), text.encode())


def _is_page(response: Response) -> bool:
    return response.body.lstrip()[:1] == b"<"
