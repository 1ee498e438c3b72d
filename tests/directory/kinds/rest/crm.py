"""A CRM of nobody's make, as the preset `generic` expects it before anybody changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import bearer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass
class PlainCrm(Fake):
    """Finds a number by its digits, whatever stands between them."""

    title: ClassVar[str] = "a CRM"
    token: str = "key-1"

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"token": self.token}

    def routes(self) -> Iterable[web.RouteDef]:
        return (web.get("/contacts", self._search),)

    def admit(self, request: web.Request) -> None:
        if bearer(request) != self.token:
            raise self.expired()

    def expired(self) -> RefusedError:
        return RefusedError(401, {"error": "unauthorized"})

    def limited(self) -> RefusedError:
        return RefusedError(429, {"error": "slow down"}, {"Retry-After": "7"})

    def broken(self) -> RefusedError:
        return RefusedError(500, {"error": "sorry"})

    async def _search(self, request: web.Request) -> web.Response:
        wanted = _digits(request.query["phone"])
        found = [person for person in self.people if wanted in map(_digits, person.numbers)]
        return web.json_response({"contacts": [_shown(person) for person in found]})


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def _shown(person: Person) -> dict[str, Any]:
    return {
        "id": int(person.id),
        "name": None if person.is_company else person.name,
        "company": person.name if person.is_company else person.company,
        "phones": list(person.numbers),
        "email": person.email,
        "city": person.city,
        "last_contact": person.last_contact,
    }
