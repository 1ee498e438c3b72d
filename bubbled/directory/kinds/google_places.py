"""Google Places: who is behind the number of a shop or an office, for when nobody else knows.

Text Search and Place Details of the Places API (New):
https://developers.google.com/maps/documentation/places/web-service/text-search. A question is billed by the
dearest field that it asks for, which is the phone number, without which no answer could be verified.

Google's terms forbid to keep an answer, except for the place's id, and want "Google Maps" and the names of
third parties shown with it: both stand in the field `attribution` of every contact.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from bubbled.directory.entry import Entry
from bubbled.directory.http.address import checked, place
from bubbled.directory.http.answer import RefusalError, data, error_codes
from bubbled.directory.http.authorization import ApiKey, AuthorizedTransport
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.http.port import Request
from bubbled.directory.notation import Notation, write
from bubbled.directory.port import CredentialsError, Disclosure, Phase, State
from bubbled.directory.verification import contact_of, verified
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.directory.http.port import Response, Transport
    from bubbled.directory.port import Secret
    from bubbled.model import E164, Contact, Extension

ATTRIBUTION: Final = "Google Maps"
"""As Google wants it written, in every language."""

_FIELDS = (
    "id",
    "displayName",
    "formattedAddress",
    "addressComponents",
    "websiteUri",
    "internationalPhoneNumber",
    "attributions",
)
_CITY_TYPES = ("locality", "postal_town")

WORDS: Final = frozenset({*_FIELDS, *_CITY_TYPES, "places", "text", "types", "longText", "provider"})
"""By which answers are read: what a recording of them must keep."""

_MOST_PLACES = 5
_NOT_FOUND = 404
_LONGEST_ID = 500
_READY = State(Phase.READY)

_TROUBLES = {
    "API_KEY_INVALID": "the key is wrong or has expired: check it there and in the settings",
    "SERVICE_DISABLED": "the project of the key does not use Places API (New): enable that there",
    "BILLING_DISABLED": "the project of the key has no billing account: link one there",
    "API_KEY_SERVICE_BLOCKED": "the key is not for Places API (New): change its restrictions there",
    "API_KEY_IP_ADDRESS_BLOCKED": "the key is not for this network: change its restrictions there",
    "API_KEY_HTTP_REFERRER_BLOCKED": "the key is for web pages: make another one there",
}
"""What is wrong with the user's account, by the `reason` in Google's errors."""


@dataclass(frozen=True, slots=True)
class GooglePlacesOptions:
    """What the user chose.

    Attributes:
        key: fetches the API key.
        language: of names and addresses, BCP 47: `nl`.
        region: from where places are looked at, two letters (ISO 3166): `NL`.
    """

    key: Secret = field(repr=False)
    language: str
    region: str
    base_url: str = "https://places.googleapis.com"


class GooglePlacesDirectory:
    """Asks Google for the place that has a number; never about extensions."""

    def __init__(
        self, name: str, options: GooglePlacesOptions, timeout_s: float, transport: Transport | None = None
    ) -> None:
        """Ask over `transport`, or over one of its own; the key is put on every request."""
        self.name: Final = name
        self.timeout_s: Final = timeout_s
        self._options = options
        key = ApiKey(options.key, header="X-Goog-Api-Key", template="{}")
        self._transport = AuthorizedTransport(HttpTransport() if transport is None else transport, key)

    @property
    def count(self) -> None:
        """Nobody knows."""

    @property
    def state(self) -> State:
        """Ready: whether Google answers shows when it is asked."""
        return _READY

    @property
    def is_local(self) -> bool:
        """Each answer comes over the network."""
        return False

    @property
    def may_be_kept(self) -> bool:
        """Google's terms forbid it."""
        return False

    @property
    def rate(self) -> None:
        """Google's quota is the user's to set, and Google says when it is used up."""

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        """One host is told the number, in international notation; nobody an extension."""
        if not number.startswith("+"):
            return ()
        return (Disclosure(self._host, (write(number, Notation.INTERNATIONAL_SPACED),)),)

    async def start(self) -> None:
        """Nothing goes on in the background."""

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """See `port.Directory`; contacts are `transient` and have the place's id."""
        if not number.startswith("+"):
            return ()
        question = {
            "textQuery": write(number, Notation.INTERNATIONAL_SPACED),
            "languageCode": self._options.language,
            "regionCode": self._options.region,
            "pageSize": _MOST_PLACES,
        }
        mask = ",".join(f"places.{name}" for name in _FIELDS)
        request = self._request("POST", "/v1/places:searchText", mask, json.dumps(question).encode())
        answer = await self._answer(request)
        found = verified(_entries(answer), number, region=self._options.region, directory=self.name)
        return tuple(replace(contact, transient=True) for contact in found)

    async def refresh(self, place_id: str) -> Contact | None:
        """What Google says now of a place that was found earlier; None when it is no more.

        Raises:
            DirectoryError: as `lookup`.
        """
        query = urlencode({"languageCode": self._options.language, "regionCode": self._options.region})
        path = f"/v1/places/{quote(place_id, safe='')}?{query}"
        try:
            answer = await self._answer(self._request("GET", path, ",".join(_FIELDS)))
        except RefusalError as error:
            if error.status == _NOT_FOUND:
                return None
            raise
        entry = _entry(answer)
        return None if entry is None else replace(contact_of(entry, self.name), transient=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    @property
    def _host(self) -> str:
        return place(checked(self._options.base_url))

    def _request(self, method: str, path: str, mask: str, body: bytes | None = None) -> Request:
        headers = {"X-Goog-FieldMask": mask, "Content-Type": "application/json"}
        return Request(method, self._options.base_url.rstrip("/") + path, headers, body)

    async def _answer(self, request: Request) -> dict[str, Any]:
        response = await self._transport.send(request)
        _check_account(response, self._host)
        answer = data(response, self._host, datetime.now(UTC))
        if not isinstance(answer, dict):
            raise DirectoryError(f"{self._host} answers something else than places; is the address right?")
        return answer


def _check_account(response: Response, host: str) -> None:
    """Say what is wrong with the user's account, for which Google uses 400 and 403."""
    if response.status not in {400, 403}:
        return
    for code in error_codes(response):
        if code in _TROUBLES:
            raise CredentialsError(
                f"{host} refuses to answer; see console.cloud.google.com: {_TROUBLES[code]}"
            )


def _entries(answer: dict[str, Any]) -> Iterator[Entry]:
    places = answer.get("places")
    for found in places if isinstance(places, list) else ():
        entry = _entry(found)
        if entry is not None:
            yield entry


def _entry(found: Any) -> Entry | None:
    """One place; None when it is not what Google documents."""
    if not isinstance(found, dict):
        return None
    identity, title = _text(found.get("id"))[:_LONGEST_ID], _text(found.get("displayName"), "text")
    if not identity or not title:
        return None
    return Entry(
        where=f"place {identity}",
        name=None,
        company=title,
        url=_page(title, identity),
        fields=(
            ("address", _text(found.get("formattedAddress"))),
            ("city", _city(found.get("addressComponents"))),
            ("website", _text(found.get("websiteUri"))),
            ("attribution", ", ".join([ATTRIBUTION, *_providers(found.get("attributions"))])),
        ),
        numbers=(_text(found.get("internationalPhoneNumber")),),
        id=identity,
    )


def _page(title: str, identity: str) -> str:
    """Where Google Maps shows the place (https://developers.google.com/maps/documentation/urls/get-started)."""
    query = urlencode({"api": 1, "query": title, "query_place_id": identity})
    return f"https://www.google.com/maps/search/?{query}"


def _city(components: Any) -> str:
    for component in components if isinstance(components, list) else ():
        kinds = component.get("types") if isinstance(component, dict) else None
        if isinstance(kinds, list) and any(kind in kinds for kind in _CITY_TYPES):
            return _text(component, "longText")
    return ""


def _providers(attributions: Any) -> list[str]:
    given = attributions if isinstance(attributions, list) else []
    return [name for attribution in given if (name := _text(attribution, "provider"))]


def _text(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
