"""Writes calls by the `[log_call]` of a preset, and tells what surely happened and what may have."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.call_log.delivery import Event, News
from bubbled.directory.call_log.fact import facts_of, mark_of
from bubbled.directory.http.address import checked, place
from bubbled.directory.http.answer import RefusalError, data
from bubbled.directory.kinds.rest.departure import WatchedRequest
from bubbled.directory.kinds.rest.exchange import error_in, exchange
from bubbled.directory.kinds.rest.request import request_for
from bubbled.directory.kinds.rest.variables import values_of
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import ConfigError, DirectoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.call_log.record import CallRecord
    from bubbled.directory.http.port import Request, Response, Transport
    from bubbled.directory.kinds.rest.log_call import Find, LogCall
    from bubbled.directory.kinds.rest.preset import Errors, Preset
    from bubbled.model import Contact

LIMIT_S: Final = 30.0
"""How long a server may take to write, or to look."""

_FORBIDDEN = 403
_TRY_AGAIN = frozenset({408, 425})
"""The server did not wait for the request, or did not want it so early (RFC 9110, 15.5.9; RFC 8470, 5.2)."""


class RestCallWriter:
    """The calls of one account. See `call_log.port.CallWriter`."""

    def __init__(
        self, preset: Preset, variables: Mapping[str, str], transport: Transport, *, after_s: float
    ) -> None:
        """Write by `preset`, over the transport of the directory, which closes it, and watches requests.

        Raises:
            ConfigError: the preset does not say how calls are written; or variables are missing.
        """
        if preset.log_call is None:
            raise ConfigError(
                f"the preset for {preset.about.title} cannot write calls: leave out log_calls, or "
                "add [log_call] to a copy of the preset"
            )
        self.after_s: Final = after_s
        self._log: LogCall = preset.log_call
        self._errors: Errors = preset.errors
        self._variables = values_of(preset, variables)
        self.account: Final = _digest(self._variables)
        self._transport = transport

    @property
    def look_after_s(self) -> float | None:
        """As the preset says."""
        return None if self._log.find is None else self._log.find.after_s

    def kind_of(self, contact: Contact) -> str | None:
        """What stands in the field that the preset names."""
        return None if self._log.kind is None else dict(contact.fields).get(self._log.kind)

    def takes(self, kind: str | None) -> bool:
        """Whether the preset knows what to put into the request."""
        return self._log.kind is None or kind in self._log.kinds

    async def write(self, record: CallRecord) -> News:
        """See `CallWriter.write`."""
        try:
            request = _watched(request_for(self._log.of_kind(record.kind), self._values(record)))
        except DirectoryError:
            return News(
                Event.REFUSED, "the contact has no place in the request: check [log_call] in the preset"
            )
        try:
            async with asyncio.timeout(LIMIT_S):
                response = await self._transport.send(request)
        except CredentialsError as error:
            return News(Event.DENIED, str(error))
        except (DirectoryError, TimeoutError) as error:
            if request.fate.is_open:
                return _unanswered(_host(request))
            pause_s = error.retry_after_s if isinstance(error, BusyError) else None
            return News(Event.UNSENT, str(error) or f"{_host(request)} cannot be reached in time", pause_s)
        return self._understood(response, _host(request))

    async def look(self, record: CallRecord) -> News:
        """See `CallWriter.look`."""
        find = self._log.find
        if find is None:
            return News(Event.UNCERTAIN, "the preset does not say how to look for it")
        try:
            async with asyncio.timeout(LIMIT_S):
                request = request_for(find, self._values(record))
                found = await exchange(self._transport, request, self._errors)
        except BusyError as error:
            return News(Event.UNCERTAIN, str(error), error.retry_after_s)
        except (DirectoryError, TimeoutError) as error:
            return News(Event.UNCERTAIN, str(error) or "there is no answer to where it is looked for")
        return _looked(found, find, record)

    def _values(self, record: CallRecord) -> Mapping[str, str]:
        words = self._log.words
        return {**self._variables, **facts_of(record, words.direction, words.result)}

    def _understood(self, response: Response, host: str) -> News:
        """What an answer says happened."""
        if response.status in self._log.exists:
            return News(Event.WRITTEN)
        try:
            return self._success(data(response, host, datetime.now(UTC)), host)
        except BusyError as error:
            return News(Event.BUSY, str(error), error.retry_after_s)
        except CredentialsError as error:
            return News(Event.DENIED, self._lack(host) if response.status == _FORBIDDEN else str(error))
        except RefusalError as error:
            return News(Event.UNSENT if error.status in _TRY_AGAIN else Event.REFUSED, str(error))
        except DirectoryError:
            return _unanswered(host)

    def _lack(self, host: str) -> str:
        return f"{host} does not let our account write calls: besides reading, that takes {self._log.rights}"

    def _success(self, document: Any, host: str) -> News:
        error = error_in(document, self._errors, host)
        if isinstance(error, BusyError | CredentialsError):
            raise error
        if self._log.refused is not None and self._log.refused.find(document):
            return News(
                Event.REFUSED, f"{host} does not take the call: check the preset, and the contact there"
            )
        if error is not None:
            raise error
        if self._log.created is not None and not self._log.created.find(document):
            return _unanswered(host)
        return News(Event.WRITTEN)


def _looked(document: Any, find: Find, record: CallRecord) -> News:
    records = [] if document is None else find.records.find(document)
    if not isinstance(records, list):
        return News(
            Event.UNCERTAIN, f'find.records "{find.records.text}" gives no list: mend it in the preset'
        )
    marks = (mark_of(record.mark), record.mark)
    texts = [text for each in records if isinstance(text := find.mark.find(each), str)]
    if any(mark in text for mark in marks for text in texts):
        return News(Event.FOUND)
    if find.most is not None and len(records) >= find.most:
        return News(Event.UNCERTAIN, "too much was written since to tell whether it is there")
    return News(Event.ABSENT)


def _digest(variables: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(variables.items())).encode()).hexdigest()[:16]


def _unanswered(host: str) -> News:
    return News(Event.UNANSWERED, f"{host} did not say whether it took the call")


def _watched(request: Request) -> WatchedRequest:
    return WatchedRequest(**{each.name: getattr(request, each.name) for each in fields(request)})


def _host(request: Request) -> str:
    return place(checked(request.url))
