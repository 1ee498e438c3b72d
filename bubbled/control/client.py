"""The commands' side of the control API; imports nothing that is slow to import."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from bubbled.control.exchange import NotRunningError, answering, whole
from bubbled.control.location import socket_path
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bubbled.control.status import JsonObject

__all__ = ["PATIENT_S", "QUICK_S", "Client", "NotRunningError", "quoted", "understood"]

T = TypeVar("T")

QUICK_S = 5.0
"""For what the daemon knows by heart."""
PATIENT_S = 40.0
"""For what makes the daemon ask others: directories, the PBX."""
_FOLLOWING_S = 60.0
"""The daemon gives a sign of life to those who follow it far more often."""
_OK = 200
_PIECE_BYTES = 65_536


class Client:
    """Asks the daemon behind a control socket (None: behind the usual one)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or socket_path()

    def get(
        self, resource: str, query: Mapping[str, str] | None = None, *, timeout_s: float = QUICK_S
    ) -> Any:
        """Read a resource, such as `/v1/status`.

        Raises:
            ControlError: there is no answer, or a refusal, whose text it carries.
        """
        return self._ask("GET", resource, query, None, timeout_s)

    def post(self, resource: str, body: JsonObject | None = None, *, timeout_s: float = QUICK_S) -> Any:
        """Have something done; errors as with `get`."""
        return self._ask("POST", resource, None, body, timeout_s)

    def delete(
        self, resource: str, query: Mapping[str, str] | None = None, *, timeout_s: float = QUICK_S
    ) -> Any:
        """Take something away; errors as with `get`."""
        return self._ask("DELETE", resource, query, None, timeout_s)

    def changes(self) -> Iterator[Any]:
        """Follow the changes of calls until the daemon stops; errors as with `get`."""
        with self.following() as changes:
            yield from changes

    @contextmanager
    def following(self) -> Iterator[Iterator[Any]]:
        """Follow the changes of calls from when the context begins; none of what is asked next is missed.

        Errors as with `get`.
        """
        with answering(self.path, "GET", "/v1/events", b"", _FOLLOWING_S) as (status, answer):
            if status != _OK:
                raise _refusal(status, whole(answer))
            # Server-sent events: a change is one line of data; other lines are signs of life.
            yield (_parsed(line.removeprefix(b"data:")) for line in answer if line.startswith(b"data:"))

    @contextmanager
    def taking(self, resource: str, query: Mapping[str, str] | None = None) -> Iterator[Iterator[bytes]]:
        """Read a resource that may be large piece by piece; errors as with `get`."""
        with answering(self.path, "GET", _target(resource, query), b"", PATIENT_S) as (status, answer):
            if status != _OK:
                raise _refusal(status, whole(answer))
            yield iter(lambda: answer.read(_PIECE_BYTES), b"")

    def _ask(
        self,
        method: str,
        resource: str,
        query: Mapping[str, str] | None,
        body: JsonObject | None,
        timeout_s: float,
    ) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        with answering(self.path, method, _target(resource, query), content, timeout_s) as (status, answer):
            answered = whole(answer)
        if status != _OK:
            raise _refusal(status, answered)
        return _parsed(answered)


def quoted(segment: str) -> str:
    """Write any text as one segment of a resource's path."""
    from urllib.parse import quote  # noqa: PLC0415  # 5 ms that `status` and `mute` need not pay

    return quote(segment, safe="", errors="replace")


def understood(read: Callable[[Any], T], answer: Any) -> T:
    """Apply one of the `..._from_json` readers to an answer.

    Raises:
        ControlError: the daemon, perhaps of another version, answered in a shape unknown to the reader.
    """
    try:
        return read(answer)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _not_understood() from error


def _target(resource: str, query: Mapping[str, str] | None) -> str:
    if not query:
        return resource
    from urllib.parse import urlencode  # noqa: PLC0415  # as above

    return f"{resource}?{urlencode(query, errors='replace')}"


def _parsed(answered: bytes) -> Any:
    try:
        return json.loads(answered)
    except (ValueError, RecursionError) as error:
        raise _not_understood() from error


def _refusal(status: int, answered: bytes) -> ControlError:
    try:
        return ControlError(str(json.loads(answered)["error"]))
    except (ValueError, RecursionError, KeyError, TypeError):
        return ControlError(
            f"bubbled refused with HTTP status {status}; are it and this command of the same version?"
        )


def _not_understood() -> ControlError:
    return ControlError(
        "This command does not understand what bubbled answered; "
        "if it was just updated, `systemctl --user restart bubbled`."
    )
