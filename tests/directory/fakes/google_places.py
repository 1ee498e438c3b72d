"""A fake of Google Places API (New), built from its documented wire format.

- developers.google.com/maps/documentation/places/web-service/text-search: path, body, mandatory field mask,
  that an answer without places is `{}`, that a phone number must have its country code (V).
- .../place-details: path, that ids may become obsolete, which is answered with NOT_FOUND (V).
- cloud.google.com/apis/design/errors: the shape of errors (V); which reason comes with which status, and that
  other places with similar numbers are found too (K).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from tests.directory.fakes.base import Fake, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LARGEST_PAGE = 20

_SIMILAR_DIGITS = 6
"""So many last digits alike: Google takes the number for what somebody typed, not for a key."""


@dataclass
class GooglePlaces(Fake):
    """Google Places with an API key.

    Attributes:
        places: as Google documents each field; see `bakery`.
    """

    title: ClassVar[str] = "Google Places"
    token: str = "AIzaSy-1234"
    places: list[dict[str, Any]] = field(default_factory=list)

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"token": self.token}

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.post("/v1/places:searchText", self._search)
        yield web.get("/v1/places/{id}", self._details)

    def admit(self, request: web.Request) -> None:
        if request.headers.get("X-Goog-Api-Key") != self.token:
            raise self.expired()

    def expired(self) -> RefusedError:
        return refused(400, "INVALID_ARGUMENT", "API_KEY_INVALID")

    def limited(self) -> RefusedError:
        return refused(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")

    def broken(self) -> RefusedError:
        return refused(500, "INTERNAL")

    async def _search(self, request: web.Request) -> web.Response:
        mask = _mask(request)
        body = await request.json()
        if not body.get("textQuery") or not 0 < body.get("pageSize", LARGEST_PAGE) <= LARGEST_PAGE:
            raise refused(400, "INVALID_ARGUMENT")
        found = [place for place in self.places if _is_alike(place, body["textQuery"])]
        wanted = [name.removeprefix("places.") for name in mask]
        shown = [_masked(place, wanted) for place in found[: body.get("pageSize", LARGEST_PAGE)]]
        return web.json_response({"places": shown} if shown else {})

    async def _details(self, request: web.Request) -> web.Response:
        mask = _mask(request)
        for place in self.places:
            if place["id"] == request.match_info["id"]:
                return web.json_response(_masked(place, mask))
        raise refused(404, "NOT_FOUND")


def bakery(**changes: Any) -> dict[str, Any]:
    """A place with every field that is used, and one that is not."""
    return {
        "id": "ChIJbakery",
        "displayName": {"text": "Bakkerij Bart", "languageCode": "nl"},
        "formattedAddress": "Damrak 1, 1012 LG Amsterdam, Nederland",
        "addressComponents": [
            {"longText": "1", "shortText": "1", "types": ["street_number"], "languageCode": "nl"},
            {"longText": "Amsterdam", "shortText": "Amsterdam", "types": ["locality", "political"]},
        ],
        "websiteUri": "https://bakkerijbart.example/",
        "internationalPhoneNumber": "+31 20 123 4567",
        "rating": 4.5,
    } | changes


def refused(status: int, name: str, reason: str | None = None) -> RefusedError:
    """An error as Google's APIs write it."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
    error = {"code": status, "message": "Call +31 20 123 4567.", "status": name}
    return RefusedError(status, {"error": error | ({"details": [info]} if reason else {})})


def _mask(request: web.Request) -> list[str]:
    mask = request.headers.get("X-Goog-FieldMask", "")
    if not mask:
        raise refused(400, "INVALID_ARGUMENT")
    return mask.split(",")


def _masked(place: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if name in names}


def _is_alike(place: dict[str, Any], query: str) -> bool:
    digits, stored = (re.sub(r"\D", "", text) for text in (query, place.get("internationalPhoneNumber", "")))
    return query.startswith("+") and digits[-_SIMILAR_DIGITS:] == stored[-_SIMILAR_DIGITS:]
