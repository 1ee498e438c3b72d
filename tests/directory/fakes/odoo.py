"""Fakes of Odoo's two APIs, built from their documented wire format and from Odoo's source.

- odoo.com/documentation/19.0/developer/reference/external_api.html and addons/rpc/controllers/json2.py: path,
  headers, named arguments, 404 for an unknown model or method, 422 for arguments that do not fit (V).
- addons/phone_validation/models/mail_thread_phone.py: what `phone_mobile_search` strips, that + and 00 are
  alike, that `=` tells national from international notation, three characters at least (V).
- That `mobile` is gone in 19 and that an unknown field is a ValueError (V); its text and status 500, the
  answers to wrong keys, limits of odoo.com (K).

`odoo_domain` evaluates the conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import phonenumbers
from aiohttp import web

from tests.directory.fakes import odoo_domain
from tests.directory.fakes.base import Fake, Person, RefusedError
from tests.directory.fakes.oauth import bearer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Record = dict[str, Any]

_PARTNER = (
    "id",
    "active",
    "city",
    "commercial_company_name",
    "display_name",
    "email",
    "is_company",
    "name",
    "parent_id",
    "phone",
    "phone_mobile_search",
    "phone_sanitized",
    "write_date",
)
_MESSAGE = ("id", "body", "message_type", "model", "res_id", "subject", "subtype_xmlid")


class OdooError(Exception):
    """What Odoo's code raises; `name` is the Python name that its answers tell."""

    def __init__(self, name: str, message: str, status: int) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.status = status

    def serialized(self) -> Record:
        return {
            "name": self.name,
            "message": self.message,
            "arguments": [self.message],
            "context": {},
            "debug": f"Traceback (most recent call last):\n  ...\n{self.name}: {self.message}\n",
        }


@dataclass
class Odoo(Fake):
    """What both APIs of Odoo ask: partners, and messages in which calls are logged.

    Attributes:
        database: its name.
        region: the country of the company, for numbers without country code.
        has_mobile: whether partners have a field `mobile`, as before Odoo 19.
    """

    database: str = "bubbled"
    token: str = "0ef5b399e9ee9c11b053dfb6eeba8de473c29fcd"
    region: str = "NL"
    has_mobile: bool = True

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"token": self.token}

    def call(self, model: str, method: str, ids: list[int], arguments: Mapping[str, Any]) -> Any:
        """Run a method of a model as both APIs do, with arguments by name."""
        if model not in ("res.partner", "mail.message"):
            raise OdooError("werkzeug.exceptions.NotFound", f"the model {model!r} does not exist", 404)
        match method:
            case "search_read":
                return self._search_read(model, **arguments)
            case "fields_get":
                return {name: {"type": "char", "name": name} for name in self._names(model)}
            case "message_post" if model == "res.partner":
                return self._post(ids, **arguments)
            case "create" if model == "mail.message":
                return [self._create(values) for values in arguments["vals_list"]]
        raise OdooError("werkzeug.exceptions.NotFound", f"The method '{model}.{method}' does not exist", 404)

    def _search_read(  # noqa: PLR0913 - the names that Odoo takes
        self,
        model: str,
        *,
        domain: list[Any] | None = None,
        fields: list[str] | None = None,
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,  # noqa: ARG002 - Odoo takes it; the fake keeps its own order
    ) -> list[Record]:
        names = self._names(model)
        for name in fields or ():
            if name not in names:
                raise OdooError("builtins.ValueError", f"Invalid field {name!r} on {model!r}", 500)
        try:
            found = odoo_domain.search(self._records(model), domain or [], names)
        except odoo_domain.DomainError as error:
            raise OdooError(error.name, str(error), 422 if error.is_users_fault else 500) from error
        end = None if limit is None else offset + limit
        wanted = ["id", *(fields or names)]
        return [{name: record.get(name, False) for name in wanted} for record in found[offset:end]]

    def _names(self, model: str) -> tuple[str, ...]:
        if model == "mail.message":
            return _MESSAGE
        return (*_PARTNER, "mobile") if self.has_mobile else _PARTNER

    def _records(self, model: str) -> list[Record]:
        if model == "mail.message":
            return self.logged
        return [self._partner(person) for person in self.people]

    def _partner(self, person: Person) -> Record:
        """Empty fields are False; `parent_id` is a pair."""
        mobile = {"mobile": person.mobile or False} if self.has_mobile else {}
        # Odoo 19 has one field, which takes the mobile number when there is no other.
        phone = person.phone if self.has_mobile else person.phone or person.mobile
        return {
            "id": int(person.id),
            "active": True,
            "city": person.city or False,
            "commercial_company_name": person.company or False,
            "display_name": f"{person.company}, {person.name}" if person.company else person.name,
            "email": person.email or False,
            "is_company": person.is_company,
            "name": person.name,
            "parent_id": [7, person.company] if person.company and not person.is_company else False,
            "phone": phone or False,
            "phone_sanitized": self._sanitized((person.mobile if self.has_mobile else "") or phone),
            "write_date": person.last_contact.replace("T", " ").removesuffix("Z"),
            **mobile,
        }

    def _sanitized(self, text: str) -> str | bool:
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException:
            return False
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def _post(self, ids: list[int], **values: Any) -> int:
        known = {int(person.id) for person in self.people}
        if len(ids) != 1 or ids[0] not in known:
            raise OdooError("odoo.exceptions.MissingError", "Record does not exist or has been deleted.", 404)
        return self._create({"model": "res.partner", "res_id": ids[0], **values})

    def _create(self, values: Mapping[str, Any]) -> int:
        unknown = sorted(set(values) - set(_MESSAGE))
        if unknown:
            raise OdooError("builtins.ValueError", f"Invalid field {unknown[0]!r} in 'mail.message'", 500)
        message = {**values, "id": int(self.next_id())}
        self.keep(message)
        return int(message["id"])


