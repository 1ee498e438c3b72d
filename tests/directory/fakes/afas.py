"""A fake of AFAS Profit's REST API, built from its documented wire format.

- help.afas.nl/help/NL/SE/App_Cnr_Rest_GET.htm and App_Cnr_Rest_Api.htm: path, the token as Base64 of XML,
  `skip` and `take`, `rows`; that the fields, values and operators of a filter stand in three lists (V).
- help.afas.nl/help/NL/SE/App_Con_GS-Local_Get_Filter_xml.htm: the operators; 6 looks for `%text%` (V).
- help.afas.nl/help/NL/SE/120612.htm: 401 for a wrong token and for a connector that the token may not use,
  400 for a request that is none, 500 with a text for one that is refused, 503 for maintenance (V).
- That a comma joins filters by and, a semicolon by or; the keys of an error; that text is compared without
  regard to case; that a limit is a 429 (K).
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, Person, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SCHEME = "AfasToken "


@dataclass
class Afas(Fake):
    """One environment of AFAS with a GetConnector that its owner made for us."""

    title: ClassVar[str] = "AFAS"
    token: str = "<token><version>1</version><data>0E6824699F40129E254DB96441233E32</data></token>"
    connector: str = "Bubbled_Contacts"

    @property
    def credentials(self) -> Mapping[str, str]:
        """The token as AFAS shows it to its user, XML and all."""
        return {"token": self.token}

    def routes(self) -> Iterable[web.RouteDef]:
        root = "/{service:profitrestservices|ProfitRestServices}"
        return (web.get(f"{root}/connectors/{{connector}}", self._list),)

    def admit(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        expected = _SCHEME + base64.b64encode(self.token.encode()).decode()
        if given != expected or request.match_info.get("connector") != self.connector:
            raise self.expired()

    def expired(self) -> RefusedError:
        return RefusedError(401, {"externalMessage": "Unauthorized"})

    def limited(self) -> RefusedError:
        return RefusedError(429, None)

    def broken(self) -> RefusedError:
        return _refused("Er is een fout opgetreden.")

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        skip, take = int(query.get("skip", 0)), int(query.get("take", 100))
        names = _row(Person("0", "")).keys()
        filters = _filters(query)
        for name in (name for group in filters for name, _, _ in group):
            if name not in names:
                raise _refused(f"Het veld {name} is niet aanwezig in de GetConnector.")
        rows = [_row(person) for person in self.people]
        found = [row for row in rows if not filters or any(all(_fits(row, *f) for f in g) for g in filters)]
        return web.json_response({"skip": skip, "take": take, "rows": found[skip : skip + take]})


def _row(person: Person) -> dict[str, Any]:
    """The columns that the owner chose; empty ones are null."""
    return {
        "Id": person.id,
        "Name": person.name,
        "Company": person.company or None,
        "IsCompany": person.is_company,
        "Phone": person.phone or None,
        "Mobile": person.mobile or None,
        "Email": person.email or None,
        "City": person.city or None,
        "Modified": person.last_contact,
    }


def _filters(query: Mapping[str, str]) -> list[list[tuple[str, str, str]]]:
    """Groups of which one must fit, of conditions that must all fit: name, value, operator."""
    lists = [query.get(key, "") for key in ("filterfieldids", "filtervalues", "operatortypes")]
    if not lists[0]:
        return []
    groups = [text.split(";") for text in lists]
    if len({len(group) for group in groups}) != 1:
        raise RefusedError(400, {"externalMessage": "Het aantal filters klopt niet."})
    made = []
    for names, values, operators in zip(*groups, strict=True):
        parts = [names.split(","), values.split(","), operators.split(",")]
        if len({len(part) for part in parts}) != 1:
            raise RefusedError(400, {"externalMessage": "Het aantal filters klopt niet."})
        made.append(list(zip(*parts, strict=True)))
    return made


def _fits(row: Mapping[str, Any], name: str, value: str, operator: str) -> bool:
    stored = str(row[name] or "").lower()
    match operator:
        case "1":
            return stored == value.lower()
        case "6":
            pattern = "".join({"%": ".*"}.get(c, re.escape(c)) for c in value.lower())
            return re.fullmatch(pattern, stored) is not None
        case "10":
            return stored.startswith(value.lower())
        case "13":
            return stored.endswith(value.lower())
    raise _refused("Het operatortype is onbekend.")


def _refused(text: str) -> RefusedError:
    return RefusedError(500, {"externalMessage": text, "profitLogReference": "8B7D3C5A"})
