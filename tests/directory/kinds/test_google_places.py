from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.http.port import Response
from bubbled.directory.kinds.google_places import GooglePlacesDirectory, GooglePlacesOptions
from bubbled.directory.port import BusyError, CredentialsError, Disclosure
from bubbled.error import ConfigError, DirectoryError
from bubbled.model import E164, Contact, Extension
from tests.directory.fakes.base import Trouble
from tests.directory.fakes.google_places import GooglePlaces, bakery, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bubbled.directory.http.port import Request
    from tests.directory.fakes.base import RefusedError

NUMBER = E164("+31201234567")
BAKERY = Contact(
    directory="Google",
    company="Bakkerij Bart",
    fields=(
        ("address", "Damrak 1, 1012 LG Amsterdam, Nederland"),
        ("city", "Amsterdam"),
        ("website", "https://bakkerijbart.example/"),
        ("attribution", "Google Maps"),
    ),
    url="https://www.google.com/maps/search/?api=1&query=Bakkerij+Bart&query_place_id=ChIJbakery",
    id="ChIJbakery",
    transient=True,
)


@asynccontextmanager
async def asking(fake: GooglePlaces, key: str | None = None) -> AsyncIterator[GooglePlacesDirectory]:
    async def secret() -> str:
        return key or fake.token

    async with fake.serve() as url:
        directory = GooglePlacesDirectory("Google", GooglePlacesOptions(secret, "nl", "NL", url), 2.0)
        await directory.start()
        try:
            yield directory
        finally:
            await directory.aclose()
            await directory.aclose()


def knowing(*places: dict[str, Any]) -> GooglePlaces:
    return GooglePlaces(places=list(places))


async def test_the_place_with_the_number_is_found() -> None:
    async with asking(knowing(bakery())) as directory:
        assert await directory.lookup(NUMBER) == (BAKERY,)


async def test_a_number_of_nobody_is_a_miss() -> None:
    async with asking(knowing()) as directory:
        assert await directory.lookup(NUMBER) == ()


async def test_places_with_similar_numbers_are_dropped() -> None:
    similar = bakery(id="other", internationalPhoneNumber="+31 10 123 4567")
    without = bakery(id="without", internationalPhoneNumber="")
    async with asking(knowing(similar, without, bakery())) as directory:
        assert [contact.id for contact in await directory.lookup(NUMBER)] == ["ChIJbakery"]


async def test_places_that_share_a_number_are_all_found() -> None:
    async with asking(knowing(bakery(), bakery(id="second"))) as directory:
        assert [contact.id for contact in await directory.lookup(NUMBER)] == ["ChIJbakery", "second"]


async def test_nothing_is_asked_but_name_address_website_and_number() -> None:
    fake = knowing(bakery())
    async with asking(fake) as directory:
        await directory.lookup(NUMBER)
    (request,) = fake.requests
    assert (request.method, request.path) == ("POST", "/v1/places:searchText")
    assert request.json == {
        "textQuery": "+31 20 123 4567",
        "languageCode": "nl",
        "regionCode": "NL",
        "pageSize": 5,
    }
    assert set(request.headers["x-goog-fieldmask"].split(",")) == {
        "places.id",
        "places.displayName",
        "places.formattedAddress",
        "places.addressComponents",
        "places.websiteUri",
        "places.internationalPhoneNumber",
        "places.attributions",
    }


async def test_third_parties_are_named_beside_google() -> None:
    third = bakery(attributions=[{"provider": "Gouden Gids", "providerUri": "https://gids.example/"}])
    async with asking(knowing(third)) as directory:
        (contact,) = await directory.lookup(NUMBER)
    assert dict(contact.fields)["attribution"] == "Google Maps, Gouden Gids"


async def test_in_britain_the_city_is_a_postal_town() -> None:
    london = bakery(
        addressComponents=[{"longText": "London", "types": ["postal_town"]}],
        internationalPhoneNumber="+44 20 7946 0123",
    )
    async with asking(knowing(london)) as directory:
        (contact,) = await directory.lookup(E164("+442079460123"))
    assert dict(contact.fields)["city"] == "London"


async def test_extensions_are_nobodys_business() -> None:
    fake = knowing(bakery())
    async with asking(fake) as directory:
        assert await directory.lookup(Extension("101")) == ()
        assert directory.disclosures(Extension("101")) == ()
    assert fake.requests == []


async def test_it_is_told_who_would_be_told_what() -> None:
    async def never() -> str:
        raise AssertionError("nothing is fetched to explain")

    directory = GooglePlacesDirectory("Google", GooglePlacesOptions(never, "nl", "NL"), 2.0)
    assert directory.disclosures(NUMBER) == (Disclosure("places.googleapis.com", ("+31 20 123 4567",)),)
    assert not directory.may_be_kept
    assert not directory.is_local
    await directory.aclose()


async def test_a_place_that_was_found_earlier_is_asked_again_by_its_id() -> None:
    fake = knowing(bakery())
    async with asking(fake) as directory:
        assert await directory.refresh("ChIJbakery") == BAKERY
    (request,) = fake.requests
    assert (request.method, request.path) == ("GET", "/v1/places/ChIJbakery")
    assert dict(request.query) == {"languageCode": "nl", "regionCode": "NL"}
    assert "places." not in request.headers["x-goog-fieldmask"]


