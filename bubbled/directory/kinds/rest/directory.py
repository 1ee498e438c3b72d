"""A directory that asks a provider for each number, in the way that a preset describes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.http.address import checked, place
from bubbled.directory.kinds.rest.call import BASE_URL
from bubbled.directory.kinds.rest.exchange import exchange
from bubbled.directory.kinds.rest.mapping import entries_of, id_of, records_in
from bubbled.directory.kinds.rest.request import detail_request, request_for
from bubbled.directory.kinds.rest.value import NUMBER
from bubbled.directory.kinds.rest.variables import values_of
from bubbled.directory.notation import every, write
from bubbled.directory.port import BusyError, CredentialsError, Disclosure, Phase, Rate, State
from bubbled.directory.verification import verified
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bubbled.directory.call_log.port import CallWriter
    from bubbled.directory.entry import Entry
    from bubbled.directory.http.port import Request, Transport
    from bubbled.directory.kinds.rest.preset import Preset, RecordMapping
    from bubbled.directory.kinds.rest.template import Template
    from bubbled.model import E164, Contact, Extension

MOST_DETAILS: Final = 5
"""Contacts of one search that are looked at more closely, where a preset says so."""

_READY = State(Phase.READY)


class RestDirectory:
    """The contacts of one account at a provider that can search by number."""

    def __init__(  # noqa: PLR0913 - each is named where it is given
        self,
        name: str,
        preset: Preset,
        variables: Mapping[str, str],
        transport: Transport,
        *,
        region: str,
        timeout_s: float,
        call_writer: CallWriter | None = None,
    ) -> None:
        """Ask by `preset`, over `transport`, which adds the credentials and is closed in the end.

        Args:
            name: what the user calls it.
            preset: one with `searches`.
            variables: what the user gave for those of the preset.
            transport: see `transport.transport_for`.
            region: where national notation there belongs.
            timeout_s: how long all answers together may take.
            call_writer: writes calls into the same account.

        Raises:
            ConfigError: variables are missing, or are not the preset's.
            DirectoryError: `base_url` is no address that may be asked.
        """
        self.name: Final = name
        self.timeout_s: Final = timeout_s
        self.call_writer: Final = call_writer
        self._preset = preset
        self._variables = values_of(preset, variables)
        self._host = place(checked(self._variables[BASE_URL]))
        self._transport = transport
        self._region = region

    @property
    def count(self) -> None:
        """Only the provider knows."""

    @property
    def state(self) -> State:
        """Ready: whether the provider answers shows when it is asked."""
        return _READY

    @property
    def is_local(self) -> bool:
        """Each answer comes over the network."""
        return False

    @property
    def may_be_kept(self) -> bool:
        """As the preset says of the provider's terms."""
        return self._preset.may_be_kept

    @property
    def rate(self) -> Rate | None:
        """How many numbers may be looked up: the provider counts each of the requests that one takes."""
        limit = self._preset.rate
        if limit is None:
            return None
        requests = sum(search.count for search in self._preset.searches)
        return Rate(max(1, limit.count // requests), limit.per_s)

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        """All requests go to the one host of the preset."""
        notations = tuple(
            dict.fromkeys(notation for search in self._preset.searches for notation in search.notations)
        )
        return (Disclosure(self._host, every(number, notations)),)

    async def start(self) -> None:
        """Nothing goes on in the background."""

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """See `port.Directory`. All requests of the preset are made at once.

        One that fails is an error only when none of the others finds somebody.
        """
        questions = tuple(self._questions(number))
        answers = await asyncio.gather(
            *(self._ask(*question) for question in questions), return_exceptions=True
        )
        entries: dict[object, Entry] = {}
        errors = []
        for (position, _), answer in zip(questions, answers, strict=True):
            if isinstance(answer, BaseException):
                errors.append(answer)
            else:  # a contact is found again by another notation
                entries |= {(position, entry.id or id(entry)): entry for entry in answer}
        found = verified(entries.values(), number, region=self._region, directory=self.name)
        if errors and not found:
            raise _worst(errors)
        return found

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    def _questions(self, number: E164 | Extension) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Each request of the preset, by the position of its search, with the values that go into it."""
        for position, search in enumerate(self._preset.searches):
            written = {notation.value: write(number, notation) for notation in search.notations}
            for turn in every(number, search.each) or (None,):
                values = {**self._variables, **written}
                yield position, values if turn is None else {**values, NUMBER: turn}

    async def _ask(self, position: int, values: Mapping[str, str]) -> Sequence[Entry]:
        search = self._preset.searches[position]
        document = await self._exchange(request_for(search, values))
        if document is None:
            return ()
        where = self._where(position)
        records = records_in(document, search.mapping, where)
        if search.detail is not None:
            records = await self._details(search.detail, search.mapping, records)
        return entries_of(records, search.mapping, self._variables, where)

    async def _details(
        self, path: Template, mapping: RecordMapping, records: Sequence[Mapping[str, Any]]
    ) -> Sequence[Mapping[str, Any]]:
        """All that is known of the first few contacts that were found."""
        ids = [id_ for record in records[:MOST_DETAILS] if (id_ := id_of(record, mapping))]
        answers = await asyncio.gather(
            *(self._exchange(detail_request(path, self._variables, id_)) for id_ in ids),
            return_exceptions=True,
        )
        errors = [answer for answer in answers if isinstance(answer, BaseException)]
        if errors:
            raise _worst(errors)
        return [answer for answer in answers if isinstance(answer, dict)]

    async def _exchange(self, request: Request) -> Any:
        return await exchange(self._transport, request, self._preset.errors)

    def _where(self, position: int) -> str:
        """How the preset's file calls the mapping of a request."""
        return "mapping" if len(self._preset.searches) == 1 else f"search[{position + 1}].mapping"


def _worst(errors: Sequence[BaseException]) -> BaseException:
    """What is told: a defect of ours, else what only the user can mend, else a wish for a pause."""
    return min(errors, key=_rank)


def _rank(error: BaseException) -> int:
    match error:
        case CredentialsError():
            return 1
        case BusyError():
            return 2
        case DirectoryError():
            return 3
        case _:
            return 0