@dataclass
class OdooJsonRpc(Odoo):
    """Odoo up to 21 at /jsonrpc: the status is always 200, errors stand in the answer."""

    title: ClassVar[str] = "Odoo JSON-RPC"
    user_id: int = 2

    def routes(self) -> Iterable[web.RouteDef]:
        return (web.post("/jsonrpc", self._serve_rpc),)

    def admit(self, request: web.Request) -> None:
        """The key stands in the body, where `_execute` looks at it."""

    def expired(self) -> RefusedError:
        return _rpc_error(OdooError("odoo.exceptions.AccessDenied", "Access Denied", 200))

    def limited(self) -> RefusedError:
        return RefusedError(429, "<html><title>429 Too Many Requests</title></html>")

    def broken(self) -> RefusedError:
        return _rpc_error(OdooError("psycopg2.OperationalError", "server closed the connection", 200))

    async def _serve_rpc(self, request: web.Request) -> web.Response:
        question = await request.json()
        parameters = question["params"]
        try:
            result = self._run(parameters["service"], parameters["method"], parameters["args"])
        except OdooError as error:
            raise _rpc_error(error, question.get("id")) from error
        return web.json_response({"jsonrpc": "2.0", "id": question.get("id"), "result": result})

    def _run(self, service: str, method: str, arguments: list[Any]) -> Any:
        match service, method:
            case "common", "version":
                return {"server_version": "18.0", "protocol_version": 1}
            case "common", ("authenticate" | "login"):
                database, _, key = arguments[:3]
                return self.user_id if (database, key) == (self.database, self.token) else False
            case "object", "execute_kw":
                return self._execute(*arguments)
        raise OdooError("builtins.KeyError", f"Method not found: {service}.{method}", 200)

    def _execute(  # noqa: PLR0913, PLR0917 - the order in which Odoo takes them
        self,
        database: str,
        user: int,
        key: str,
        model: str,
        method: str,
        positional: list[Any],
        named: Mapping[str, Any] | None = None,
    ) -> Any:
        if (database, user, key) != (self.database, self.user_id, self.token):
            raise OdooError("odoo.exceptions.AccessDenied", "Access Denied", 200)
        arguments = dict(named or {})
        ids: list[int] = []
        match method, positional:
            case "search_read", [domain, *_]:
                arguments["domain"] = domain
            case "message_post", [list(ids), *_]:
                pass
            case "message_post", [int(one), *_]:
                ids = [one]
            case "create", [values]:
                several = values if isinstance(values, list) else [values]
                made = self.call(model, method, [], {"vals_list": several})
                return made if isinstance(values, list) else made[0]
        return self.call(model, method, ids, arguments)


@dataclass
class OdooJson2(Odoo):
    """Odoo from 19 at /json/2: plain HTTP, arguments by name."""

    title: ClassVar[str] = "Odoo JSON-2"
    has_mobile: bool = False

    def routes(self) -> Iterable[web.RouteDef]:
        return (web.post("/json/2/{model}/{method}", self._serve_json),)

    def admit(self, request: web.Request) -> None:
        if bearer(request) != self.token:
            raise self.expired()
        if request.headers.get("X-Odoo-Database", self.database) != self.database:
            raise RefusedError(404, "<!doctype html><title>404 Not Found</title>")

    def expired(self) -> RefusedError:
        return _json2_error(OdooError("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401))

    def limited(self) -> RefusedError:
        return RefusedError(429, "<html><title>429 Too Many Requests</title></html>")

    def broken(self) -> RefusedError:
        return _json2_error(OdooError("psycopg2.OperationalError", "server closed the connection", 500))

    async def _serve_json(self, request: web.Request) -> web.Response:
        arguments = await request.json()
        ids = arguments.pop("ids", [])
        arguments.pop("context", None)
        model, method = request.match_info["model"], request.match_info["method"]
        try:
            result = self._run(model, method, ids, arguments)
        except OdooError as error:
            raise _json2_error(error) from error
        except TypeError as error:
            unfit_arguments = OdooError("werkzeug.exceptions.UnprocessableEntity", str(error), 422)
            raise _json2_error(unfit_arguments) from error
        # Records come back as a list of their ids, also a single one.
        return web.json_response([result] if method == "message_post" else result)

    def _run(self, model: str, method: str, ids: list[int], arguments: Mapping[str, Any]) -> Any:
        if method in ("search_read", "create", "fields_get") and ids:
            unfit = f"cannot call {model}.{method} with ids"
            raise OdooError("werkzeug.exceptions.UnprocessableEntity", unfit, 422)
        return self.call(model, method, ids, arguments)


def _rpc_error(error: OdooError, identity: Any = None) -> RefusedError:
    described = {"code": 200, "message": "Odoo Server Error", "data": error.serialized()}
    return RefusedError(200, {"jsonrpc": "2.0", "id": identity, "error": described})


def _json2_error(error: OdooError) -> RefusedError:
    return RefusedError(error.status, error.serialized())