@pytest.mark.parametrize("place_id", ["gone", "../../v2/x", "a b?c#d", "ü"])
async def test_a_place_that_is_no_more_is_nobody(place_id: str) -> None:
    async with asking(knowing(bakery())) as directory:
        assert await directory.refresh(place_id) is None


@pytest.mark.parametrize(
    "hostile", ["<b>&amp;'\"", "\x1b[31m", "'; DROP TABLE", "$(reboot)", "\N{RIGHT-TO-LEFT OVERRIDE}x"]
)
async def test_hostile_text_is_only_text(hostile: str) -> None:
    place = bakery(displayName={"text": hostile}, formattedAddress=hostile)
    async with asking(knowing(place)) as directory:
        (contact,) = await directory.lookup(NUMBER)
    assert (contact.company, dict(contact.fields)["address"]) == (hostile, hostile)
    assert (contact.url or "").isascii()
    assert not set(contact.url or "") & set("<>\"'; \x1b")


# What can go wrong


@pytest.mark.parametrize(
    ("trouble", "kind", "says"),
    [
        (Trouble.EXPIRED, CredentialsError, "the key is wrong or has expired"),
        (Trouble.LIMITED, BusyError, "429"),
        (Trouble.BROKEN, DirectoryError, "500"),
        (Trouble.HTML, DirectoryError, "with a web page"),
        (Trouble.CUT, DirectoryError, "cut its answer off"),
        (Trouble.HUGE, DirectoryError, "more than 2 MB"),
    ],
)
async def test_google_in_trouble_is_told(trouble: Trouble, kind: type[Exception], says: str) -> None:
    fake = knowing(bakery())
    fake.trouble = trouble
    async with asking(fake) as directory:
        with pytest.raises(kind, match=says) as error:
            await directory.lookup(NUMBER)
    assert fake.token not in str(error.value)
    assert "123 4567" not in str(error.value)


async def test_a_wrong_key_is_told() -> None:
    async with asking(knowing(bakery()), key="wrong") as directory:
        with pytest.raises(CredentialsError, match="the key is wrong or has expired"):
            await directory.lookup(NUMBER)


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (
            refused(403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
            CredentialsError,
            "enable that there",
        ),
        (refused(403, "PERMISSION_DENIED", "BILLING_DISABLED"), CredentialsError, "no billing account"),
        (
            refused(403, "PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED"),
            CredentialsError,
            "change its restrictions",
        ),
        (refused(403, "PERMISSION_DENIED"), CredentialsError, r"403 \(PERMISSION_DENIED\)"),
        (refused(429, "RESOURCE_EXHAUSTED"), BusyError, "it is asked too much"),
        (refused(400, "INVALID_ARGUMENT"), DirectoryError, "does not understand the question"),
    ],
)
async def test_each_refusal_says_what_to_do(
    answer: RefusedError, kind: type[Exception], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = knowing(bakery())
    monkeypatch.setattr(fake, "limited", lambda: answer)
    fake.trouble = Trouble.LIMITED
    async with asking(fake) as directory:
        with pytest.raises(kind, match=says):
            await directory.lookup(NUMBER)
        with pytest.raises(kind, match=says):
            await directory.refresh("ChIJbakery")


async def test_a_key_that_is_not_there_is_told_and_nothing_is_asked() -> None:
    async def missing() -> str:
        raise ConfigError("The key is wanted in the environment variable KEY, which is not set")

    fake = knowing(bakery())
    async with fake.serve() as url:
        directory = GooglePlacesDirectory("Google", GooglePlacesOptions(missing, "nl", "NL", url), 2.0)
        with pytest.raises(CredentialsError, match="which is not set"):
            await directory.lookup(NUMBER)
        await directory.aclose()
    assert fake.requests == []


async def test_a_question_that_takes_too_long_can_be_given_up() -> None:
    fake = knowing(bakery())
    fake.trouble = Trouble.SLOW
    async with asking(fake) as directory:
        question = asyncio.create_task(directory.lookup(NUMBER))
        await fake.asked.wait()
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question
        fake.trouble = None
        assert await directory.lookup(NUMBER) == (BAKERY,)


class _Saying:
    """A transport that gives the same answer to everything."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def send(self, _: Request) -> Response:
        return Response(200, {"content-type": "application/json"}, self.body)

    async def aclose(self) -> None:
        pass


shapes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "places",
                    "id",
                    "displayName",
                    "text",
                    "addressComponents",
                    "types",
                    "attributions",
                    "provider",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(shapes)
async def test_whatever_shape_an_answer_has_it_is_read_or_told(shape: Any) -> None:
    async def key() -> str:
        return "k"

    said = _Saying(json.dumps(shape).encode())
    directory = GooglePlacesDirectory("Google", GooglePlacesOptions(key, "nl", "NL"), 2.0, said)
    for question in (directory.lookup(NUMBER), directory.refresh("id")):
        try:
            await question
        except DirectoryError as error:
            assert "answers something else than places" in str(error)  # noqa: PT017 - whether there is an error is left open
    await directory.aclose()
