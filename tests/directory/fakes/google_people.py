"""A fake of Google's People API, built from its documented wire format.

- developers.google.com/people/api/rest/v1/people.connections/list: path, parameters and their limits, that
  all of them must be as in the first call of a series, `metadata.deleted`, nextSyncToken on the last page,
  EXPIRED_SYNC_TOKEN as the reason of an ErrorInfo (V); its status 400 (V in clients' code).
- developers.google.com/people/api/rest/v1/people/searchContacts: prefixes only, after a call that warms it
  up, 30 results at most (V).
- cloud.google.com/apis/design/errors: the shape of errors (V); texts, `canonicalForm` (K).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import phonenumbers
from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import TokenDesk, bearer
from tests.directory.fakes.snapshot import Snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Record = dict[str, Any]

MOST_IN_PAGE = 1000
MOST_FOUND = 30

_SERIES = ("pageToken", "syncToken", "requestSyncToken")


@dataclass
class GooglePeople(Fake):
    """The contacts of one user.

    Attributes:
        region: the country of the user's account, for numbers without country code.
    """

    title: ClassVar[str] = "Google People"
    token_path: ClassVar[str] = "/token"
    region: str = "NL"
    oauth: TokenDesk = field(default_factory=lambda: TokenDesk(lifetime=3599))
    snapshots: Snapshots = field(default_factory=Snapshots)
    _rounds: list[tuple[Mapping[str, str], list[Record]]] = field(default_factory=list)
    _parameters: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _is_warm: bool = False

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.post("/token", self.oauth.answer),
            web.get("/v1/people/me/connections", self._connections),
            web.get("/v1/people:searchContacts", self._search),
        )

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request)):
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")

    def limited(self) -> RefusedError:
        return _refused(
            429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Critical read requests'."
        )

    def broken(self) -> RefusedError:
        return _refused(500, "INTERNAL", "Internal error encountered.")

    def id_of(self, person: Person) -> str:
        return f"people/c{person.id}"

    async def _connections(self, request: web.Request) -> web.Response:
        query = request.query
        if not query.get("personFields"):
            raise _refused(400, "INVALID_ARGUMENT", "personFields mask is required.")
        size = int(query.get("pageSize", 0)) or 100
        if not 0 < size <= MOST_IN_PAGE:
            raise _refused(400, "INVALID_ARGUMENT", "Page size must be within the limits.")
        fixed = {name: value for name, value in query.items() if name not in _SERIES}
        if "pageToken" in query:
            number, _, start = query["pageToken"].partition("-")
            return self._page(query, fixed, int(number), int(start))
        self._rounds.append((fixed, self._rows(query.get("syncToken"), fixed)))
        return self._page(query, fixed, len(self._rounds), 0)

    def _rows(self, token: str | None, fixed: Mapping[str, str]) -> list[Record]:
        if token is None:
            return [self._person(person, fixed["personFields"]) for person in self.people]
        if token in self._parameters and self._parameters[token] != fixed:
            raise _mismatch()
        try:
            changed, gone = self.snapshots.changes(token, self.people)
        except KeyError as error:
            raise _expired_token() from error
        tombs = [{"resourceName": self.id_of(person), "metadata": {"deleted": True}} for person in gone]
        return [self._person(person, fixed["personFields"]) for person in changed] + tombs

    def _page(
        self, query: Mapping[str, str], fixed: Mapping[str, str], number: int, start: int
    ) -> web.Response:
        parameters, rows = self._rounds[number - 1]
        if parameters != fixed:
            raise _mismatch()
        end = start + (int(fixed.get("pageSize", 0)) or 100)
        answer: Record = {}
        if rows[start:end]:
            answer["connections"] = rows[start:end]
        if end < len(rows):
            answer["nextPageToken"] = f"{number}-{end}"
        elif query.get("requestSyncToken") == "true" or "syncToken" in query:
            answer["nextSyncToken"] = self.snapshots.take(self.people)
            self._parameters[answer["nextSyncToken"]] = fixed
        if "syncToken" not in query:
            answer |= {"totalPeople": len(self.people), "totalItems": len(self.people)}
        return web.json_response(answer)

    async def _search(self, request: web.Request) -> web.Response:
        """Words of names and numbers are compared from their beginning only."""
        query, mask = request.query.get("query", ""), request.query.get("readMask", "")
        if not mask:
            raise _refused(400, "INVALID_ARGUMENT", "readMask is required.")
        if not query or not self._is_warm:
            self._is_warm = True
            return web.json_response({})
        found = [person for person in self.people if self._begins(person, query.lower())]
        size = min(int(request.query.get("pageSize", 10)), MOST_FOUND)
        results = [{"person": self._person(person, mask)} for person in found[:size]]
        return web.json_response({"results": results} if results else {})

    def _begins(self, person: Person, query: str) -> bool:
        forms = [self._canonical(number) or number for number in person.numbers]
        return any(word.startswith(query) for word in (*person.name.lower().split(), *person.numbers, *forms))

    def _person(self, person: Person, mask: str) -> Record:
        shown = set(mask.split(","))
        fields = {name: value for name, value in self._fields(person).items() if name in shown and value}
        return {"resourceName": self.id_of(person), "etag": "%EgUBAi43PRoE", **fields}

    def _fields(self, person: Person) -> Record:
        kinds = [("work", person.phone), ("mobile", person.mobile)] + [("home", n) for n in person.others]
        name = {
            "displayName": person.name,
            "givenName": person.first,
            "familyName": person.last,
        }
        employer = person.name if person.is_company else person.company
        return {
            "names": [] if person.is_company else [name],
            "organizations": [{"name": employer}] if employer else [],
            "phoneNumbers": [self._number(number, kind) for kind, number in kinds if number],
            "emailAddresses": [{"value": person.email}] if person.email else [],
            "addresses": [{"city": person.city}] if person.city else [],
            "metadata": {"sources": [{"type": "CONTACT", "updateTime": person.last_contact}]},
        }

    def _number(self, text: str, kind: str) -> Record:
        canonical = self._canonical(text)
        form = {"canonicalForm": canonical} if canonical else {}
        return {"value": text, "type": kind, **form}

    def _canonical(self, text: str) -> str | None:
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException:
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _mismatch() -> RefusedError:
    return _refused(400, "INVALID_ARGUMENT", "Request parameters must match those of the first call.")


def _expired_token() -> RefusedError:
    refused = _refused(400, "FAILED_PRECONDITION", "Sync token is expired. Clear local cache and retry call.")
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    info = {"@type": kind, "reason": "EXPIRED_SYNC_TOKEN", "domain": "people.googleapis.com"}
    refused.body["error"]["details"] = [info]
    return refused


def _refused(status: int, name: str, message: str) -> RefusedError:
    return RefusedError(status, {"error": {"code": status, "message": message, "status": name}})
