"""Fetching all contacts of a provider that cannot search by number, and then what has changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.http.address import checked, place
from bubbled.directory.http.answer import RefusalError
from bubbled.directory.kinds.rest.call import BASE_URL
from bubbled.directory.kinds.rest.exchange import exchange
from bubbled.directory.kinds.rest.mapping import entry_of, id_of, records_in
from bubbled.directory.kinds.rest.paging import first_request, newer, next_request, token_after
from bubbled.directory.kinds.rest.variables import values_of
from bubbled.directory.local.feed import Fetched
from bubbled.directory.port import Disclosure
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.directory.entry import Entry
    from bubbled.directory.http.port import Transport
    from bubbled.directory.kinds.rest.preset import Preset, Sync

    Progress = Callable[[int, int | None], None]

MOST_PAGES: Final = 20_000
MOST_CONTACTS: Final = 1_000_000
MOST_CHARACTERS: Final = 200_000_000
"""Of all contacts that are fetched at once, which are in memory together."""

_GONE = 410
_AT_ONCE = 100  # records, each some ten microseconds for every expression; then calls have their turn


@dataclass(slots=True)
class _Haul:
    """What was fetched so far, from all requests of the preset; `characters` are those of its entries."""

    progress: Progress
    entries: dict[str, Entry] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    total: int | None = None
    characters: int = 0

    def add(self, id_: str, entry: Entry | None) -> None:
        """Take in a contact; None: it is no more."""
        earlier = self.entries.pop(id_, None)
        self.characters += _length(entry) - _length(earlier)
        if entry is None:
            self.gone.add(id_)
        else:
            self.entries[id_] = entry
            self.gone.discard(id_)
        if len(self.entries) + len(self.gone) > MOST_CONTACTS or self.characters > MOST_CHARACTERS:
            raise DirectoryError(
                f"there are more than {MOST_CONTACTS} contacts, or as much text as of so many, which bubbled "
                "does not keep; narrow the query of the preset"
            )

    def tell(self, sync: Sync, document: object) -> None:
        """How far it is."""
        total = None if sync.total is None else sync.total.find(document)
        if isinstance(total, int) and not isinstance(total, bool) and total > 0:
            self.total = total
        self.progress(len(self.entries), self.total)


class RestFeed:
    """The contacts of one account, for the local index; see `local.feed.Feed`."""

    def __init__(self, preset: Preset, variables: Mapping[str, str], transport: Transport) -> None:
        """Fetch by `preset`, over `transport`, which adds the credentials and is closed in the end.

        Args:
            preset: one with `syncs`.
            variables: what the user gave for those of the preset.
            transport: see `transport.transport_for`.

        Raises:
            ConfigError: variables are missing, or are not the preset's.
            DirectoryError: `base_url` is no address that may be asked.
        """
        self._preset = preset
        self._variables = values_of(preset, variables)
        self._host = place(checked(self._variables[BASE_URL]))
        self._transport = transport
        self._asks = _digest(preset, self._variables)

    async def fetch(self, since: str | None, progress: Progress) -> Fetched:
        """See `Feed.fetch`. Where the provider limits how often it may be asked, pages come at that pace.

        After a change of the preset or its variables everything is fetched again.
        """
        tokens = self._tokens_in(since)
        try:
            return await self._fetch(tokens, progress)
        except RefusalError as refusal:
            if not tokens or not self._tells_of_age(refusal):
                raise
            return await self._fetch({}, progress)

    def disclosures(self) -> tuple[Disclosure, ...]:
        """See `Feed.disclosures`."""
        return (Disclosure(self._host, ()),)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    def _tells_of_age(self, refusal: RefusalError) -> bool:
        known = {code for sync in self._preset.syncs if sync.changes for code in sync.changes.expired}
        return refusal.status == _GONE or not known.isdisjoint(refusal.codes)

    def _tokens_in(self, since: str | None) -> Mapping[str, str]:
        """What to ask each request with, as `_written` kept it; empty when that is of no use any more."""
        try:
            kept = json.loads(since or "null")
        except ValueError:
            return {}
        match kept:
            case {"asks": self._asks, "tokens": dict(tokens)}:
                return {str(name): str(token) for name, token in tokens.items()}
            case _:
                return {}

    def _written(self, tokens: Mapping[str, str]) -> str | None:
        """To be kept; None when one of the requests can only fetch everything."""
        if len(tokens) < len(self._preset.syncs):
            return None
        return json.dumps({"asks": self._asks, "tokens": tokens})

    async def _fetch(self, tokens: Mapping[str, str], progress: Progress) -> Fetched:
        haul = _Haul(progress)
        later = {}
        for position, sync in enumerate(self._preset.syncs):
            token = await self._fetch_one(position, sync, tokens.get(sync.name), haul)
            if token is not None:
                later[sync.name] = token
        return Fetched(
            entries=haul.entries,
            gone=frozenset(haul.gone),
            token=self._written(later),
            is_all=not tokens,
        )

    async def _fetch_one(self, position: int, sync: Sync, token: str | None, haul: _Haul) -> str | None:
        """Take in all pages of one request. Returns what to ask with the next time."""
        where = "mapping" if len(self._preset.syncs) == 1 else f"sync[{position + 1}].mapping"
        first = first_request(sync, self._variables, token)
        request = first
        newest = token
        asked: set[str] = set()
        while request.url not in asked and len(asked) < MOST_PAGES:
            asked.add(request.url)
            document = await exchange(self._transport, request, self._preset.errors)
            records = () if document is None else records_in(document, sync.mapping, where)
            for taken, record in enumerate(records, 1):
                newest = newer(sync, record, newest)
                self._take(sync, record, haul)
                if taken % _AT_ONCE == 0:
                    await asyncio.sleep(0)
            haul.tell(sync, document)
            following = next_request(sync, first, document, len(asked), len(records))
            if following is None:
                return token_after(sync, document, newest)
            request = following
            await self._pause()
        raise DirectoryError(f"{self._host} gives pages without end; check paging in the preset")

    def _take(self, sync: Sync, record: Mapping[str, Any], haul: _Haul) -> None:
        id_ = id_of(record, sync.mapping)
        if id_ is None:
            return
        gone = sync.changes.gone if sync.changes else None
        is_gone = gone is not None and gone.find(record) not in (None, False)
        haul.add(id_, None if is_gone else entry_of(record, sync.mapping, self._variables, 0))

    async def _pause(self) -> None:
        if self._preset.rate is not None:
            await asyncio.sleep(self._preset.rate.per_s / self._preset.rate.count)


def _length(entry: Entry | None) -> int:
    """Characters of what makes a contact large."""
    if entry is None:
        return 0
    texts = (
        entry.name,
        entry.company,
        entry.url,
        entry.id,
        *entry.numbers,
        *(text for _, text in entry.fields),
    )
    return sum(len(text) for text in texts if text)


def _digest(preset: Preset, variables: Mapping[str, str]) -> str:
    """Tells apart what is asked, and what is made of the answers."""
    return hashlib.sha256(repr((preset.syncs, sorted(variables.items()))).encode()).hexdigest()[:16]
