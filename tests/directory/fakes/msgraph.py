"""A fake of Microsoft Graph's contacts, built from its documented wire format.

- learn.microsoft.com/graph/api/contact-delta and /graph/delta-query-overview: paths, rounds that go on by
  @odata.nextLink and end with @odata.deltaLink, empty pages in between, `@removed` with a reason, 410 with a
  Location for a token that is not known any more, 40x syncStateNotFound for one that expired (V).
- learn.microsoft.com/graph/throttling: 429 with Retry-After (V). learn.microsoft.com/graph/errors: shape (V).
- Page sizes, the texts of errors (K).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.entra import entra_desk
from tests.directory.fakes.oauth import TokenDesk, bearer
from tests.directory.fakes.snapshot import Snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Record = dict[str, Any]

RETRY_AFTER_S = 10


@dataclass
class MsGraph(Fake):
    """The mailbox of one user.

    Attributes:
        page_size: contacts in one page.
        has_empty_page: a page without contacts comes before the others, as Graph may send.
    """

    title: ClassVar[str] = "Microsoft Graph"
    token_path: ClassVar[str] = "/oauth2/v2.0/token"
    tenant: str = "contoso.onmicrosoft.com"
    oauth: TokenDesk = field(default_factory=lambda: entra_desk("refresh_token", "client_credentials"))
    snapshots: Snapshots = field(default_factory=Snapshots)
    page_size: int = 10
    has_empty_page: bool = False
    _rounds: list[list[Record]] = field(default_factory=list)

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.oauth.credentials

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.post(f"/{self.tenant}/oauth2/v2.0/token", self.oauth.answer)
        for owner in ("me", "users/{user}"):
            yield web.get(f"/v1.0/{owner}/contacts/delta", self._delta)
            yield web.get(f"/v1.0/{owner}/contacts", self._list)

    def admit(self, request: web.Request) -> None:
        if not self.oauth.accepts(bearer(request)):
            raise self.expired()

    def expired(self) -> RefusedError:
        return _refused(
            401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."
        )

    def limited(self) -> RefusedError:
        refused = _refused(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
        return RefusedError(429, refused.body, {"Retry-After": str(RETRY_AFTER_S)})

    def broken(self) -> RefusedError:
        return _refused(500, "ErrorInternalServerError", "An internal server error occurred.")

    def id_of(self, person: Person) -> str:
        return f"AAMkAGI2{person.id.zfill(8)}="

    async def _delta(self, request: web.Request) -> web.Response:
        query = request.query
        if "$filter" in query or "$search" in query:
            raise _refused(
                400, "ErrorInvalidUrlQuery", "The query parameter is not supported for change tracking."
            )
        if "$skiptoken" in query:
            number, _, start = query["$skiptoken"].partition("-")
            return self._page(request, int(number), int(start))
        self._rounds.append(self._rows(request, query.get("$deltatoken")))
        if self.has_empty_page:
            return self._told(request, [], {"@odata.nextLink": self._link(request, len(self._rounds), 0)})
        return self._page(request, len(self._rounds), 0)

    def _rows(self, request: web.Request, token: str | None) -> list[Record]:
        if token is None:
            return [self._contact(person) for person in self.people]
        try:
            changed, gone = self.snapshots.changes(token, self.people)
        except KeyError as error:
            again = {"Location": f"{self.url}{request.path}"}
            refused = _refused(410, "syncStateNotFound", "The sync state generation is not found.")
            raise RefusedError(410, refused.body, again) from error
        removed = [{"id": self.id_of(person), "@removed": {"reason": "deleted"}} for person in gone]
        return [self._contact(person) for person in changed] + removed

    def _page(self, request: web.Request, number: int, start: int) -> web.Response:
        rows, end = self._rounds[number - 1], start + self.page_size
        if end < len(rows):
            return self._told(request, rows[start:end], {"@odata.nextLink": self._link(request, number, end)})
        token = self.snapshots.take(self.people)
        link = f"{self.url}{request.path}?$deltatoken={token}"
        return self._told(request, rows[start:], {"@odata.deltaLink": link})

    def _link(self, request: web.Request, number: int, start: int) -> str:
        return f"{self.url}{request.path}?$skiptoken={number}-{start}"

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        if "Phone" in query.get("$filter", "") or "phone" in query.get("$filter", ""):
            raise _refused(
                400, "ErrorInvalidUrlQueryFilter", "The query filter contains an unsupported property."
            )
        top, skip = int(query.get("$top", self.page_size)), int(query.get("$skip", 0))
        rows = [self._contact(person) for person in self.people[skip : skip + top]]
        more = skip + top < len(self.people)
        link = f"{self.url}{request.path}?$top={top}&$skip={skip + top}"
        return self._told(request, rows, {"@odata.nextLink": link} if more else {})

    def _told(self, request: web.Request, rows: list[Record], links: Record) -> web.Response:
        context = f"{self.url}/v1.0/$metadata#{request.path.removeprefix('/v1.0/')}"
        return web.json_response({"@odata.context": context, **links, "value": rows})

    def _contact(self, person: Person) -> Record:
        """A mailbox has persons only; a company is a contact with just a company's name."""
        name = "" if person.is_company else person.name
        emails = [{"name": person.name, "address": person.email}] if person.email else []
        return {
            "@odata.etag": 'W/"EQAAABYAAAC"',
            "id": self.id_of(person),
            "lastModifiedDateTime": person.last_contact,
            "displayName": name,
            "givenName": None if person.is_company else person.first or None,
            "surname": None if person.is_company else person.last,
            "companyName": person.name if person.is_company else person.company or None,
            "businessPhones": [person.phone] if person.phone else [],
            "homePhones": list(person.others),
            "mobilePhone": person.mobile or None,
            "emailAddresses": emails,
            "businessAddress": {"city": person.city} if person.city else {},
        }


def _refused(status: int, code: str, message: str) -> RefusedError:
    inner = {
        "date": "2026-11-01T09:30:00",
        "request-id": "11112222-3333-4444-5555-666677778888",
        "client-request-id": "11112222-3333-4444-5555-666677778888",
    }
    return RefusedError(status, {"error": {"code": code, "message": message, "innerError": inner}})
